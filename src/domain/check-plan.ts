import { SPACES_PER_FLOOR } from './limits.ts'
import type { Floor, PlanFeature, Point } from './plan.ts'
import { planFaultText, type PlanFault } from './plan-fault.ts'
import { crossesItself, extentOf, isClosed } from './ring.ts'
import { pointsOf } from './shift-plan.ts'

/** What is wrong, and where: a path into the floor as it was given, such as `spaces[3].zone`. */
export interface PlanProblem {
  path: string
  /** `fault` in words. */
  problem: string
  fault: PlanFault
}

export function planProblem (path: string, fault: PlanFault): PlanProblem {
  return { path, problem: planFaultText(fault), fault }
}

/** Who mends a plan mends the first of them first; a plan of the wrong kind has thousands. */
export const MOST_PROBLEMS = 20

/** Metres from the origin: a floor farther out was drawn in another system. */
const FARTHEST = 2_000
/** Metres: a whole floor that is smaller was given in degrees. */
const SMALLEST_FLOOR = 0.5
/** Metres: the sides of the box around a space's or zone's shape. */
const SMALLEST_SHAPE = 0.05
/** Corners of a space's or zone's ring; the search for crossings looks at every pair of edges. */
const MOST_CORNERS = 100

/**
 * Everything that keeps a floor from being used, at most MOST_PROBLEMS; empty: it can be. `removed` counts spaces that were on it once and are not any more:
 * they stay as records.
 */
export function checkPlan (floor: Floor, removed = 0): PlanProblem[] {
  const problems = new Problems()
  if (floor.spaces.length + removed > SPACES_PER_FLOOR) {
    problems.add('spaces', { kind: 'too-many-spaces', most: SPACES_PER_FLOOR, removed })
  }
  checkIds(floor, problems)
  checkFeatures(floor, problems)
  if (problems.list.length === 0) checkUnit(floor, problems)
  return problems.list
}

class Problems {
  readonly list: PlanProblem[] = []

  add (path: string, fault: PlanFault): void {
    if (this.list.length < MOST_PROBLEMS) this.list.push(planProblem(path, fault))
  }
}

function checkIds ({ zones, spaces }: Floor, problems: Problems): void {
  const zoneIds = new Set<string>()
  for (const [i, zone] of zones.entries()) {
    if (zoneIds.has(zone.id)) problems.add(`zones[${i}].id`, { kind: 'zone-twice', zone: zone.id })
    zoneIds.add(zone.id)
  }
  const spaceIds = new Set<string>()
  for (const [i, space] of spaces.entries()) {
    if (spaceIds.has(space.id)) problems.add(`spaces[${i}].id`, { kind: 'space-twice', space: space.id })
    spaceIds.add(space.id)
    if (space.zone !== null && !zoneIds.has(space.zone)) problems.add(`spaces[${i}].zone`, { kind: 'no-such-zone', zone: space.zone })
  }
}

function checkFeatures ({ zones, spaces, plan }: Floor, problems: Problems): void {
  const zoneIds = new Set(zones.map(({ id }) => id))
  const missing = new Set(spaces.map(({ id }) => id))
  const drawn = new Set<string>()
  for (const [i, feature] of plan.features.entries()) {
    const path = `plan.features[${i}]`
    const { space, zone } = feature.properties
    if (space !== undefined && zone !== undefined) problems.add(`${path}.properties`, { kind: 'space-and-zone' })
    if (zone !== undefined && !zoneIds.has(zone)) problems.add(`${path}.properties.zone`, { kind: 'no-such-zone', zone })
    if (space !== undefined) {
      if (drawn.has(space)) problems.add(`${path}.properties.space`, { kind: 'two-shapes', space })
      else if (!missing.delete(space)) problems.add(`${path}.properties.space`, { kind: 'no-such-space', space })
      drawn.add(space)
    }
    checkShape(feature, `${path}.geometry`, problems)
  }
  for (const [i, { id }] of spaces.entries()) {
    if (missing.has(id)) problems.add(`spaces[${i}]`, { kind: 'no-shape', space: id })
  }
}

function checkShape ({ geometry, properties }: PlanFeature, path: string, problems: Problems): void {
  const isPlace = properties.space !== undefined || properties.zone !== undefined
  if (isPlace && geometry.type === 'LineString') problems.add(`${path}.type`, { kind: 'place-as-line' })
  const points = pointsOf(geometry)
  const bad = points.find(([x, y]) => !(Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST))
  if (bad !== undefined) return problems.add(`${path}.coordinates`, { kind: 'far-out', point: bad, most: FARTHEST })
  if (geometry.type === 'Polygon') {
    for (const [i, ring] of geometry.coordinates.entries()) checkRing(ring, `${path}.coordinates[${i}]`, isPlace, problems)
  }
}

function checkRing (ring: readonly Point[], path: string, isPlace: boolean, problems: Problems): void {
  if (ring.length < 4) return problems.add(path, { kind: 'short-ring' })
  if (!isClosed(ring)) return problems.add(path, { kind: 'open-ring' })
  if (!isPlace) return
  const { width, height } = extentOf(ring)
  if (width < SMALLEST_SHAPE || height < SMALLEST_SHAPE) problems.add(path, { kind: 'too-small', width: round(width), height: round(height) })
  else if (ring.length > MOST_CORNERS + 1) problems.add(path, { kind: 'too-many-corners', most: MOST_CORNERS })
  else if (crossesItself(ring)) problems.add(path, { kind: 'crosses-itself' })
}

/** A floor in degrees passes every other check and would be drawn on one point. */
function checkUnit ({ spaces, plan }: Floor, problems: Problems): void {
  const { width, height } = extentOf(plan.features.flatMap(({ geometry }) => pointsOf(geometry)))
  if (spaces.length >= 2 && width < SMALLEST_FLOOR && height < SMALLEST_FLOOR) {
    problems.add('plan', { kind: 'in-degrees', width: round(width), height: round(height) })
  }
}

function round (metres: number): number {
  return Math.round(metres * 1_000_000) / 1_000_000
}
