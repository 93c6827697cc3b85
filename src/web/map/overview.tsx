import { useEffect, useState } from 'preact/hooks'
import type { Counts } from '../../client/index.ts'
import type { FloorState } from '../live/floor-state.ts'
import type { FloorPlanned } from '../live/plans.ts'
import { FreshnessNote } from '../parts/freshness-note.tsx'
import { Legend } from '../parts/legend.tsx'
import { commonWords } from '../words/common.ts'
import { mapWords } from './words/words.ts'
import './overview.css'

/** How it is with a floor, where there is room beside the plan and nothing else to be seen. */
export function Overview ({ state, planned, siteName, zone }: { state: FloorState, planned: FloorPlanned, siteName: string, zone: string }) {
  const words = mapWords()
  const counts = useCounts(state)
  const { floor } = planned
  return (
    <section class='panel-part overview'>
      <p class='overview-site'>{siteName}</p>
      <h2>{commonWords().floorTitle(floor.level, floor.name)}</h2>
      <p class='overview-free'><strong>{counts?.free ?? '–'}</strong>{words.freeOf(floor.spaces.length)}</p>
      <ul class='overview-zones' aria-label={words.zones}>
        {floor.zones.map(({ id, name }) => {
          const of = counts?.zones[id]
          if (of === undefined) return null
          const all = of.free + of.freeBriefly + of.reserved + of.occupied + of.blocked + of.unknown
          return (
            <li key={id}>
              <span>{name}</span>
              <span class='overview-bar' aria-hidden='true'><span class='is-free' style={{ width: `${of.free / all * 100}%` }} /><span class='is-reserved' style={{ width: `${(of.reserved + of.freeBriefly) / all * 100}%` }} /></span>
              <strong>{of.free}</strong>
            </li>
          )
        })}
      </ul>
      <Legend />
      <FreshnessNote freshness={state.freshness.value} zone={zone} />
    </section>
  )
}

/** Milliseconds. A number that rolls by cannot be read. */
const REST_MS = 250

/** Counts, a few times a second at most: on a busy floor they change with every frame. */
function useCounts ({ floor }: FloorState): Counts | null {
  const [counts, setCounts] = useState(floor.counts)
  useEffect(() => {
    let waits = 0
    setCounts(floor.counts)
    const end = floor.on('change', () => {
      if (waits !== 0) return
      waits = window.setTimeout(() => {
        waits = 0
        setCounts(floor.counts)
      }, REST_MS)
    })
    return () => {
      end()
      clearTimeout(waits)
    }
  }, [floor])
  return counts
}
