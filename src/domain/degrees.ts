import type { Point } from './plan.ts'
import { extentOf } from './ring.ts'

/** WGS 84: half the equator's axis in metres, and the square of the first eccentricity. */
const A_M = 6_378_137
const E2 = 0.00669437999014

/** Wider than any building in degrees (0.02 are 2 km), and narrower than any in metres. */
const WIDEST_DEGREES = 0.02

/** Longitudes and latitudes, as GeoJSON (RFC 7946) has them, and not metres: all lie on the globe, and within so little of each other that nothing could stand there. */
export function isInDegrees (points: readonly Point[]): boolean {
  const { width, height } = extentOf(points)
  return points.length > 1 && width < WIDEST_DEGREES && height < WIDEST_DEGREES && points.every(([x, y]) => Math.abs(x) <= 180 && Math.abs(y) <= 90)
}

/**
 * From degrees to metres on the plane that touches the globe in the middle of all points, x to the east and y to the north: what stands askew stays so. The radii of curvature
 * are those of that latitude (Snyder, Map Projections, 1987, eq. 4-19 and 4-20), so over a building it is exact to less than a millimetre.
 */
export function projection (points: readonly Point[]): (point: Point) => Point {
  const [lon0, lat0] = centroidOf(points)
  const radians = Math.PI / 180
  const sine = Math.sin(lat0 * radians)
  const bent = 1 - E2 * sine * sine
  const perLat = radians * A_M * (1 - E2) / bent ** 1.5
  const perLon = radians * A_M * Math.cos(lat0 * radians) / Math.sqrt(bent)
  return ([lon, lat]) => [(lon - lon0) * perLon, (lat - lat0) * perLat]
}

function centroidOf (points: readonly Point[]): Point {
  const [x, y] = points.reduce(([sumX, sumY], [px, py]) => [sumX + px, sumY + py], [0, 0])
  const count = Math.max(1, points.length)
  return [x / count, y / count]
}
