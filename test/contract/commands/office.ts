import type { Directory, Site } from '../../../src/application/directory.ts'
import type { Principal, Role } from '../../../src/application/principal.ts'
import type { Floor } from '../../../src/domain/plan.ts'
import type { SpaceKind } from '../../../src/domain/space.ts'

export const ORG = 'acme'

export const FLOORS: Readonly<Record<string, { site: string, spaces: Readonly<Record<string, SpaceKind>> }>> = {
  'hq-1': { site: 'hq', spaces: { d1: 'desk', d2: 'desk', d3: 'desk', v1: 'desk', r1: 'room', s1: 'desk' } },
  'hq-2': { site: 'hq', spaces: { e1: 'desk', e2: 'desk', p1: 'parking' } },
  'annex-1': { site: 'annex', spaces: { a1: 'desk', b1: 'booth' } }
}

export const SPACES = Object.values(FLOORS).flatMap(({ spaces }) => Object.keys(spaces))
export const PEOPLE = ['ada', 'bob', 'cyd', 'dan']

export const SITES: Readonly<Record<string, Site>> = {
  hq: { id: 'hq', name: 'Headquarters', hours: { zone: 'Europe/Zurich', hours: null }, policy: {} },
  annex: { id: 'annex', name: 'Annex', hours: { zone: 'America/New_York', hours: null }, policy: { overlapping: { desk: 2 }, readingEndsAfterMs: 300_000 } }
}

/** Everybody who may ask: the first may do everything. */
export const PRINCIPALS: readonly [Principal, ...Principal[]] = [
  principal('admin', null), principal('member', 'ada'), principal('member', 'bob'), principal('kiosk', null), principal('manager', null, 'annex'), principal('viewer', 'cyd'),
  principal('sensor', null), principal('display', null)
]

export async function fill (directory: Directory): Promise<void> {
  await directory.putOrg({ id: ORG, name: 'Acme', policy: {} })
  for (const site of Object.values(SITES)) await directory.putSite(ORG, site)
  await directory.putPeople(ORG, PEOPLE.map(id => ({ id, name: id, visibility: 'everyone', groups: id === 'cyd' ? ['team'] : [], badges: [`hash of ${id}`] })))
  for (const id of Object.keys(FLOORS)) await directory.putFloor(ORG, floorOf(id), 0)
}

/** Spaces in a row; `v1` is for the team, and of `s1` only a sensor tells. */
function floorOf (id: string): Floor {
  const { site, spaces } = FLOORS[id] ?? { site: '', spaces: {} }
  return {
    id,
    site,
    name: id,
    level: Number(id.slice(-1)),
    zones: [],
    spaces: Object.entries(spaces).map(([id, kind]) => ({ id, label: id, kind, zone: null, features: [], for: id === 'v1' ? { people: [], groups: ['team'] } : null, sensorOnly: id === 's1' })),
    plan: {
      type: 'FeatureCollection',
      features: Object.keys(spaces).map((space, i) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [2 * i, 0] }, properties: { space } }))
    }
  }
}

function principal (role: Role, person: string | null, site: string | null = null): Principal {
  return { org: ORG, id: person === null ? `key:${role}` : `person:${person}`, role, person, site, expiresAt: null }
}
