import { SPACES_PER_FLOOR } from './limits.ts'
import type { Floor, PlanFeature, Point } from './plan.ts'
import { crossesItself, extentOf, isClosed } from './ring.ts'
import { pointsOf } from './shift-plan.ts'

/** What is wrong, and where: a path into the floor as it was given, such as `spaces[3].zone`. */
export interface PlanProblem {
  path: string
  problem: string
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
    problems.add('spaces', `a floor has at most ${SPACES_PER_FLOOR} spaces, with ${removed} that were taken off; split it`)
  }
  checkIds(floor, problems)
  checkFeatures(floor, problems)
  if (problems.list.length === 0) checkUnit(floor, problems)
  return problems.list
}

class Problems {
  readonly list: PlanProblem[] = []

  add (path: string, problem: string): void {
    if (this.list.length < MOST_PROBLEMS) this.list.push({ path, problem })
  }
}

function checkIds ({ zones, spaces }: Floor, problems: Problems): void {
  const zoneIds = new Set<string>()
  for (const [i, zone] of zones.entries()) {
    if (zoneIds.has(zone.id)) problems.add(`zones[${i}].id`, `zone ${zone.id} is given twice`)
    zoneIds.add(zone.id)
  }
  const spaceIds = new Set<string>()
  for (const [i, space] of spaces.entries()) {
    if (spaceIds.has(space.id)) problems.add(`spaces[${i}].id`, `space ${space.id} is given twice`)
    spaceIds.add(space.id)
    if (space.zone !== null && !zoneIds.has(space.zone)) problems.add(`spaces[${i}].zone`, `there is no zone ${space.zone} on this floor`)
  }
}

function checkFeatures ({ zones, spaces, plan }: Floor, problems: Problems): void {
  const zoneIds = new Set(zones.map(({ id }) => id))
  const missing = new Set(spaces.map(({ id }) => id))
  const drawn = new Set<string>()
  for (const [i, feature] of plan.features.entries()) {
    const path = `plan.features[${i}]`
    const { space, zone } = feature.properties
    if (space !== undefined && zone !== undefined) problems.add(`${path}.properties`, 'a shape is a space or a zone, not both')
    if (zone !== undefined && !zoneIds.has(zone)) problems.add(`${path}.properties.zone`, `there is no zone ${zone} on this floor`)
    if (space !== undefined) {
      if (drawn.has(space)) problems.add(`${path}.properties.space`, `space ${space} has two shapes`)
      else if (!missing.delete(space)) problems.add(`${path}.properties.space`, `there is no space ${space} on this floor`)
      drawn.add(space)
    }
    checkShape(feature, `${path}.geometry`, problems)
  }
  for (const [i, { id }] of spaces.entries()) {
    if (missing.has(id)) problems.add(`spaces[${i}]`, `space ${id} has no shape: the plan needs a Point or Polygon with properties.space`)
  }
}

function checkShape ({ geometry, properties }: PlanFeature, path: string, problems: Problems): void {
  const isPlace = properties.space !== undefined || properties.zone !== undefined
  if (isPlace && geometry.type === 'LineString') problems.add(`${path}.type`, 'a space or zone is a Point or a Polygon')
  const points = pointsOf(geometry)
  const bad = points.find(([x, y]) => !(Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST))
  if (bad !== undefined) return problems.add(`${path}.coordinates`, `[${bad.join(', ')}] is not within ${FARTHEST} m of the origin: coordinates are metres from a corner of the floor`)
  if (geometry.type === 'Polygon') {
    for (const [i, ring] of geometry.coordinates.entries()) checkRing(ring, `${path}.coordinates[${i}]`, isPlace, problems)
  }
}

function checkRing (ring: readonly Point[], path: string, isPlace: boolean, problems: Problems): void {
  if (ring.length < 4) return problems.add(path, 'a ring has at least 4 points, the last one the same as the first')
  if (!isClosed(ring)) return problems.add(path, 'the ring is not closed: its last point must be the same as its first')
  if (!isPlace) return
  const { width, height } = extentOf(ring)
  if (width < SMALLEST_SHAPE || height < SMALLEST_SHAPE) problems.add(path, `the shape is ${round(width)} m by ${round(height)} m: too small to be a place`)
  else if (ring.length > MOST_CORNERS + 1) problems.add(path, `the shape of a space or zone has at most ${MOST_CORNERS} corners`)
  else if (crossesItself(ring)) problems.add(path, 'the ring crosses or touches itself')
}

/** A floor in degrees passes every other check and would be drawn on one point. */
function checkUnit ({ spaces, plan }: Floor, problems: Problems): void {
  const { width, height } = extentOf(plan.features.flatMap(({ geometry }) => pointsOf(geometry)))
  if (spaces.length >= 2 && width < SMALLEST_FLOOR && height < SMALLEST_FLOOR) {
    problems.add('plan', `all shapes lie within ${round(width)} m by ${round(height)} m: coordinates are metres, not degrees`)
  }
}

function round (metres: number): number {
  return Math.round(metres * 1_000_000) / 1_000_000
}
