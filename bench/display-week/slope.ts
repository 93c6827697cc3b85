/** Of the straight line that lies closest to the points, by least squares. NaN for fewer than two. */
export function slopeOf (points: ReadonlyArray<{ x: number, y: number }>): number {
  const mean = (of: (point: { x: number, y: number }) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [x, y] = [mean(point => point.x), mean(point => point.y)]
  return points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) / points.reduce((sum, point) => sum + (point.x - x) ** 2, 0)
}
