import assert from 'node:assert/strict'
import { test } from 'tap'
import type { Space } from '../../src/client/index.ts'
import type { Status } from '../../src/domain/status.ts'
import type { FloorView } from '../../src/protocol/plan.ts'
import { foldZones, occupancyOf } from '../../src/web/display/occupancy.ts'

type Spaces = FloorView['spaces']

const desk = (id: string, zone?: string): Spaces[number] => ({ id, label: id, kind: 'desk', ...zone !== undefined && { zone } })
const space = (id: string, status: Status, more: Partial<Space> = {}): Space => ({ id, status, since: '2026-03-03T08:00:00Z', ...more })
const lookIn = (spaces: readonly Space[]) => (id: string) => spaces.find(known => known.id === id)

test('desks are counted, and neither the rooms beside them nor the seats that nobody can claim', async () => {
  const spaces: Spaces = [desk('d1'), desk('d2'), { ...desk('s1'), sensorOnly: true }, { ...desk('r1'), kind: 'room' }]
  const { main, mainTally, others } = occupancyOf({ zones: [], spaces }, lookIn([space('d1', 'free'), space('d2', 'occupied'), space('s1', 'free'), space('r1', 'reserved')]))
  assert.equal(main, 'desk')
  assert.deepEqual(mainTally, { total: 2, free: 1, brief: 0, reserved: 0, occupied: 1 })
  assert.deepEqual(others.map(({ sort, tally }) => [sort, tally.free, tally.total]), [['room', 0, 1], ['seat', 1, 1]])
})

test('a desk that somebody is about to have is counted by itself', async () => {
  const { mainTally } = occupancyOf({ zones: [], spaces: [desk('d1'), desk('d2')] }, lookIn([space('d1', 'free', { brief: true }), space('d2', 'free')]))
  assert.deepEqual([mainTally.free, mainTally.brief], [1, 1])
})

test('what is out of service, unknown, or not told of yet is neither free nor taken', async () => {
  const { mainTally } = occupancyOf({ zones: [], spaces: [desk('d1'), desk('d2'), desk('d3')] }, lookIn([space('d1', 'blocked'), space('d2', 'unknown')]))
  assert.deepEqual(mainTally, { total: 3, free: 0, brief: 0, reserved: 0, occupied: 0 })
})

test('a floor without desks is counted by what there is most of', async () => {
  const bay = (id: string): Spaces[number] => ({ ...desk(id), kind: 'parking' })
  const { main, others } = occupancyOf({ zones: [], spaces: [{ ...desk('k1'), kind: 'locker' }, bay('p1'), bay('p2')] }, lookIn([]))
  assert.deepEqual([main, others.map(({ sort }) => sort)], ['parking', ['locker']])
})

test('zones have the desks that stand in them, in the plan\'s order, and those without desks are left out', async () => {
  const zones = [{ id: 'south', name: 'South' }, { id: 'hall', name: 'Hall' }, { id: 'north', name: 'North' }]
  const spaces: Spaces = [desk('d1', 'north'), desk('d2', 'south'), desk('d3', 'south'), { ...desk('k1', 'hall'), kind: 'locker' }]
  const counted = occupancyOf({ zones, spaces }, lookIn([space('d1', 'free'), space('d2', 'free'), space('d3', 'reserved')]))
  assert.deepEqual(counted.zones.map(({ name, tally }) => [name, tally.free, tally.total]), [['South', 1, 2], ['North', 1, 1]])
})

test('zones that have no room on the screen are told of as one, and the emptiest stand by themselves', async () => {
  const zone = (id: string, free: number) => ({ id, name: id, tally: { total: 10, free, brief: 0, reserved: 0, occupied: 10 - free } })
  const { shown, rest } = foldZones([zone('a', 1), zone('b', 7), zone('c', 2), zone('d', 5)], 3)
  assert.deepEqual(shown.map(({ id }) => id), ['b', 'd'])
  assert.deepEqual(rest, { zones: 2, tally: { total: 20, free: 3, brief: 0, reserved: 0, occupied: 17 } })
  assert.equal(foldZones([zone('a', 1), zone('b', 7)], 2).rest, null)
})
