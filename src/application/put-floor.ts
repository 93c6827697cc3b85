import { isDeepStrictEqual } from 'node:util'
import { checkPlan, MOST_PROBLEMS, planProblem } from '../domain/check-plan.ts'
import type { Placing } from '../domain/command.ts'
import { PerchError } from '../domain/errors.ts'
import type { FloorId, OrgId } from '../domain/ids.ts'
import { SPACES_PER_COMMIT } from '../domain/limits.ts'
import type { Floor, Space } from '../domain/plan.ts'
import type { Eligible } from '../domain/space.ts'
import type { EligibleBody, FloorBody, SpaceBody } from '../protocol/plan.ts'
import { noteOf } from './audit.ts'
import { chunks } from './deadlines.ts'
import type { DirectoryAdminParts, FloorPut, PutFloorOptions } from './directory-admin.ts'
import type { StoredFloor } from './directory.ts'
import type { Principal } from './principal.ts'
import { mustBeSame } from './put-site.ts'
import { mustBeAllowed } from './rights.ts'
import { floorRecord, IN_WORK, recordOf, syncFloor } from './sync-floor.ts'

/**
 * Create or change a floor without losing a claim. The live state goes first: spaces that leave are taken off there, which is where somebody may be claiming them at this moment;
 * then the directory; then the live state follows the directory. Broken off anywhere, the last step done again by anybody mends it: spaces come back, or go.
 */
export async function putFloor (parts: DirectoryAdminParts, principal: Principal, id: FloorId, body: FloorBody, { release }: PutFloorOptions): Promise<FloorPut> {
  const { org } = principal
  mustBeAllowed(principal, 'write-floors', { site: body.site })
  mustBeSame('id', body.id, id)
  const stored = await parts.directory.floor(org, id)
  if (stored !== null) mustBeAllowed(principal, 'write-floors', { site: stored.site })
  const floor = floorOf(id, body)
  if (stored !== null && isSame(stored, floor)) {
    // Asked again, perhaps because the answer was lost or the last step failed.
    await syncFloor(parts, org, id)
    return { floor: stored, created: false, removed: [] }
  }
  const revision = stored?.revision ?? 0
  if (body.revision !== undefined && body.revision !== revision) throw new PerchError('PLAN_CHANGED', { revision })
  await mustBeUsable(parts, org, floor, stored)

  const leaving = spacesLeaving(stored, floor)
  try {
    if (stored !== null && leaving.length > 0) await takeOff(parts, principal, stored, leaving, release)
    await parts.directory.noting([noteOf(parts, principal, 'floor-put', { what: id, detail: { revision: revision + 1, removed: leaving.length } })]).putFloor(org, floor, revision)
  } catch (error) {
    // What was taken off comes back. If that fails as well, the floor is marked: the shard's next keeper, or the next change, does it.
    if (leaving.length > 0) await syncFloor(parts, org, id).catch(() => {})
    throw error
  }
  await parts.tell(org, { what: 'floor', id })
  await syncFloor(parts, org, id)
  const now = await parts.directory.floor(org, id)
  if (now === null) throw new PerchError('FLOOR_UNKNOWN', { floor: id })
  return { floor: now, created: stored === null, removed: leaving.map(space => space.id) }
}

/** @throws PLAN_INVALID with every problem found, SITE_UNKNOWN */
async function mustBeUsable (parts: DirectoryAdminParts, org: OrgId, floor: Floor, stored: StoredFloor | null): Promise<void> {
  const ids = new Set(floor.spaces.map(space => space.id))
  const gone = [...stored?.removed ?? [], ...(stored?.spaces ?? []).map(space => space.id)].filter(id => !ids.has(id))
  const problems = checkPlan(floor, gone.length)
  if (problems.length > 0) throw new PerchError('PLAN_INVALID', { problems })
  if (await parts.directory.site(org, floor.site) === null) throw new PerchError('SITE_UNKNOWN', { site: floor.site })
  const owners = await parts.directory.floorsOf(org, [...ids])
  const elsewhere = floor.spaces.flatMap(({ id }, i) => {
    const owner = owners.get(id)
    return owner === undefined || owner === floor.id ? [] : [planProblem(`spaces[${i}].id`, { kind: 'on-another-floor', space: id, floor: owner })]
  })
  if (elsewhere.length > 0) throw new PerchError('PLAN_INVALID', { problems: elsewhere.slice(0, MOST_PROBLEMS) })
}

function spacesLeaving (stored: StoredFloor | null, floor: Floor): Space[] {
  const staying = new Set(floor.spaces.map(({ id }) => id))
  return (stored?.spaces ?? []).filter(({ id }) => !staying.has(id))
}

/**
 * Takes spaces off in the live state, and waits until the ledger has the end of their claims: otherwise a crash could leave claims on spaces that the directory no longer has.
 * @throws SPACE_IN_USE, LEDGER_BEHIND
 */
async function takeOff (parts: DirectoryAdminParts, principal: Principal, stored: StoredFloor, leaving: readonly Space[], release: boolean): Promise<void> {
  const { org } = principal
  const record = await floorRecord(parts.store, org, stored.id) ?? recordOf(stored, IN_WORK)
  for (const [i, part] of chunks(leaving, SPACES_PER_COMMIT).entries()) {
    const spaces = part.map(({ id, zone, kind, sensorOnly }): Placing => ({ space: id, zone, kind, sensorOnly, removed: true }))
    const mark = i === 0 ? { ...record, policy: IN_WORK } : null
    const done = await parts.transact(org, { type: 'place', floor: stored.id, floorRecord: mark, site: stored.site, spaces, release }, stored, principal.id)
    if (!await parts.persisted(org, done)) throw new PerchError('LEDGER_BEHIND')
  }
}

function isSame ({ revision, removed, ...stored }: StoredFloor, floor: Floor): boolean {
  return isDeepStrictEqual(stored, floor)
}

function floorOf (id: FloorId, { site, name, level, zones, spaces, plan }: FloorBody): Floor {
  return {
    id,
    site,
    name,
    level,
    zones: (zones ?? []).map(zone => ({ id: zone.id, name: zone.name, for: eligibleOf(zone.for) })),
    spaces: spaces.map(spaceOf),
    plan
  }
}

function spaceOf ({ id, label, kind, zone, features, sensorOnly, for: eligible }: SpaceBody): Space {
  return { id, label, kind, zone: zone ?? null, features: features ?? [], for: eligibleOf(eligible), sensorOnly: sensorOnly ?? false }
}

function eligibleOf (eligible: EligibleBody | undefined): Eligible | null {
  return eligible === undefined || eligible === null ? null : { people: eligible.people ?? [], groups: eligible.groups ?? [] }
}
