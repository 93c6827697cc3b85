import type { ZoneId } from './ids.ts'
import type { SpaceRecord } from './space.ts'
import { statusOf, type Status } from './status.ts'

/** How many spaces are in which state. `free` means for at least the policy's shortest stay; the others that are free count as `freeBriefly`. */
export type Counts = Record<Status | 'freeBriefly', number>

/** A floor's totals, and each zone's. */
export interface FloorCounts extends Counts {
  zones: Record<ZoneId, Counts>
}

export function noCounts (): Counts {
  return { free: 0, freeBriefly: 0, reserved: 0, occupied: 0, blocked: 0, unknown: 0 }
}

/** Adds (`by` 1) or takes away (-1) one space, in place: a floor's counts follow its changes without being counted anew. */
export function tally (counts: FloorCounts, space: SpaceRecord, by: 1 | -1): void {
  if (space.removed) return
  const { status } = statusOf(space)
  const field = status === 'free' && space.brief ? 'freeBriefly' : status
  counts[field] += by
  if (space.zone !== null) zoneCounts(counts, space.zone)[field] += by
}

/** A zone may be called like something that every object has: `constructor`. */
function zoneCounts ({ zones }: FloorCounts, zone: ZoneId): Counts {
  const known = Object.hasOwn(zones, zone) ? zones[zone] : undefined
  return known ?? (zones[zone] = noCounts())
}
