import { test } from 'tap'
import assert from 'node:assert/strict'
import { isInDegrees, projection } from '../../src/domain/degrees.ts'
import type { Point } from '../../src/domain/plan.ts'

/** A house of 60 m by 40 m in St. Gallen, whose long side points 30 degrees north of east; metres by Vincenty's formula (GeographicLib). */
const LAT = 47.4245
const LON = 9.3767
/** Metres of a degree there: 111 177.7 along the meridian, 75 453.6 along the parallel. */
const PER_LAT = 111_177.7
const PER_LON = 75_453.6

const at = (x: number, y: number): Point => [LON + x / PER_LON, LAT + y / PER_LAT]
const away = ([ax, ay]: Point, [bx, by]: Point): number => Math.hypot(ax - bx, ay - by)

test('a house in degrees is told from one in metres, and from a plan whose shapes all lie on one point', async () => {
  assert.equal(isInDegrees([at(0, 0), at(60, 40)]), true)
  assert.equal(isInDegrees([[0, 0], [60, 40]]), false)
  assert.equal(isInDegrees([[0, 0], [0.5, 0.5]]), false)
  assert.equal(isInDegrees([[400, 120], [400.001, 120.001]]), false)
  assert.equal(isInDegrees([]), false)
})

test('lengths come out to the millimetre, and what stands askew stays so', async () => {
  const turned = ([x, y]: Point): Point => at(x * Math.cos(Math.PI / 6) - y * Math.sin(Math.PI / 6), x * Math.sin(Math.PI / 6) + y * Math.cos(Math.PI / 6))
  const corners = ([[0, 0], [60, 0], [60, 40], [0, 40]] as Point[]).map(turned)
  const [a, b, c, d] = corners.map(projection(corners)) as [Point, Point, Point, Point]
  for (const [from, to, metres] of [[a, b, 60], [b, c, 40], [c, d, 60], [a, c, Math.hypot(60, 40)]] as Array<[Point, Point, number]>) assert.ok(Math.abs(away(from, to) - metres) < 0.01, `${away(from, to)} m instead of ${metres}`)
  assert.ok(Math.abs(Math.atan2(b[1] - a[1], b[0] - a[0]) - Math.PI / 6) < 0.0005)
})

test('the middle of all points is the origin, and north is up', async () => {
  const corners = [at(0, 0), at(60, 40)]
  const [a, b] = corners.map(projection(corners)) as [Point, Point]
  assert.ok(Math.abs(a[0] + b[0]) < 0.001 && Math.abs(a[1] + b[1]) < 0.001)
  assert.ok(b[0] > a[0] && b[1] > a[1])
})
