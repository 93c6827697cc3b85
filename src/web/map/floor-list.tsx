import { useEffect, useState } from 'preact/hooks'
import type { FloorSummaryView } from '../../protocol/plan.ts'
import type { OfficeLine } from './office-line.ts'
import { go } from './visit.ts'
import { mapWords } from './words/words.ts'
import './floor-list.css'

/** Every storey of every site with what is free there, from the top down, as one finds them beside a lift. */
export function FloorList ({ line, current }: { line: OfficeLine, current: string | null }) {
  const words = mapWords()
  const directory = line.directory.value
  return (
    <section class='panel-part' aria-labelledby='floors-title'>
      <h2 id='floors-title' tabIndex={-1}>{words.chooseFloor}</h2>
      {directory?.sites.map(site => (
        <div key={site.id} class='floor-site'>
          <h3>{site.name}</h3>
          <ul>{directory.floors.filter(floor => floor.site === site.id).reverse().map(floor => <li key={floor.id}><FloorEntry line={line} floor={floor} isCurrent={floor.id === current} /></li>)}</ul>
        </div>
      ))}
      {directory !== null && directory.floors.length === 0 && <p>{words.noFloors}</p>}
    </section>
  )
}

function FloorEntry ({ line, floor, isCurrent }: { line: OfficeLine, floor: FloorSummaryView, isCurrent: boolean }) {
  const words = mapWords()
  const [free, setFree] = useState<number | null>(null)
  useEffect(() => {
    const watched = line.perch.watch(floor.id, { audience: 'counts' })
    const look = (): void => setFree(watched.counts?.free ?? null)
    watched.on('change', look)
    look()
    return () => watched.close()
  }, [line, floor.id])
  return (
    <button type='button' class='floor-entry' aria-current={isCurrent ? 'page' : undefined} onClick={() => go({ floor: floor.id, space: null })}>
      <span class='floor-level'>{floor.level}</span>
      <span class='floor-name'>{floor.name}</span>
      <span class='floor-free'>{free === null ? '–' : words.freeCount(free)}</span>
      <span class='floor-bar' aria-hidden='true'><span style={{ width: `${floor.spaces === 0 || free === null ? 0 : free / floor.spaces * 100}%` }} /></span>
    </button>
  )
}
