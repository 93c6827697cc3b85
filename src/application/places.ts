import { PerchError } from '../domain/errors.ts'
import { shardOf, type FloorId, type OrgId, type PersonId, type SiteId, type SpaceId } from '../domain/ids.ts'
import { spaceKey } from '../domain/keys.ts'
import type { Space } from '../domain/plan.ts'
import type { Eligible, SpaceRecord } from '../domain/space.ts'
import { decodeStored } from './codec.ts'
import type { StoredFloor, StoredPerson } from './directory.ts'
import type { Store } from './ports.ts'
import type { RecordCache } from './record-cache.ts'
import type { SiteRules } from './transact.ts'

/** What the use cases around claims look up in the directory; answers may be a minute old, news of changes makes them new at once. */
export interface Lookup {
  /** @throws SITE_UNKNOWN */
  place (org: OrgId, site: SiteId): Promise<SiteRules>
  floor (org: OrgId, floor: FloorId): Promise<StoredFloor | null>
  floors (org: OrgId): Promise<ReadonlyArray<{ id: FloorId, site: SiteId, level: number }>>
  person (org: OrgId, person: PersonId): Promise<StoredPerson | null>
  /** By the badge's HMAC. */
  personByBadge (org: OrgId, badge: string): Promise<StoredPerson | null>
}

/** A space with what the directory says of it. */
export interface Place {
  id: SpaceId
  record: SpaceRecord
  floor: StoredFloor
}

/** Where a space is. From this node's cache when it knows: a space's floor and site do not change while it is in use. @throws SPACE_UNKNOWN */
export async function locate (parts: { store: Store, cache: RecordCache, lookup: Lookup }, org: OrgId, id: SpaceId): Promise<Place> {
  const record = await spaceRecord(parts, org, id)
  const floor = record === null ? null : await parts.lookup.floor(org, record.floor)
  if (record === null || floor === null) throw new PerchError('SPACE_UNKNOWN', { space: id })
  return { id, record, floor }
}

async function spaceRecord (parts: { store: Store, cache: RecordCache }, org: OrgId, id: SpaceId): Promise<SpaceRecord | null> {
  const key = spaceKey(id)
  const cached = parts.cache.get(org, key)?.value
  if (cached !== undefined && cached !== null) return cached as SpaceRecord
  const { epoch, records } = await parts.store.read(org, [key])
  parts.cache.sawEpoch(shardOf(org), epoch)
  const stored = records.get(key)
  if (stored === undefined || stored.body === null) return null
  const known = decodeStored(key, stored)
  parts.cache.set(org, epoch, key, known)
  return known.value as SpaceRecord
}

const indexes = new WeakMap<StoredFloor, Map<SpaceId, Space>>()

/** A floor's spaces by id; made once per floor as the directory gave it. */
export function spacesById (floor: StoredFloor): ReadonlyMap<SpaceId, Space> {
  let index = indexes.get(floor)
  if (index === undefined) {
    index = new Map(floor.spaces.map(space => [space.id, space]))
    indexes.set(floor, index)
  }
  return index
}

/** The lists that a person must be on to claim the space: its own and its zone's; null: everybody. */
export function eligibleFor (floor: StoredFloor, id: SpaceId): ReadonlyArray<Eligible | null> {
  const space = spacesById(floor).get(id)
  if (space === undefined) return []
  const zone = space.zone === null ? undefined : floor.zones.find(({ id }) => id === space.zone)
  return [space.for, zone?.for ?? null]
}
