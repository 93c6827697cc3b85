import { useEffect, useId, useMemo, useState } from 'preact/hooks'
import type { FoundPerson } from '../../protocol/people.ts'
import type { FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import { plain, wantedOf, NO_FILTER } from './filter.ts'
import type { OfficeLine } from './office-line.ts'
import { namesOn } from './names.ts'
import { chooseSpace, filter } from './visit.ts'
import { mapWords } from './words/words.ts'
import './search-box.css'

/** Something to go to; a person who is nowhere to be seen has no place. */
interface Hit {
  key: string
  name: string
  where: string
  at: { floor: string, space: string } | null
}

const MOST_HITS = 6
/** As the server has it. */
const LEAST_LETTERS = 3
/** Milliseconds. Whoever types is not asked about after each letter. */
const REST_MS = 200

/** Finds a space by its name or a colleague by theirs; what is typed dims everything else on the plan as well. */
export function SearchBox ({ line, state, planned }: { line: OfficeLine, state: FloorState, planned: FloorPlanned }) {
  const words = mapWords()
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const { text } = filter.value
  const people = useFound(line, text)
  const hits = useMemo(() => isOpen ? hitsOf(text, people, line, state, planned) : [], [isOpen, text, people, planned])
  const take = (hit: Hit | undefined): void => {
    if (hit === undefined || hit.at === null) return
    setOpen(false)
    filter.value = { ...filter.value, text: '' }
    chooseSpace(hit.at.floor, hit.at.space)
  }
  const key = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      setActive((active + (event.key === 'ArrowDown' ? 1 : hits.length - 1)) % Math.max(1, hits.length))
    } else if (event.key === 'Enter') take(hits[active])
    else if (event.key === 'Escape') {
      event.stopPropagation()
      if (isOpen) setOpen(false)
      else filter.value = { ...filter.value, text: '' }
    }
  }
  const shown = isOpen && text.trim() !== ''
  return (
    <div class='search-box' role='search'>
      <input
        type='search' role='combobox' list={undefined} autocomplete='off' spellcheck={false} aria-label={words.search} placeholder={words.searchHint} value={text}
        aria-expanded={shown && hits.length > 0} aria-controls={`${id}-hits`} aria-autocomplete='list' aria-activedescendant={shown && hits[active] !== undefined ? `${id}-${active}` : undefined}
        onInput={event => {
          filter.value = { ...filter.value, text: event.currentTarget.value.slice(0, 60) }
          setOpen(true)
          setActive(0)
        }}
        onFocus={() => setOpen(true)} onBlur={() => setOpen(false)} onKeyDown={key}
      />
      <div class='search-hits' hidden={!shown}>
        <ul id={`${id}-hits`} role='listbox' aria-label={words.search}>
          {hits.map((hit, i) => (
            <li key={hit.key} id={`${id}-${i}`} role='option' aria-selected={i === active} aria-disabled={hit.at === null} onPointerDown={event => event.preventDefault()} onClick={() => take(hit)}>
              <strong>{hit.name}</strong><span>{hit.where}</span>
            </li>
          ))}
        </ul>
        {shown && hits.length === 0 && <p role='status'>{text.trim().length < LEAST_LETTERS ? words.searchMore : words.searchNobody(text.trim())}</p>}
      </div>
    </div>
  )
}

/** FoundPersons of that name, wherever they are; none while there is no answer. */
function useFound (line: OfficeLine, text: string): readonly FoundPerson[] {
  const [found, setFound] = useState<readonly FoundPerson[]>([])
  useEffect(() => {
    setFound([])
    const asked = text.trim()
    if (asked.length < LEAST_LETTERS) return
    let isWanted = true
    const timer = setTimeout(() => {
      line.api.ask<{ found: FoundPerson[] }>('GET', `/v1/people?search=${encodeURIComponent(asked)}`).then(async ({ found }) => {
        // What their places are called stands on those floors' plans.
        await Promise.allSettled(found.flatMap(({ floor }) => floor === undefined ? [] : [line.atlas.plan(floor)]))
        if (isWanted) setFound(found)
      }, () => {})
    }, REST_MS)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [line, text])
  return found
}

function hitsOf (text: string, people: readonly FoundPerson[], line: OfficeLine, state: FloorState, { floor, shapes }: FloorPlanned): Hit[] {
  const words = mapWords()
  if (plain(text) === '') return []
  const wanted = wantedOf(shapes.spaces, { ...NO_FILTER, text }, namesOn(state.floor.spaces)) ?? new Set()
  const here: FoundPerson[] = state.floor.spaces.flatMap(({ id: space, occupant }) => occupant === undefined ? [] : [{ ...occupant, floor: floor.id, space }])
  const seen = here.filter(({ space, id }) => wanted.has(space ?? '') && !people.some(person => person.id === id))
  const persons = [...seen, ...people.map(person => here.find(({ id }) => id === person.id) ?? person)].map(({ id, name, floor: there, space }): Hit => {
    if (there === undefined || space === undefined) return { key: `p ${id}`, name, where: words.personNowhere, at: null }
    const elsewhere = there === floor.id ? undefined : line.directory.value?.floors.find(other => other.id === there)
    const label = line.atlas.label(space)
    return { key: `p ${id}`, name, where: words.personAt(elsewhere === undefined ? label : `${label}, ${elsewhere.name}`), at: { floor: there, space } }
  })
  const seats = new Set(persons.map(({ at }) => at?.space))
  const spaces = shapes.spaces.filter(({ id }) => wanted.has(id) && !seats.has(id)).sort((a, b) => Number(plain(b.label).startsWith(plain(text))) - Number(plain(a.label).startsWith(plain(text))))
  return [...persons, ...spaces.map(({ id, label, kind }): Hit => ({ key: `s ${id}`, name: label, where: words.kinds[kind], at: { floor: floor.id, space: id } }))].slice(0, MOST_HITS)
}
