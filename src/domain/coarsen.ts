import type { ZoneId } from './ids.ts'

/** Spaces on the plan, and how many of them somebody can claim. */
export interface ZoneSize {
  spaces: number
  claimable: number
}

/**
 * The zones whose counts may be told to who may see no more than counts: with those of a few desks one would know who of few people is there. The others merge into the floor's
 * totals. What is left when all that is told is taken from the totals must not be few either, so where it is, the smallest zones merge as well. The choice depends on the plan
 * alone: one that followed occupancy would tell of it.
 * `sizes`: by zone, null for spaces in none. `smallZone` 1: every zone.
 */
export function tellableZones (sizes: ReadonlyMap<ZoneId | null, ZoneSize>, smallZone: number): Set<ZoneId> {
  const zones = [...sizes].flatMap(([zone, size]) => zone === null ? [] : [{ zone, ...size }])
  if (smallZone <= 1) return new Set(zones.map(({ zone }) => zone))
  const told = zones.filter(({ claimable }) => claimable >= smallZone).sort((a, b) => b.claimable - a.claimable || (a.zone < b.zone ? -1 : 1))
  const merged = { ...sizes.get(null) ?? { spaces: 0, claimable: 0 } }
  const merge = ({ spaces, claimable }: ZoneSize): void => {
    merged.spaces += spaces
    merged.claimable += claimable
  }
  for (const zone of zones) if (zone.claimable < smallZone) merge(zone)
  while (merged.spaces > 0 && merged.claimable < smallZone) {
    const smallest = told.pop()
    if (smallest === undefined) break
    merge(smallest)
  }
  return new Set(told.map(({ zone }) => zone))
}
