import { useState } from 'preact/hooks'
import type { FloorView } from '../../../protocol/plan.ts'
import type { FloorState } from '../../live/floor-state.ts'
import { StatusMark } from '../../parts/status-mark.tsx'
import { commonWords } from '../../words/common.ts'
import { spaceWords } from '../words/spaces.ts'

export interface SpaceListProps {
  spaces: FloorView['spaces']
  live: FloorState
  /** Of the floor: the list shows its statuses. */
  version: number
  chosen: string | null
  onChoose: (space: string) => void
}

export function SpaceList ({ spaces, live, chosen, onChoose }: SpaceListProps) {
  const words = spaceWords()
  const common = commonWords()
  const [search, setSearch] = useState('')
  const [onlyBlocked, setOnlyBlocked] = useState(false)
  const wanted = search.trim().toLowerCase()
  const shown = spaces.filter(({ id, label }) => label.toLowerCase().includes(wanted) && (!onlyBlocked || live.floor.space(id)?.status === 'blocked'))
  return (
    <div class='space-list admin-card'>
      <input class='field' type='search' aria-label={words.search} placeholder={words.search} value={search} onInput={event => setSearch(event.currentTarget.value)} />
      <label class='admin-check'><input type='checkbox' checked={onlyBlocked} onChange={event => setOnlyBlocked(event.currentTarget.checked)} /><span>{words.onlyBlocked}</span></label>
      {shown.length === 0 && <p role='status' class='admin-hint'>{words.none}</p>}
      <ul>
        {shown.map(({ id, label, kind }) => {
          const status = live.floor.space(id)?.status ?? 'unknown'
          return <li key={id}><button type='button' aria-pressed={chosen === id} onClick={() => onChoose(id)}><StatusMark status={status} /><span>{label}</span><small>{words.kinds[kind]} · {common.status[status]}</small></button></li>
        })}
      </ul>
    </div>
  )
}
