import type { PlacedFloor, Placing } from '../domain/command.ts'
import { PerchError } from '../domain/errors.ts'
import { shardOf, type FloorId, type OrgId, type SpaceId } from '../domain/ids.ts'
import { floorKey, spaceKey } from '../domain/keys.ts'
import { SPACES_PER_COMMIT } from '../domain/limits.ts'
import type { FloorRecord, SpaceRecord } from '../domain/space.ts'
import { decodeStored } from './codec.ts'
import { chunks } from './deadlines.ts'
import type { CachedDirectory } from './directory-cache.ts'
import type { Directory, Org, StoredFloor } from './directory.ts'
import type { Store } from './ports.ts'
import type { Transact } from './transact.ts'

/** Who stands in events for what the plan demands. */
const SELF = 'perch'
/** The directory changed again while this worked, or somebody else brought the floor in line with an older plan: once more. */
const MOST_ROUNDS = 5
/** A commit that meets too many rivals is tried again. */
const TRIES = 3
const ORGS_PER_PAGE = 500

export interface SyncParts {
  store: Store
  directory: Directory
  cached: Pick<CachedDirectory, 'forget'>
  transact: Transact
}

/** `policy` of a floor's record while its spaces are being changed: whoever looks at it next brings the floor in line. */
export const IN_WORK = 0

/**
 * Brings a floor's live state in line with the directory: places spaces, takes away those that left the plan (their claims end with `removed`), settles all of them under
 * the policy in force, and writes the floor's own record last. In line already: one read. Safe to repeat, to break off anywhere, and to run in two places.
 * @throws RECOVERING, LEDGER_BEHIND, BUSY
 */
export async function syncFloor (parts: SyncParts, org: OrgId, id: FloorId): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const [owner, floor] = await Promise.all([parts.directory.org(org), parts.directory.floor(org, id)])
    if (owner === null || floor === null || isInLine(owner, floor, await floorRecord(parts.store, org, id))) return
    // What this node remembers may be older than what was just read.
    parts.cached.forget(org, { what: 'policy' })
    parts.cached.forget(org, { what: 'floor', id })
    await placeAll(parts, owner, floor)
  }
  throw new PerchError('BUSY', { floor: id })
}

/** Every floor of an org, or of one of its sites. */
export async function syncFloors (parts: SyncParts, org: OrgId, site: string | null = null): Promise<void> {
  for (const floor of await parts.directory.floors(org)) {
    if (site === null || floor.site === site) await syncFloor(parts, org, floor.id)
  }
}

/** Every floor of every org in the shard: what a keeper does first, because its predecessor may have died halfway through a change. */
export async function syncShard (parts: SyncParts, shard: number): Promise<void> {
  for (let after: OrgId | null = null; ;) {
    const page: Org[] = await parts.directory.orgs({ after, limit: ORGS_PER_PAGE })
    for (const { id } of page) if (shardOf(id) === shard) await syncFloors(parts, id)
    after = page.at(-1)?.id ?? null
    if (page.length < ORGS_PER_PAGE) return
  }
}

/** The floor's own record as the store has it. @throws RECOVERING */
export async function floorRecord (store: Store, org: OrgId, floor: FloorId): Promise<FloorRecord | null> {
  const key = floorKey(floor)
  const stored = (await store.read(org, [key])).records.get(key)
  return stored === undefined ? null : decodeStored(key, stored).value as FloorRecord | null
}

/** A floor's record in the words of the directory. */
export function recordOf (floor: StoredFloor, policyRevision: number): PlacedFloor {
  return { site: floor.site, plan: floor.revision, policy: policyRevision, name: floor.name, spaces: [...floor.spaces.map(({ id }) => id), ...floor.removed] }
}

function isInLine (org: Org, floor: StoredFloor, record: FloorRecord | null): boolean {
  return record !== null && record.plan === floor.revision && record.policy === org.policyRevision
}

async function placeAll (parts: SyncParts, org: Org, floor: StoredFloor): Promise<void> {
  const placings: Placing[] = floor.spaces.map(({ id, zone, kind, sensorOnly }) => ({ space: id, zone, kind, sensorOnly, removed: false }))
  placings.push(...await leftovers(parts.store, org.id, floor))
  const parcels = placings.length === 0 ? [[]] : chunks(placings, SPACES_PER_COMMIT)
  for (const [i, spaces] of parcels.entries()) {
    const record = i === parcels.length - 1 ? recordOf(floor, org.policyRevision) : null
    await persevering(async () => await parts.transact(org.id, { type: 'place', floor: floor.id, floorRecord: record, site: floor.site, spaces, release: true }, floor, SELF))
  }
}

/** Spaces that have left the plan and stand in the store as if they had not. */
async function leftovers (store: Store, org: OrgId, floor: StoredFloor): Promise<Placing[]> {
  const found: Placing[] = []
  for (const part of chunks<SpaceId>(floor.removed, SPACES_PER_COMMIT)) {
    const { records } = await store.read(org, part.map(spaceKey))
    for (const id of part) {
      const stored = records.get(spaceKey(id))
      const record = stored === undefined ? null : decodeStored(spaceKey(id), stored).value as SpaceRecord | null
      if (record === null || record.removed || record.floor !== floor.id) continue
      found.push({ space: id, zone: record.zone, kind: record.kind, sensorOnly: record.sensorOnly, removed: true })
    }
  }
  return found
}

async function persevering (run: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await run()
      return
    } catch (error) {
      if (!(error instanceof PerchError) || error.code !== 'BUSY' || tries === TRIES) throw error
    }
  }
}
