import { levelText } from '../words/level.ts'
import { Bar } from './bar.tsx'
import type { LiveFloor } from './live-floor.ts'
import { RollingNumber } from './rolling-number.tsx'
import { displayWords } from './words.ts'
import './floor-list.css'

/** All floors of the site with what is free on each, from the top down, the shown one marked. Those without desks have a small line. */
export function FloorList ({ floors, shown }: { floors: readonly LiveFloor[], shown: LiveFloor | null }) {
  const words = displayWords()
  return (
    <section class='display-floors'>
      <h2>{words.allFloors}</h2>
      <ul>{floors.map(floor => <FloorRow key={floor.id} floor={floor} shown={floor === shown} />)}</ul>
    </section>
  )
}

function FloorRow ({ floor, shown }: { floor: LiveFloor, shown: boolean }) {
  const words = displayWords()
  const occupancy = floor.occupancy.value
  const stale = floor.state.freshness.value.state === 'stale'
  const looks = `display-floor ${shown ? 'display-floor-shown' : ''} ${stale ? 'display-stale' : ''}`
  const level = <span class='display-floor-level'>{levelText(floor.level)}</span>
  if (occupancy !== null && occupancy.main !== 'desk') {
    const { free, total } = occupancy.mainTally
    return <li class={`${looks} display-floor-small`} aria-current={shown}>{level}<span class='display-row-name'>{floor.name.value}</span><span>{words.ofFree(free, total)}</span></li>
  }
  return (
    <li class={looks} aria-current={shown}>
      {level}
      <span class='display-row'>
        <span class='display-row-name'>{floor.name.value}</span>
        {occupancy === null ? <span class='display-bar' /> : <Bar tally={occupancy.mainTally} />}
        <strong class='display-row-number'><RollingNumber value={occupancy?.mainTally.free ?? null} of={floor.id} /></strong>
      </span>
    </li>
  )
}
