import assert from 'node:assert/strict'
import { test } from 'tap'
import { gridBox, lineOffset, lineWidth, overlaps, snappedView } from '../../src/web/plan/grid.ts'
import { spaceNear } from '../../src/web/plan/hit.ts'
import { shapesOf, type SpaceShape } from '../../src/web/plan/shapes.ts'
import { shortened, spaceText } from '../../src/web/plan/space-text.ts'
import { entangled, tilesOf } from '../../src/web/plan/tile.ts'
import { broughtInSight, isInSight, startOf, toPlan, viewOf } from '../../src/web/plan/view.ts'

const space = (id: string, x: number, y: number, width = 1.6, height = 0.8, kind: SpaceShape['kind'] = 'desk'): SpaceShape => ({ id, label: id, kind, zone: null, features: [], box: { x, y, width, height }, path: null })

test('a plan\'s y grows upwards, a picture\'s downwards, and sums of centimetres are still straight', async () => {
  const { spaces, box } = shapesOf({
    id: 'f',
    name: 'F',
    zones: [],
    spaces: [{ id: 'd', label: 'D', kind: 'desk' }],
    plan: { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[0.1, 0.2], [0.3, 0.2], [0.30000000000000004, 1.1], [0.1, 1.1], [0.1, 0.2]]] }, properties: { space: 'd' } }] }
  })
  assert.equal(spaces[0]?.path, null)
  assert.equal(spaces[0]?.box.y, -1.1)
  assert.equal(box.y, -1.1)
})

test('every edge lies between two device pixels, whatever the ratio', async () => {
  for (const ratio of [1, 1.5, 2, 3]) {
    const { x, y, width, height } = gridBox({ x: 1.23, y: 4.56, width: 1.6, height: 0.8 }, { scale: 13.37, ratio })
    for (const edge of [x, y, x + width, y + height]) assert.ok(Math.abs(edge * ratio - Math.round(edge * ratio)) < 1e-9, `${ratio}`)
    const { x: left } = snappedView({ scale: 1, x: 1.234, y: 0 }, ratio)
    assert.ok(Math.abs(left * ratio - Math.round(left * ratio)) < 1e-9)
  }
})

test('a line is whole device pixels wide, and an odd one is centred on a pixel', async () => {
  assert.equal(lineWidth(0.2, 2), 0.5)
  assert.equal(lineOffset(lineWidth(1, 1), 1), 0.5)
  assert.equal(lineOffset(lineWidth(1, 2), 2), 0)
})

test('neighbours that touch do not overlap', async () => {
  assert.equal(overlaps({ x: 0, y: 0, width: 1, height: 1 }, { x: 1, y: 0, width: 1, height: 1 }), false)
  assert.equal(overlaps({ x: 0, y: 0, width: 1.1, height: 1 }, { x: 1, y: 0, width: 1, height: 1 }), true)
})

test('a tap means the space beneath it, the nearest one within reach, and of two the smaller', async () => {
  const spaces = [space('room', 0, 0, 8, 6, 'room'), space('desk', 1, 1), space('far', 20, 20)]
  assert.equal(spaceNear(spaces, { x: 1.2, y: 1.2 }, 0)?.id, 'desk')
  assert.equal(spaceNear(spaces, { x: 5, y: 5 }, 0)?.id, 'room')
  assert.equal(spaceNear(spaces, { x: 19.5, y: 20 }, 1)?.id, 'far')
  assert.equal(spaceNear(spaces, { x: 12, y: 12 }, 1), null)
})

test('the whole floor lies in the middle, and what is on the canvas is found on the plan again', async () => {
  const view = viewOf({ x: 0, y: -31, width: 56, height: 31 }, { width: 800, height: 600 }, 16)
  assert.deepEqual(toPlan(view, { x: 400, y: 300 }), { x: 28, y: -15.5 })
  assert.ok(isInSight({ x: 0, y: -31, width: 56, height: 31 }, view, { width: 800, height: 600 }, 15.9))
})

test('a phone begins with a part of the floor that can be made out, and a large screen with all of it', async () => {
  const box = { x: 0, y: 0, width: 56, height: 31 }
  const scales = { enough: 11, readable: 18, large: 26 }
  const phone = startOf(box, { width: 390, height: 600 }, 16, scales)
  assert.ok(phone.scale >= 18 && phone.scale <= 26)
  assert.equal(phone.x, 16)
  assert.deepEqual(startOf(box, { width: 1200, height: 800 }, 16, scales), viewOf(box, { width: 1200, height: 800 }, 16))
})

test('a space out of sight is brought in by no more than it takes', async () => {
  const view = { scale: 10, x: 0, y: 0 }
  const size = { width: 400, height: 300 }
  assert.deepEqual(broughtInSight({ x: 10, y: 10, width: 2, height: 1 }, view, size, 20), view)
  assert.deepEqual(broughtInSight({ x: 50, y: -3, width: 2, height: 1 }, view, size, 20), { scale: 10, x: -140, y: 50 })
  assert.deepEqual(broughtInSight({ x: 0, y: 0, width: 60, height: 1 }, view, size, 20), { scale: 10, x: -100, y: 20 })
})

test('a label has to fit, a name needs more room, and is shortened before it is left out', async () => {
  const width = (text: string): number => text.length * 6
  const text = (box: { width: number, height: number }, name: string | null = 'Anna Keller') => spaceText({ label: '3-N-14', name, box: { x: 0, y: 0, ...box }, px: 12, isRoom: false, width }).lines.map(line => line.text)
  assert.deepEqual(text({ width: 36, height: 19 }), [])
  assert.deepEqual(text({ width: 60, height: 30 }, null), ['3-N-14'])
  assert.deepEqual(text({ width: 60, height: 30 }), ['Anna K.'])
  assert.deepEqual(text({ width: 44, height: 30 }, 'Maximiliane Freifrau'), ['3-N-14'])
  assert.deepEqual(text({ width: 90, height: 52 }), ['3-N-14', 'Anna Keller'])
  assert.equal(shortened('Anna Keller', 45, width), 'Anna K.')
  assert.equal(shortened('Maximiliane Freifrau von Oberhausen', 30, width), null)
  assert.equal(shortened('Dr. Maximiliane Freifrau von Oberhausen', 90, width), 'Maximiliane O.', 'a title is not what one is called')
})

test('only what lies over something else is painted together with it', async () => {
  const tiles = tilesOf({ spaces: [space('a', 0, 0), space('b', 1.6, 0), space('room', 30, 0, 8, 6, 'room'), space('in it', 31, 1)] })
  assert.deepEqual([...entangled(tiles)].sort(), ['in it', 'room'])
  assert.equal(tiles[0]?.walls, true)
})
