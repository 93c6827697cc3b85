import { PerchError } from '../domain/errors.ts'
import { shardOf, type ClaimId, type FloorId, type OrgId, type PersonId } from '../domain/ids.ts'
import { SPACES_PER_COMMIT } from '../domain/limits.ts'
import type { Eligible } from '../domain/space.ts'
import { noteOf } from './audit.ts'
import type { DirectoryAdminParts } from './directory-admin.ts'
import type { Archive, Forgotten } from './archive.ts'
import type { StoredFloor } from './directory.ts'
import type { FilesRewritten } from './ports.ts'
import type { Principal } from './principal.ts'
import { releaseAll } from './put-people.ts'
import { mustBeAllowed } from './rights.ts'
import { syncFloor } from './sync-floor.ts'

/** Somebody may be claiming for them, or blocking as them, meanwhile. */
const MOST_ROUNDS = 5

/** What erasing a person came to; asked again, it counts what was left. */
export interface Erased extends Omit<Forgotten, 'left'> {
  person: PersonId
  /** Claims that were ended. */
  released: number
  /** Floors whose plan named them among those who may claim something. */
  floors: readonly FloorId[]
  /** Of the live state. */
  files: FilesRewritten
}

export interface EraseParts extends DirectoryAdminParts {
  archive: Archive
  /** Everything that was committed in the org by now is in Postgres. @throws LEDGER_BEHIND when it does not come there in time */
  drained (org: OrgId): Promise<void>
}

/**
 * Take a person out of everything: their claims end, then the directory forgets them, then whatever names them in the live state, in Postgres and in the live state's files. In this
 * order, so that nobody writes anew what was taken out. Broken off anywhere, it is done by doing it again.
 * @throws FORBIDDEN, LEDGER_BEHIND, RECOVERING, BUSY
 */
export async function erasePerson (parts: EraseParts, principal: Principal, person: PersonId): Promise<Erased> {
  mustBeAllowed(principal, 'write-people')
  const { org } = principal
  const { directory, archive, store, tell, clock } = parts
  const floors = await takeOffLists(parts, principal, person)
  let released = await releaseAll(parts, principal, person)
  await directory.removePerson(org, person)
  await tell(org, { what: 'person', id: person })
  const sum = { subjects: 0, claims: 0, events: 0, quarantined: 0 }
  for (let round = 0; ; round++) {
    if (round === MOST_ROUNDS) throw new PerchError('BUSY')
    released += await releaseAll(parts, principal, person)
    const found = await disownAll(parts, org, person)
    if (round > 0 && found === 0) break
    const rows = await archive.erase(org, person)
    for (const part of ['subjects', 'claims', 'events', 'quarantined'] as const) sum[part] += rows[part]
  }
  await archive.note(org, [noteOf({ clock }, principal, 'person-erased', { detail: { released, ...sum } })])
  return { person, released, floors, ...sum, files: await store.rewriteFiles(shardOf(org)) }
}

/** In the live state; how many claims and spaces named them. */
async function disownAll ({ archive, directory, transact, drained, clock }: EraseParts, org: OrgId, person: PersonId): Promise<number> {
  await drained(org)
  const sites = await directory.sites(org)
  let found = 0
  for (let after: ClaimId | null = null; ;) {
    const { claims, spaces } = await archive.traces(org, person, clock.now(), { after, limit: SPACES_PER_COMMIT / 2 })
    // Spaces come with each page: what was put right by an earlier one is no work.
    found += claims.length + (after === null ? spaces.length : 0)
    if (claims.length + spaces.length > 0) {
      for (const site of sites) await transact(org, { type: 'disown', site: site.id, person, claims, spaces }, { site: site.id }, SELF)
    }
    after = claims.at(-1) ?? null
    if (claims.length < SPACES_PER_COMMIT / 2) break
  }
  if (found > 0) await drained(org)
  return found
}

/** Who stands in events for what Perch does by itself. */
const SELF = 'perch'

/** A desk that was theirs alone is nobody's then, until the plan says whose it is. */
async function takeOffLists (parts: EraseParts, principal: Principal, person: PersonId): Promise<FloorId[]> {
  const { org } = principal
  const changed: FloorId[] = []
  for (const { id } of await parts.directory.floors(org)) {
    const floor = await parts.directory.floor(org, id)
    if (floor === null || !namesOnLists(floor, person)) continue
    const { revision, removed, ...rest } = floor
    const without = { ...rest, zones: rest.zones.map(zone => ({ ...zone, for: listWithout(zone.for, person) })), spaces: rest.spaces.map(space => ({ ...space, for: listWithout(space.for, person) })) }
    await parts.directory.noting([noteOf(parts, principal, 'floor-put', { what: id, detail: { revision: revision + 1, removed: 0 } })]).putFloor(org, without, revision)
    await parts.tell(org, { what: 'floor', id })
    await syncFloor(parts, org, id)
    changed.push(id)
  }
  return changed
}

function namesOnLists ({ zones, spaces }: StoredFloor, person: PersonId): boolean {
  return [...zones, ...spaces].some(({ for: list }) => list?.people.includes(person) === true)
}

function listWithout (list: Eligible | null, person: PersonId): Eligible | null {
  return list === null ? null : { ...list, people: list.people.filter(id => id !== person) }
}
