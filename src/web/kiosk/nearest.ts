import type { Space } from '../../client/index.ts'
import type { FloorView } from '../../protocol/plan.ts'
import { centreOf, type FloorShapes, type SpaceShape } from '../plan/shapes.ts'

/** A desk that whoever stands here may take. */
export interface FreeDesk {
  space: SpaceShape
  /** Metres from the kiosk, straight; null: nobody said where it stands. */
  distance: number | null
  /** When somebody else's claim begins, as the wire has it; null: nobody's today. */
  next: string | null
}

/** Where the kiosk stands, in metres of the plan, y upwards. */
export type Point = readonly [x: number, y: number]

/**
 * Desks that are free for a while, nearest first; by label where it is not known where the kiosk stands. Desks that are kept for some are left out: whose they are the server
 * alone knows. One that this kiosk has just asked for is no offer to the next.
 */
export function nearestFree (floor: FloorView, { spaces }: FloorShapes, statusOf: (id: string) => Space | undefined, point: Point | null): FreeDesk[] {
  const kept = keptFor(floor)
  const free: FreeDesk[] = []
  for (const space of spaces) {
    const now = statusOf(space.id)
    if (space.kind !== 'desk' || kept.has(space.id) || now?.status !== 'free' || now.brief === true || now.pending !== undefined) continue
    free.push({ space, distance: distanceOf(space, point), next: now.next ?? null })
  }
  return free.sort((a, b) => (a.distance ?? 0) - (b.distance ?? 0) || a.space.label.localeCompare(b.space.label, 'en', { numeric: true }))
}

/** Spaces that not everybody may claim, or nobody. */
function keptFor ({ spaces, zones }: FloorView): ReadonlySet<string> {
  const closed = new Set(zones.filter(zone => isKept(zone.for)).map(({ id }) => id))
  return new Set(spaces.filter(space => isKept(space.for) || space.sensorOnly === true || closed.has(space.zone ?? '')).map(({ id }) => id))
}

function isKept (eligible: unknown): boolean {
  return eligible !== undefined && eligible !== null
}

/** Shapes have y downwards. */
function distanceOf ({ box }: SpaceShape, point: Point | null): number | null {
  if (point === null) return null
  const { x, y } = centreOf(box)
  return Math.hypot(x - point[0], y + point[1])
}
