import { shardOf } from '../../src/domain/ids.ts'
import type { Floor } from '../../src/domain/plan.ts'
import type { PolicyChange } from '../../src/domain/policy.ts'
import type { PolicyBody } from '../../src/protocol/policy.ts'
import type { SpaceKind } from '../../src/domain/space.ts'
import { SECOND } from '../../src/domain/time.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { SiteHours } from '../../src/application/ports.ts'
import type { Principal } from '../../src/application/principal.ts'

export const ORG = 'acme'
export const SHARD = shardOf(ORG)
export const SITE = 'hq'

/** So few spaces and people that they meet all the time. `d…` desks, `r…` rooms, `s…` told of by a sensor alone; the last of each floor nobody claims until the end. */
export const FLOORS: Readonly<Record<string, Readonly<Record<string, SpaceKind>>>> = {
  'hq-1': { d1: 'desk', d2: 'desk', d3: 'desk', r1: 'room', s1: 'desk' },
  'hq-2': { e1: 'desk', e2: 'desk', r2: 'room' }
}
/** Claimed by nobody but who asks, at the end, whether claims are granted. */
export const LAST_SPACE = 'p1'
export const LAST_PERSON = 'zoe'

export const SPACES: readonly string[] = Object.values(FLOORS).flatMap(spaces => Object.keys(spaces))
/** Not told of by a sensor alone. */
export const CLAIMABLE = SPACES.filter(space => !space.startsWith('s'))
export const PEOPLE = ['ada', 'bob', 'cyd', 'dov', 'eve', 'fay', 'gus'] as const
/** May be seen by nobody: INV-7. */
export const HIDDEN = 'mallory'
export const HIDDEN_NAME = 'Not To Be Seen'

/** Everything that takes minutes takes seconds, so that it happens within a run. */
export const POLICIES: readonly PolicyBody[] = [
  { checkInEarlyMs: 5 * SECOND, releaseGraceMs: 4 * SECOND, readingStaleMs: 6 * SECOND, minStayMs: 3 * SECOND, readingEndsAfterMs: 3 * SECOND },
  { checkInEarlyMs: 2 * SECOND, releaseGraceMs: 8 * SECOND, readingStaleMs: 3 * SECOND, minStayMs: 6 * SECOND, readingChecksIn: false },
  { checkInEarlyMs: 10 * SECOND, releaseGraceMs: null, readingStaleMs: 9 * SECOND, minStayMs: SECOND, overlapping: { desk: 2 } }
]

const HOURS: SiteHours = { zone: 'Europe/Zurich', hours: null }

function principal (id: string, role: Principal['role'], person: string | null = null): Principal {
  return { org: ORG, id, role, person, site: null, expiresAt: null }
}

export const ADMIN = principal('key:admin', 'admin')
export const MANAGER = principal('person:max', 'manager')
export const KIOSK = principal('device:kiosk', 'kiosk')
export const SENSOR = principal('device:sensor', 'sensor')
export const DISPLAY = principal('device:lobby', 'display')
export const memberOf = (person: string): Principal => principal(`person:${person}`, 'member', person)

export function floorOf (id: string): Floor {
  const kinds = { ...FLOORS[id], ...(id === 'hq-1' ? { [LAST_SPACE]: 'parking' as const } : {}) }
  const spaces = Object.entries(kinds)
  return {
    id,
    site: SITE,
    name: id,
    level: 0,
    zones: [],
    spaces: spaces.map(([id, kind]) => ({ id, label: id, kind, zone: null, features: [], for: null, sensorOnly: id.startsWith('s') })),
    plan: { type: 'FeatureCollection', features: spaces.map(([space], i) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [2 * i, 0] }, properties: { space } })) }
  }
}

/** The directory as it is before anybody comes. */
export async function furnish (directory: Directory, policy: PolicyChange): Promise<void> {
  await directory.putOrg({ id: ORG, name: 'Acme', policy: {} })
  await directory.putSite(ORG, { id: SITE, name: 'Headquarters', hours: HOURS, policy })
  const seen = [...PEOPLE, LAST_PERSON].map(id => ({ id, name: `Name of ${id}`, visibility: 'everyone' as const, groups: [], badges: [`badge of ${id}`] }))
  await directory.putPeople(ORG, [...seen, { id: HIDDEN, name: HIDDEN_NAME, visibility: 'hidden', groups: [], badges: [] }])
  for (const id of Object.keys(FLOORS)) await directory.putFloor(ORG, floorOf(id), 0)
}
