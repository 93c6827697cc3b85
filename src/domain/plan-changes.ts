import type { Floor, Space, Zone } from './plan.ts'
import { placesOf } from './shift-plan.ts'

/** What one floor has that the other has not, as whoever sits there would say it. Spaces stand in the order of the floor that they are on. */
export interface PlanChanges {
  added: readonly Space[]
  removed: readonly Space[]
  /** Farther than MOVED_M. */
  moved: ReadonlyArray<{ space: Space, metres: number }>
  renamed: ReadonlyArray<{ space: Space, before: string }>
  /** Its kind, zone, features or who may claim it. */
  changed: readonly Space[]
  zones: { added: readonly Zone[], removed: readonly Zone[], renamed: ReadonlyArray<{ zone: Zone, before: string }> }
  /** Spaces that stay as they are. */
  same: number
}

/** Metres. A plan that was drawn anew is never exactly the one before. */
const MOVED_M = 0.1

/** `before` null: the floor is new. */
export function planChanges (before: Floor | null, after: Floor): PlanChanges {
  const known = new Map(before?.spaces.map(space => [space.id, space]))
  const staying = new Set(after.spaces.map(({ id }) => id))
  const [places, placesBefore] = [placesOf(after), before === null ? new Map<string, never>() : placesOf(before)]
  const both = after.spaces.flatMap(space => {
    const was = known.get(space.id)
    return was === undefined ? [] : [{ space, was, metres: distance(placesBefore.get(space.id), places.get(space.id)) }]
  })
  const moved = both.filter(({ metres }) => metres > MOVED_M)
  const renamed = both.filter(({ space, was }) => space.label !== was.label)
  const changed = both.filter(({ space, was }) => essence(space) !== essence(was))
  const touched = new Set([...moved, ...renamed, ...changed].map(({ space }) => space.id))
  return {
    added: after.spaces.filter(({ id }) => !known.has(id)),
    removed: (before?.spaces ?? []).filter(({ id }) => !staying.has(id)),
    moved: moved.map(({ space, metres }) => ({ space, metres })),
    renamed: renamed.map(({ space, was }) => ({ space, before: was.label })),
    changed: changed.map(({ space }) => space),
    zones: zoneChanges(before?.zones ?? [], after.zones),
    same: both.length - touched.size
  }
}

function zoneChanges (before: readonly Zone[], after: readonly Zone[]): PlanChanges['zones'] {
  const names = new Map(before.map(({ id, name }) => [id, name]))
  const staying = new Set(after.map(({ id }) => id))
  return {
    added: after.filter(({ id }) => !names.has(id)),
    removed: before.filter(({ id }) => !staying.has(id)),
    renamed: after.flatMap(zone => {
      const was = names.get(zone.id)
      return was === undefined || was === zone.name ? [] : [{ zone, before: was }]
    })
  }
}

function essence ({ kind, zone, features, for: eligible, sensorOnly }: Space): string {
  return JSON.stringify([kind, zone, features, eligible, sensorOnly])
}

function distance (a: readonly [number, number] | undefined, b: readonly [number, number] | undefined): number {
  return a === undefined || b === undefined ? 0 : Math.hypot(a[0] - b[0], a[1] - b[1])
}
