import { test } from 'tap'
import assert from 'node:assert/strict'
import { checkPlan, MOST_PROBLEMS } from '../../src/domain/check-plan.ts'
import type { Floor, PlanGeometry, Point, Space } from '../../src/domain/plan.ts'

const square = (x: number, y: number, size = 1.6): PlanGeometry => ({
  type: 'Polygon', coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]]
})

const desk = (id: string, zone: string | null = null): Space => ({ id, label: id, kind: 'desk', zone, features: [], for: null, sensorOnly: false })

/** Desks in a row, each with its shape. */
function floorWith (ids: readonly string[], change: Partial<Floor> = {}): Floor {
  return {
    id: 'f1',
    site: 'hq',
    name: 'First',
    level: 1,
    zones: [],
    spaces: ids.map(id => desk(id)),
    plan: { type: 'FeatureCollection', features: ids.map((space, i) => ({ type: 'Feature', geometry: square(2 * i, 0), properties: { space } })) },
    ...change
  }
}

/** One desk with that shape. */
function drawn (geometry: PlanGeometry): Floor {
  return floorWith(['d1'], { plan: { type: 'FeatureCollection', features: [{ type: 'Feature', geometry, properties: { space: 'd1' } }] } })
}

const ring = (...points: Point[]): PlanGeometry => ({ type: 'Polygon', coordinates: [points] })

const problemsOf = (floor: Floor, removed?: number) => checkPlan(floor, removed).map(({ path, problem }) => `${path}: ${problem}`)

test('a floor of desks with a shape each is fine', async () => {
  assert.deepEqual(checkPlan(floorWith(['d1', 'd2', 'd3'])), [])
})

test('walls, labels and outlines need no space', async () => {
  const floor = floorWith(['d1', 'd2'])
  const features = [
    ...floor.plan.features,
    { type: 'Feature', geometry: { type: 'LineString', coordinates: [[0, 0], [20, 0]] }, properties: { role: 'wall' } },
    { type: 'Feature', geometry: { type: 'Point', coordinates: [4, 4] }, properties: { role: 'label', text: 'Kitchen' } }
  ] as Floor['plan']['features']
  assert.deepEqual(checkPlan({ ...floor, plan: { ...floor.plan, features } }), [])
})

test('an id that is given twice is named', async () => {
  assert.deepEqual(problemsOf(floorWith(['d1', 'd1'])), [
    'spaces[1].id: space d1 is given twice',
    'plan.features[1].properties.space: space d1 has two shapes'
  ])
  const zone = { id: 'north', name: 'North', for: null }
  assert.deepEqual(problemsOf(floorWith(['d1'], { zones: [zone, zone] })), ['zones[1].id: zone north is given twice'])
})

test('a zone that is not on the floor is named', async () => {
  assert.deepEqual(problemsOf(floorWith(['d1'], { spaces: [desk('d1', 'south')] })), ['spaces[0].zone: there is no zone south on this floor'])
})

test('a space without a shape and a shape without a space are named', async () => {
  const floor = floorWith(['d1'])
  assert.deepEqual(problemsOf({ ...floor, spaces: [desk('d2')] }), [
    'plan.features[0].properties.space: there is no space d1 on this floor',
    'spaces[0]: space d2 has no shape: the plan needs a Point or Polygon with properties.space'
  ])
})

test('a space that is a line is refused', async () => {
  assert.deepEqual(problemsOf(drawn({ type: 'LineString', coordinates: [[0, 0], [1, 0]] })), ['plan.features[0].geometry.type: a space or zone is a Point or a Polygon'])
})

test('a ring that is open, short, flat or crosses itself is refused', async () => {
  const messages = [
    ring([0, 0], [1, 0], [1, 1], [0, 1]),
    ring([0, 0], [1, 0], [0, 0]),
    ring([0, 0], [1, 0], [2, 0], [0, 0]),
    ring([0, 0], [1, 1], [1, 0], [0, 1], [0, 0]),
    ring([0, 0], [2, 0], [2, 2], [1, 0], [0, 2], [0, 0]),
    ring([0, 0], [2, 0], [2, 2], [2, 1], [0, 1], [0, 0])
  ].map(shape => checkPlan(drawn(shape))[0]?.problem)
  assert.deepEqual(messages, [
    'the ring is not closed: its last point must be the same as its first',
    'a ring has at least 4 points, the last one the same as the first',
    'the shape is 2 m by 0 m: too small to be a place',
    'the ring crosses or touches itself',
    'the ring crosses or touches itself',
    'the ring crosses or touches itself'
  ])
})

test('a triangle and an L are shapes', async () => {
  assert.deepEqual(checkPlan(drawn(ring([0, 0], [2, 0], [1, 2], [0, 0]))), [])
  assert.deepEqual(checkPlan(drawn(ring([0, 0], [4, 0], [4, 2], [2, 2], [2, 4], [0, 4], [0, 0]))), [])
})

test('a corner on a straight edge is no mistake', async () => {
  assert.deepEqual(checkPlan(drawn(ring([0, 0], [1, 0], [2, 0], [2, 2], [0, 2], [0, 1], [0, 0]))), [])
})

test('coordinates far out, infinite or no number are refused', async () => {
  for (const x of [2000.1, -5000, Infinity, NaN]) {
    const [problem] = checkPlan(drawn({ type: 'Point', coordinates: [x, 1] }))
    assert.equal(problem?.path, 'plan.features[0].geometry.coordinates')
    assert.match(problem?.problem ?? '', /metres from a corner of the floor/)
  }
})

test('degrees are told apart from metres', async () => {
  const at = (x: number, y: number): PlanGeometry => ({ type: 'Point', coordinates: [x, y] })
  const features = [at(13.37771, 52.51621), at(13.37774, 52.51623)].map((geometry, i) => {
    return { type: 'Feature' as const, geometry, properties: { space: `d${i + 1}` } }
  })
  assert.deepEqual(problemsOf(floorWith(['d1', 'd2'], { plan: { type: 'FeatureCollection', features } })), [
    'plan: all shapes lie within 0.00003 m by 0.00002 m: coordinates are metres, not degrees'
  ])
})

test('spaces that were taken off count towards the most that a floor may have', async () => {
  const ids = Array.from({ length: 1_500 }, (_, i) => `d${i}`)
  const floor = floorWith(ids, { plan: { type: 'FeatureCollection', features: ids.map((space, i) => ({ type: 'Feature', geometry: square(i % 50, Math.floor(i / 50), 0.8), properties: { space } })) } })
  assert.deepEqual(checkPlan(floor, 500), [])
  assert.deepEqual(checkPlan(floor, 501).map(({ path }) => path), ['spaces'])
})

test('no more problems are listed than somebody would read', async () => {
  const floor = floorWith(Array.from({ length: 100 }, () => 'd1'))
  assert.equal(checkPlan(floor).length, MOST_PROBLEMS)
})
