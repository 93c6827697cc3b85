import type { FloorSummaryView } from '../../protocol/plan.ts'
import { commonWords } from '../words/common.ts'
import { useOffice } from './office.tsx'
import { go, route, type SectionName } from './route.ts'
import { shellWords } from './words/shell.ts'

export function floorName ({ site, level, name }: Pick<FloorSummaryView, 'site' | 'level' | 'name'>, sites: ReadonlyArray<{ id: string, name: string }>): string {
  const floor = commonWords().floorTitle(level, name)
  return sites.length < 2 ? floor : shellWords().floorAt(floor, sites.find(({ id }) => id === site)?.name ?? site)
}

/** The floor that the address names, or the first that has something on it; undefined: there is none. */
export function chosenFloor (floors: readonly FloorSummaryView[]): FloorSummaryView | undefined {
  const { floor } = route.value
  return floors.find(({ id }) => id === floor) ?? floors.find(({ level }) => level >= 0) ?? floors[0]
}

/** Which floor a section is about: in its address. */
export function FloorChoice ({ section }: { section: SectionName }) {
  const { floors, sites } = useOffice()
  return (
    <label class='admin-choice'>
      <span>{shellWords().floor}</span>
      <select class='field' value={chosenFloor(floors)?.id} onChange={event => go({ section, floor: event.currentTarget.value }, { replace: true })}>
        {floors.map(floor => <option key={floor.id} value={floor.id}>{floorName(floor, sites)}</option>)}
      </select>
    </label>
  )
}

export function NoFloors () {
  const words = shellWords()
  return <div class='admin-empty'><h2>{words.noFloors}</h2><p>{words.noFloorsHow}</p></div>
}
