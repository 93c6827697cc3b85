import assert from 'node:assert/strict'
import { test } from 'tap'
import { demoOffice } from '../../src/cli/seed.ts'
import { checkPlan } from '../../src/domain/check-plan.ts'
import { ID_PATTERN } from '../../src/domain/ids.ts'
import type { Floor } from '../../src/domain/plan.ts'

const office = demoOffice()
const spaces = office.floors.flatMap(floor => floor.spaces)

test('the demo office is the same at every call', async () => {
  assert.deepEqual(demoOffice(), office)
})

test('the demo office has two sites, at least six floors, 600 spaces and 1,500 people in about 40 teams', async () => {
  assert.equal(office.sites.length, 2)
  assert.ok(office.floors.length >= 6, `${office.floors.length} floors`)
  assert.ok(spaces.length >= 600, `${spaces.length} spaces`)
  assert.ok(office.people.length >= 1_500, `${office.people.length} people`)
  assert.ok(office.groups.length >= 40, `${office.groups.length} groups`)
})

test('every plan of the demo can be used', async () => {
  for (const floor of office.floors) assert.deepEqual(checkPlan(floor), [], floor.id)
})

test('every shape of a plan lies within its floor\'s outline', async () => {
  for (const floor of office.floors) {
    const { right, top } = extent(floor)
    for (const { geometry, properties } of floor.plan.features) {
      const points = geometry.type === 'Polygon' ? geometry.coordinates.flat() : geometry.type === 'LineString' ? geometry.coordinates : [geometry.coordinates]
      for (const [x, y] of points) assert.ok(x >= 0 && y >= 0 && x <= right && y <= top, `${floor.id}: ${JSON.stringify(properties)} at ${x}, ${y}`)
    }
  }
})

test('no two spaces of a floor stand in one another\'s place', async () => {
  for (const floor of office.floors) {
    const boxes = floor.plan.features.flatMap(({ geometry, properties }) => {
      if (properties.space === undefined || geometry.type !== 'Polygon') return []
      const points = geometry.coordinates.flat()
      const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
      return [{ id: properties.space, left: Math.min(...xs), right: Math.max(...xs), bottom: Math.min(...ys), top: Math.max(...ys) }]
    })
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.left + 0.01 || b.right <= a.left + 0.01 || a.top <= b.bottom + 0.01 || b.top <= a.bottom + 0.01
        assert.ok(apart, `${a.id} and ${b.id}`)
      }
    }
  }
})

test('ids are well formed and stand for one thing', async () => {
  const pattern = new RegExp(ID_PATTERN)
  for (const ids of [spaces.map(({ id }) => id), office.floors.map(({ id }) => id), office.people.map(({ id }) => id), office.groups.map(({ id }) => id)]) {
    for (const id of ids) assert.match(id, pattern)
    assert.equal(new Set(ids).size, ids.length)
  }
})

test('labels are told apart on each floor', async () => {
  for (const floor of office.floors) {
    const labels = floor.spaces.map(({ label }) => label)
    assert.equal(new Set(labels).size, labels.length, floor.id)
  }
})

test('groups and sites that are named are there', async () => {
  const groups = new Set(office.groups.map(({ id }) => id))
  const named = [
    ...office.people.flatMap(person => person.groups),
    ...office.floors.flatMap(floor => [...floor.zones, ...floor.spaces].flatMap(place => place.for?.groups ?? []))
  ]
  for (const group of named) assert.ok(groups.has(group), group)
  for (const { site } of office.floors) assert.ok(office.sites.some(({ id }) => id === site), site)
})

test('every team has people, and every badge one holder', async () => {
  for (const { id } of office.groups) assert.ok(office.people.some(({ groups }) => groups.includes(id)), id)
  const badges = office.people.flatMap(person => person.badges)
  assert.equal(new Set(badges).size, badges.length)
})

test('the office has each kind of space, something reserved for a group, features, and seats that only a sensor tells of', async () => {
  assert.deepEqual([...new Set(spaces.map(({ kind }) => kind))].sort(), ['booth', 'desk', 'locker', 'parking', 'room'])
  assert.ok(office.floors.some(({ zones }) => zones.some(zone => zone.for !== null)))
  assert.ok(spaces.some(({ sensorOnly }) => sensorOnly))
  for (const feature of ['screen', 'whiteboard', 'standing', 'two-screens', 'quiet']) assert.ok(spaces.some(({ features }) => features.includes(feature)), feature)
  assert.ok(office.people.some(({ visibility }) => visibility === 'hidden'))
})

test('whoever follows the README may have the desk that it names, at any hour', async () => {
  const floor = office.floors.find(({ id }) => id === 'hq-3')
  const desk = floor?.spaces.find(({ id }) => id === 'hq-3-d12')
  assert.equal(desk?.kind, 'desk')
  assert.equal(desk?.for, null)
  assert.equal(floor?.zones.find(({ id }) => id === desk?.zone)?.for, null)
  assert.equal(office.people.find(({ id }) => id === 'p0001')?.visibility, 'everyone')
  assert.equal(office.sites.find(({ id }) => id === 'hq')?.hours.hours, null)
})

function extent (floor: Floor): { right: number, top: number } {
  const outline = floor.plan.features.find(({ properties }) => properties.role === 'outline')?.geometry
  assert.equal(outline?.type, 'Polygon')
  const points = outline.coordinates.flat()
  return { right: Math.max(...points.map(([x]) => x)), top: Math.max(...points.map(([, y]) => y)) }
}
