import { test } from 'tap'
import assert from 'node:assert/strict'
import { planChanges } from '../../src/domain/plan-changes.ts'
import type { Floor, Space } from '../../src/domain/plan.ts'

const desk = (id: string, more: Partial<Space> = {}): Space => ({ id, label: id, kind: 'desk', zone: null, features: [], for: null, sensorOnly: false, ...more })

function floor (spaces: readonly Space[], places: Record<string, [number, number]> = {}, zones: Floor['zones'] = []): Floor {
  const features = spaces.map(({ id }, i) => ({ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: places[id] ?? [i * 2, 0] as [number, number] }, properties: { space: id } }))
  return { id: 'f1', site: 'hq', name: 'F', level: 0, zones, spaces, plan: { type: 'FeatureCollection', features } }
}

test('spaces are added, removed, moved, renamed and changed, and the rest stays', async () => {
  const before = floor([desk('a'), desk('b'), desk('c'), desk('d'), desk('e')])
  const after = floor([desk('a'), desk('b'), desk('c', { label: 'C 1' }), desk('d', { features: ['screen'] }), desk('f')], { b: [5, 4], f: [8, 8] })
  const changes = planChanges(before, after)
  assert.deepEqual(changes.added.map(({ id }) => id), ['f'])
  assert.deepEqual(changes.removed.map(({ id }) => id), ['e'])
  assert.deepEqual(changes.moved.map(({ space, metres }) => [space.id, metres]), [['b', 5]])
  assert.deepEqual(changes.renamed.map(({ space, before }) => [space.id, before, space.label]), [['c', 'c', 'C 1']])
  assert.deepEqual(changes.changed.map(({ id }) => id), ['d'])
  assert.equal(changes.same, 1)
})

test('what was drawn anew within a hand\'s breadth has not moved', async () => {
  const before = floor([desk('a'), desk('b')])
  assert.deepEqual(planChanges(before, floor([desk('a'), desk('b')], { a: [0.05, 0.05] })), { ...planChanges(before, before), same: 2 })
})

test('of a new floor everything is added', async () => {
  const { added, removed, same } = planChanges(null, floor([desk('a')], {}, [{ id: 'n', name: 'North', for: null }]))
  assert.deepEqual([added.length, removed, same], [1, [], 0])
})

test('zones are told by their names', async () => {
  const zone = (id: string, name: string) => ({ id, name, for: null })
  const { zones } = planChanges(floor([], {}, [zone('n', 'North'), zone('s', 'South')]), floor([], {}, [zone('n', 'Nord'), zone('w', 'West')]))
  assert.deepEqual([zones.added.map(({ id }) => id), zones.removed.map(({ id }) => id), zones.renamed.map(({ zone: { id }, before }) => [id, before])], [['w'], ['s'], [['n', 'North']]])
})
