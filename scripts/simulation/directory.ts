import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { demoOffice } from '../../src/cli/seed.ts'
import type { SpaceKind } from '../../src/domain/space.ts'
import type { PersonView } from '../../src/protocol/people.ts'
import type { FloorSummaryView, FloorView, SpaceBody } from '../../src/protocol/plan.ts'
import type { SiteView } from '../../src/protocol/site.ts'

const PAGE = 500
/** People that a simulation takes at most from a directory. */
const MOST_PEOPLE = 20_000

/** Somebody who works here. `badge`: what a reader reads of it; only the demo's own people have badges that we know. */
export interface Worker {
  id: string
  groups: readonly string[]
  badge: string | null
}

/** Who and what there is, as the API tells it. */
export interface KnownDirectory {
  sites: readonly SiteView[]
  floors: readonly FloorView[]
  people: readonly Worker[]
}

/** @throws Unreachable, ApiRefusal */
export async function readDirectory (server: ApiAddress): Promise<KnownDirectory> {
  const { sites } = await askApi(server, 'GET', '/v1/sites') as { sites: SiteView[] }
  const { floors } = await askApi(server, 'GET', '/v1/floors') as { floors: FloorSummaryView[] }
  const whole: FloorView[] = []
  for (const { id } of floors) whole.push(await askApi(server, 'GET', `/v1/floors/${id}`) as FloorView)
  return { sites, floors: whole, people: await readPeople(server) }
}

async function readPeople (server: ApiAddress): Promise<Worker[]> {
  const badges = new Map(demoOffice().people.map(({ id, name, badges }) => [`${id} ${name}`, badges[0]]))
  const found: Worker[] = []
  for (let after = ''; found.length < MOST_PEOPLE;) {
    const { people, next } = await askApi(server, 'GET', `/v1/people?limit=${PAGE}${after}`) as { people: PersonView[], next: string | null }
    for (const { id, name, groups } of people) found.push({ id, groups, badge: badges.get(`${id} ${name}`) ?? null })
    if (next === null) break
    after = `&after=${next}`
  }
  return found
}

/** A space with what decides whether somebody may have it. */
export interface KnownSpace {
  id: string
  kind: SpaceKind
  floor: string
  site: string
  lists: ReadonlyArray<NonNullable<SpaceBody['for']>>
}

/** Every space that people claim. */
export function claimableSpaces (floors: readonly FloorView[]): KnownSpace[] {
  return floors.flatMap(floor => floor.spaces.filter(({ sensorOnly }) => sensorOnly !== true).map(space => {
    const zone = floor.zones.find(({ id }) => id === space.zone)
    const lists = [space.for, zone?.for].filter(list => list !== null && list !== undefined)
    return { id: space.id, kind: space.kind, floor: floor.id, site: floor.site, lists }
  }))
}

export function mayHave (worker: Worker, { lists }: KnownSpace): boolean {
  return lists.every(({ people, groups }) => people?.includes(worker.id) === true || worker.groups.some(group => groups?.includes(group) === true))
}
