import { test } from 'tap'
import assert from 'node:assert/strict'
import { checkPlan } from '../../src/domain/check-plan.ts'
import { readFloorFile, type FloorAsked } from '../../src/domain/floor-file.ts'
import type { Floor } from '../../src/domain/plan.ts'

const ASKED: FloorAsked = { id: 'f1', site: 'hq', name: 'Studio', level: 3, before: null }

const square = (x: number, y: number, size = 2) => ({ type: 'Polygon', coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] })
const feature = (geometry: object, properties: object) => ({ type: 'Feature', id: 1, geometry, properties })
const collection = (...features: object[]) => JSON.stringify({ type: 'FeatureCollection', name: 'from a drawing program', features })

const THREE = [[0, 0], [10, 0], [0, 20]] as const
const three = (move: (x: number, y: number) => [number, number] = (x, y) => [x, y]) => collection(
  ...THREE.map(([x, y], i) => feature({ type: 'Point', coordinates: [...move(x, y), 412.5] }, { space: `d${i}`, label: `Desk ${i}`, zone: 'north', colour: 'red' })),
  feature({ type: 'LineString', coordinates: [move(0, 0), move(10, 20)] }, { role: 'wall' })
)

function read (text: string, asked: Partial<FloorAsked> = {}) {
  const found = readFloorFile(text, { ...ASKED, ...asked })
  if (found.state !== 'read') throw new Error(JSON.stringify(found.fault))
  return found
}

test('a collection says of each feature what it is, and what a drawing program adds is left out', async () => {
  const { floor, degrees, size } = read(three())
  assert.deepEqual(floor.spaces[1], { id: 'd1', label: 'Desk 1', kind: 'desk', zone: 'north', features: [], for: null, sensorOnly: false })
  assert.deepEqual(floor.zones, [{ id: 'north', name: 'north', for: null }])
  assert.deepEqual(floor.plan.features[1], { type: 'Feature', geometry: { type: 'Point', coordinates: [10, 0] }, properties: { space: 'd1' } })
  assert.deepEqual(floor.plan.features[3]?.properties, { role: 'wall' })
  assert.deepEqual([degrees, size, checkPlan(floor)], [false, { width: 10, height: 20 }, []])
})

test('what a collection does not say of a space or zone that is there is as it was', async () => {
  const before: Floor = { ...read(three()).floor, zones: [{ id: 'north', name: 'North wing', for: { people: [], groups: ['sales'] } }] }
  const known = { ...before, spaces: before.spaces.map(space => ({ ...space, kind: 'booth' as const, features: ['quiet'] })) }
  const { floor } = read(collection(feature(square(0, 0), { space: 'd0' }), feature(square(4, 0), { space: 'new' })), { before: known })
  assert.deepEqual(floor.spaces, [{ ...known.spaces[0] }, { id: 'new', label: 'new', kind: 'desk', zone: null, features: [], for: null, sensorOnly: false }])
  assert.deepEqual(floor.zones, known.zones)
})

test('a collection in degrees comes out in metres from its lower left corner', async () => {
  const { floor, degrees, size } = read(three((x, y) => [9.3767 + x / 75_453.6, 47.4245 + y / 111_177.7]))
  assert.equal(degrees, true)
  assert.ok(Math.abs(size.width - 10) < 0.01 && Math.abs(size.height - 20) < 0.01, JSON.stringify(size))
  assert.deepEqual(floor.plan.features[0]?.geometry, { type: 'Point', coordinates: [0, 0] })
  assert.deepEqual(checkPlan(floor), [])
})

test('one in degrees of a floor that is there is laid onto it, so that what stands where it stood is not moved', async () => {
  const before = read(three((x, y) => [x + 7, y + 3])).floor
  const wider = JSON.parse(three((x, y) => [9.3767 + x / 75_453.6, 47.4245 + y / 111_177.7])) as { features: object[] }
  wider.features.push(feature({ type: 'Point', coordinates: [9.3767 - 50 / 75_453.6, 47.4245] }, { space: 'far' }))
  const { floor } = read(JSON.stringify(wider), { before })
  const [x = 0, y = 0] = floor.plan.features[0]?.geometry.coordinates as [number, number]
  assert.ok(Math.abs(x - 7) < 0.01 && Math.abs(y - 3) < 0.01, `${x}, ${y}`)
})

test('a floor as the server gives it, and a document of perch import that has it, are read as they are', async () => {
  const { floor } = read(three())
  const { id, ...body } = { ...floor, revision: 4 }
  assert.deepEqual(read(JSON.stringify({ id, ...body })).floor, floor)
  assert.equal(read(JSON.stringify({ id, ...body })).revision, 4)
  assert.deepEqual(read(JSON.stringify({ floors: [{ id: 'other', ...body }, { id, ...body }] })).floor, floor)
})

test('what is no plan says what it is', async () => {
  const fault = (text: string) => {
    const found = readFloorFile(text, ASKED)
    return found.state === 'unreadable' ? found.fault : null
  }
  assert.deepEqual(fault('{"type":'), { fault: 'not-json' })
  for (const text of ['[]', 'null', '{}', '{"type":"FeatureCollection"}', '{"type":"Topology"}', '{"plan":{},"spaces":[]}']) assert.deepEqual(fault(text), { fault: 'not-a-plan' }, text)
  assert.deepEqual(fault('{"floors":[{"id":"g7"}]}'), { fault: 'no-such-floor', floors: ['g7'] })
  assert.deepEqual(fault(collection(feature(square(0, 0), {}), { type: 'Feature', geometry: null })), { fault: 'geometry', feature: 1, type: 'null' })
  assert.deepEqual(fault(collection(feature({ type: 'MultiPolygon', coordinates: [[], []] }, {}))), { fault: 'geometry', feature: 0, type: 'MultiPolygon' })
  assert.deepEqual(fault(collection(feature({ type: 'Point', coordinates: ['a', 1] }, {}))), { fault: 'geometry', feature: 0, type: 'Point' })
})
