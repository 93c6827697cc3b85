import type { Point } from './plan.ts'

/** Width and height of the box around points; 0 and 0 for none. */
export function extentOf (points: readonly Point[]): { width: number, height: number } {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const [x, y] of points) {
    left = Math.min(left, x)
    right = Math.max(right, x)
    bottom = Math.min(bottom, y)
    top = Math.max(top, y)
  }
  return points.length === 0 ? { width: 0, height: 0 } : { width: right - left, height: top - bottom }
}

export function isClosed (ring: readonly Point[]): boolean {
  const [first, last] = [ring[0], ring.at(-1)]
  return first !== undefined && last !== undefined && first[0] === last[0] && first[1] === last[1]
}

/**
 * True where two edges of a closed ring that are not neighbours touch or cross, or two neighbours fold back on each other.
 * Every pair is looked at: callers bound the ring's length.
 */
export function crossesItself (ring: readonly Point[]): boolean {
  const edges = ring.slice(1).map((to, i) => [ring[i] ?? to, to] as const)
  for (const [i, [a, b]] of edges.entries()) {
    for (const [j, [c, d]] of edges.entries()) {
      if (j <= i) continue
      const neighbours = j === i + 1 || (i === 0 && j === edges.length - 1)
      if (neighbours ? foldsBack(j === i + 1 ? [a, b, d] : [c, d, b]) : meet(a, b, c, d)) return true
    }
  }
  return false
}

/** Twice the area of the triangle; its sign tells on which side of ab the point c lies. */
function side (a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/** c lies on the segment ab, given that the three are on one line. */
function within (a: Point, b: Point, c: Point): boolean {
  return Math.min(a[0], b[0]) <= c[0] && c[0] <= Math.max(a[0], b[0]) && Math.min(a[1], b[1]) <= c[1] && c[1] <= Math.max(a[1], b[1])
}

function meet (a: Point, b: Point, c: Point, d: Point): boolean {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)]
  if (Math.sign(abc) * Math.sign(abd) < 0 && Math.sign(cda) * Math.sign(cdb) < 0) return true
  return (abc === 0 && within(a, b, c)) || (abd === 0 && within(a, b, d)) || (cda === 0 && within(c, d, a)) || (cdb === 0 && within(c, d, b))
}

/** From a to b and then back towards a: a corner without an inside. */
function foldsBack ([a, b, c]: readonly [Point, Point, Point]): boolean {
  return side(a, b, c) === 0 && (a[0] - b[0]) * (c[0] - b[0]) + (a[1] - b[1]) * (c[1] - b[1]) >= 0
}
