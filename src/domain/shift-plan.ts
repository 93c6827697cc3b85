import type { Floor, Plan, PlanGeometry, Point } from './plan.ts'
import type { SpaceId } from './ids.ts'

/** The same plan with every point somewhere else, to the millimetre. */
export function mapPlan (plan: Plan, move: (point: Point) => Point): Plan {
  const moved = (point: Point): Point => {
    const [x, y] = move(point)
    return [toMillimetre(x), toMillimetre(y)]
  }
  return { ...plan, features: plan.features.map(feature => ({ ...feature, geometry: mapGeometry(feature.geometry, moved) })) }
}

export function pointsOf (geometry: PlanGeometry): readonly Point[] {
  switch (geometry.type) {
    case 'Point': return [geometry.coordinates]
    case 'LineString': return geometry.coordinates
    case 'Polygon': return geometry.coordinates.flat()
  }
}

/** The middle of the box around each space's shape, in metres. */
export function placesOf ({ plan }: Pick<Floor, 'plan'>): Map<SpaceId, Point> {
  return new Map(plan.features.flatMap(({ geometry, properties: { space } }) => space === undefined ? [] : [[space, middleOf(pointsOf(geometry))] as const]))
}

/**
 * How far the plan has to be moved so that what stood on the one before stands where it stood: the median over the spaces that both have, since some may really have been moved.
 * Null where they share fewer than three.
 */
export function shiftOnto (before: Pick<Floor, 'plan'>, after: Pick<Floor, 'plan'>): Point | null {
  const known = placesOf(before)
  const shifts = [...placesOf(after)].flatMap(([space, [x, y]]) => {
    const was = known.get(space)
    return was === undefined ? [] : [[was[0] - x, was[1] - y] as const]
  })
  return shifts.length < 3 ? null : [median(shifts.map(([x]) => x)), median(shifts.map(([, y]) => y))]
}

/** So that nothing lies left of or below the origin. */
export function shiftToOrigin ({ features }: Plan): Point {
  const points = features.flatMap(({ geometry }) => pointsOf(geometry))
  return points.length === 0 ? [0, 0] : [-least(points.map(([x]) => x)), -least(points.map(([, y]) => y))]
}

function mapGeometry (geometry: PlanGeometry, move: (point: Point) => Point): PlanGeometry {
  switch (geometry.type) {
    case 'Point': return { ...geometry, coordinates: move(geometry.coordinates) }
    case 'LineString': return { ...geometry, coordinates: geometry.coordinates.map(move) }
    case 'Polygon': return { ...geometry, coordinates: geometry.coordinates.map(ring => ring.map(move)) }
  }
}

function middleOf (points: readonly Point[]): Point {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return [(least(xs) + most(xs)) / 2, (least(ys) + most(ys)) / 2]
}

function least (numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.min(a, b), Infinity)
}

function most (numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), -Infinity)
}

function median (numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}

function toMillimetre (metres: number): number {
  // No negative zero: it is written like another number.
  return Math.round(metres * 1_000) / 1_000 + 0
}
