import { useEffect, useState } from 'preact/hooks'
import type { FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import { commonWords } from '../words/common.ts'
import { StatusMark } from '../parts/status-mark.tsx'
import type { SpaceShape } from '../plan/shapes.ts'
import { statusText } from './status-text.ts'
import { chooseSpace } from './visit.ts'
import { mapWords } from './words/words.ts'
import './space-list.css'

export interface SpaceListProps {
  state: FloorState
  planned: FloorPlanned
  wanted: ReadonlySet<string> | null
  time: (at: string) => string
}

/** Milliseconds. A list that changes while it is read is no help; what is chosen is shown live beside it. */
const REST_MS = 2_000

/** The plan for ears and keyboards: all that stands on it, by zone, with how it is. */
export function SpaceList ({ state, planned, wanted, time }: SpaceListProps) {
  const words = mapWords()
  const [, setTurn] = useState(0)
  useEffect(() => {
    let waits = 0
    const end = state.floor.on('change', () => {
      if (waits !== 0) return
      waits = window.setTimeout(() => {
        waits = 0
        setTurn(turn => turn + 1)
      }, REST_MS)
    })
    return () => {
      end()
      clearTimeout(waits)
    }
  }, [state])
  const { floor, shapes } = planned
  const listed = shapes.spaces.filter(({ id }) => wanted === null || wanted.has(id))
  const zones = [...floor.zones.map(({ id, name }) => ({ id: id as string | null, name })), { id: null, name: words.noZone }]
  return (
    <section class='panel-part' aria-labelledby='list-title'>
      <h2 id='list-title' tabIndex={-1}>{words.listTitle(commonWords().floorTitle(floor.level, floor.name))}</h2>
      {zones.map(({ id, name }) => {
        const inZone = listed.filter(({ zone }) => zone === id)
        return inZone.length === 0
          ? null
          : (
            <div key={id ?? ''} class='list-zone'>
              <h3>{name}</h3>
              <ul>{inZone.map(space => <li key={space.id}><Entry space={space} state={state} floor={floor.id} time={time} /></li>)}</ul>
            </div>
            )
      })}
    </section>
  )
}

function Entry ({ space, state, floor, time }: { space: SpaceShape, state: FloorState, floor: string, time: (at: string) => string }) {
  const words = mapWords()
  const view = state.floor.space(space.id)
  return (
    <button type='button' class='list-entry' onClick={() => chooseSpace(floor, space.id)}>
      <StatusMark status={view?.status ?? 'unknown'} />
      <strong>{space.label}</strong>
      <span>{statusText(view, words, time)}{view?.occupant === undefined ? '' : `. ${view.occupant.name}`}</span>
    </button>
  )
}
