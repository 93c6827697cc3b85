import type { ComponentChildren } from 'preact'
import { toggled, type Choices, type Filter } from './filter.ts'
import { filter } from './visit.ts'
import { featureText } from './words/map-words.ts'
import { mapWords } from './words/words.ts'
import './filter-chips.css'

/** What can be looked for on this floor, and how many spaces it leaves. `wanted` null: all of them. */
export function FilterChips ({ choices, wanted, all }: { choices: Choices, wanted: ReadonlySet<string> | null, all: number }) {
  const words = mapWords()
  const now = filter.value
  const set = (change: Partial<Filter>): void => { filter.value = { ...now, ...change } }
  return (
    <div class='filter-chips'>
      <div class='chips' role='group' aria-label={words.filters}>
        {choices.kinds.length > 1 && choices.kinds.map(kind => <Chip key={kind} isOn={now.kinds.includes(kind)} onToggle={() => set({ kinds: toggled(now.kinds, kind) })}>{words.kindsMany[kind]}</Chip>)}
        {choices.features.map(feature => <Chip key={feature} isOn={now.features.includes(feature)} onToggle={() => set({ features: toggled(now.features, feature) })}>{featureText(words, feature)}</Chip>)}
        {choices.zones.length > 1 && choices.zones.map(({ id, name }) => <Chip key={id} isOn={now.zones.includes(id)} onToggle={() => set({ zones: toggled(now.zones, id) })}>{name}</Chip>)}
      </div>
      <p class={wanted === null ? 'heard' : 'chips-count'} role='status'>
        {wanted !== null && <>{words.matches(wanted.size, all)} <button type='button' onClick={() => set({ kinds: [], features: [], zones: [], text: '' })}>{words.showAll}</button></>}
      </p>
    </div>
  )
}

function Chip ({ isOn, onToggle, children }: { isOn: boolean, onToggle: () => void, children: ComponentChildren }) {
  return <button type='button' class='chip' aria-pressed={isOn} onClick={onToggle}>{children}</button>
}
