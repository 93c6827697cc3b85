import type { Space } from '../../client/index.ts'
import { SPACE_KINDS, type SpaceKind } from '../../domain/space.ts'
import type { FloorView } from '../../protocol/plan.ts'

/** What is counted by itself. A `seat` is a place that only a sensor tells of, as in a lounge: nobody can claim it, so it is no desk. */
export type Sort = SpaceKind | 'seat'

export const SORTS: readonly Sort[] = [...SPACE_KINDS, 'seat']

/** How many spaces of one sort are in which state. */
export interface Tally {
  total: number
  /** For at least the shortest stay. */
  free: number
  /** Free, but somebody comes soon. */
  brief: number
  reserved: number
  occupied: number
}

/** A floor in numbers, as a lobby wants them. */
export interface Occupancy {
  /** What people come to this floor for: desks, or where there are none whatever there is most of. */
  main: Sort
  mainTally: Tally
  /** The same by zone, in the plan's order; zones without any are left out. */
  zones: ReadonlyArray<{ id: string, name: string, tally: Tally }>
  /** Whatever else there is. */
  others: ReadonlyArray<{ sort: Sort, tally: Tally }>
}

type Plan = Pick<FloorView, 'zones' | 'spaces'>

/** The server's own counts are of all kinds together. `view`: of a space, undefined while nothing is known of it: then it is in the total alone. */
export function occupancyOf (floor: Plan, view: (id: string) => Space | undefined): Occupancy {
  const tallies = new Map<Sort, Tally>()
  const zones = new Map<string, Map<Sort, Tally>>()
  for (const space of floor.spaces) {
    const sort = sortOf(space)
    const seen = view(space.id)
    add(tallies, sort, seen)
    if (typeof space.zone !== 'string') continue
    const ofZone = zones.get(space.zone) ?? new Map<Sort, Tally>()
    zones.set(space.zone, ofZone)
    add(ofZone, sort, seen)
  }
  const main = mainOf(tallies)
  return {
    main,
    mainTally: tallies.get(main) ?? nothing(),
    zones: floor.zones.flatMap(({ id, name }) => {
      const tally = zones.get(id)?.get(main)
      return tally === undefined ? [] : [{ id, name, tally }]
    }),
    others: SORTS.flatMap(sort => {
      const tally = tallies.get(sort)
      return sort === main || tally === undefined ? [] : [{ sort, tally }]
    })
  }
}

/** At most so many zones, and those that did not fit as one: the ones that have most to offer stand by themselves, in the plan's order. */
export function foldZones (zones: Occupancy['zones'], most: number): { shown: Occupancy['zones'], rest: { zones: number, tally: Tally } | null } {
  if (zones.length <= most) return { shown: zones, rest: null }
  const best = new Set([...zones].sort((a, b) => b.tally.free - a.tally.free).slice(0, most - 1))
  const rest = nothing()
  for (const zone of zones) {
    if (best.has(zone)) continue
    for (const field of FIELDS) rest[field] += zone.tally[field]
  }
  return { shown: zones.filter(zone => best.has(zone)), rest: { zones: zones.length - best.size, tally: rest } }
}

const FIELDS = ['total', 'free', 'brief', 'reserved', 'occupied'] as const satisfies ReadonlyArray<keyof Tally>

function sortOf ({ kind, sensorOnly }: Plan['spaces'][number]): Sort {
  return sensorOnly === true && kind === 'desk' ? 'seat' : kind
}

function mainOf (tallies: ReadonlyMap<Sort, Tally>): Sort {
  if (tallies.has('desk')) return 'desk'
  const [most] = [...tallies].sort(([, a], [, b]) => b.total - a.total)
  return most?.[0] ?? 'desk'
}

function add (tallies: Map<Sort, Tally>, sort: Sort, seen: Space | undefined): void {
  const tally = tallies.get(sort) ?? nothing()
  tallies.set(sort, tally)
  tally.total++
  switch (seen?.status) {
    case 'free':
      if (seen.brief === true) tally.brief++
      else tally.free++
      break
    case 'reserved':
      tally.reserved++
      break
    case 'occupied':
      tally.occupied++
      break
    // Out of service, or nothing is known: neither free nor taken.
    case 'blocked':
    case 'unknown':
    case undefined:
      break
  }
}

function nothing (): Tally {
  return { total: 0, free: 0, brief: 0, reserved: 0, occupied: 0 }
}
