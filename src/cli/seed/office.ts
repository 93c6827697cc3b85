import type { Org, Site } from '../../application/directory.ts'
import { MINUTE } from '../../domain/time.ts'
import type { Floor } from '../../domain/plan.ts'
import { hqFloors } from './hq.ts'
import { lisbonFloors } from './lisbon.ts'
import { demoPeople, type DemoPerson } from './people.ts'
import { Random } from './random.ts'
import { CIRCLES, TEAMS } from './teams.ts'

export interface DemoOffice {
  org: Pick<Org, 'id' | 'name' | 'policy'>
  sites: Site[]
  groups: Array<{ id: string, name: string }>
  people: DemoPerson[]
  floors: Floor[]
}

const SEED = 1_867
const PEOPLE = 1_500

const weekday = { opens: '07:00', closes: '21:00' }

/** Two houses with all that stands and everybody who works in them: the same at every call. */
export function demoOffice (): DemoOffice {
  const random = new Random(SEED)
  return {
    org: { id: 'demo', name: 'Perch & Co.', policy: { horizonMs: 14 * 24 * 60 * MINUTE } },
    sites: [
      // Whoever tries the demo does so at any hour: in St. Gallen people may come whenever they like.
      { id: 'hq', name: 'St. Gallen', hours: { zone: 'Europe/Zurich', hours: null }, policy: {} },
      {
        id: 'lisbon',
        name: 'Lisbon',
        hours: { zone: 'Europe/Lisbon', hours: { 1: weekday, 2: weekday, 3: weekday, 4: weekday, 5: weekday, 6: { opens: '09:00', closes: '14:00' } } },
        policy: { releaseGraceMs: 20 * MINUTE, readingEndsAfterMs: 45 * MINUTE }
      }
    ],
    groups: [...TEAMS.map(({ id, name }) => ({ id, name })), ...CIRCLES],
    people: demoPeople(PEOPLE, random.fork(1)),
    floors: [...hqFloors(random.fork(2)), ...lisbonFloors(random.fork(3))]
  }
}
