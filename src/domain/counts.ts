import type { ZoneId } from './ids.ts'
import type { SpaceRecord } from './space.ts'
import { STATUSES, statusOf, type Status } from './status.ts'

/** How many spaces are in which state. `free` means for at least the policy's shortest stay; the others that are free count as `freeBriefly`. */
export type Counts = Record<Status | 'freeBriefly', number>

export const COUNTED: ReadonlyArray<keyof Counts> = [...STATUSES, 'freeBriefly']

/** A floor's totals, and each zone's. */
export interface FloorCounts extends Counts {
  zones: Record<ZoneId, Counts>
}

export function noCounts (): Counts {
  return { free: 0, freeBriefly: 0, reserved: 0, occupied: 0, blocked: 0, unknown: 0 }
}

/** Counts that changed; those that are left out did not. */
export interface Recount extends Partial<Counts> {
  zones?: Record<ZoneId, Partial<Counts>>
}

/** What the space counts as; null: it is not on the plan. */
export function countedAs (space: SpaceRecord): keyof Counts | null {
  if (space.removed) return null
  const { status } = statusOf(space)
  return status === 'free' && space.brief ? 'freeBriefly' : status
}

/** Adds (`by` 1) or takes away (-1) one space, in place: a floor's counts follow its changes without being counted anew. */
export function tally (counts: FloorCounts, space: SpaceRecord, by: 1 | -1): void {
  const field = countedAs(space)
  if (field === null) return
  counts[field] += by
  if (space.zone !== null) zoneCounts(counts, space.zone)[field] += by
}

/** The counts after a change, as new objects: what held the old ones keeps them. */
export function recounted ({ zones, ...totals }: FloorCounts, { zones: changed = {}, ...rest }: Recount): FloorCounts {
  const after = { ...totals, ...rest, zones: { ...zones } }
  for (const [zone, counts] of Object.entries(changed)) after.zones[zone] = { ...zoneCounts(after, zone), ...counts }
  return after
}

/** A zone may be called like something that every object has: `constructor`. */
function zoneCounts ({ zones }: FloorCounts, zone: ZoneId): Counts {
  const known = Object.hasOwn(zones, zone) ? zones[zone] : undefined
  return known ?? (zones[zone] = noCounts())
}
