import assert from 'node:assert/strict'
import { test } from 'tap'
import { displayOptions } from '../../src/web/display/options.ts'
import { turnAt, turnsOf } from '../../src/web/display/rotation.ts'
import { floorsAround } from '../../src/web/display/shown.ts'

const FLOORS = ['hq-5', 'hq-4', 'hq-3']

test('a display begins with its own floor and stays longest on it', async () => {
  assert.deepEqual(turnsOf(FLOORS, 'hq-3', displayOptions('?dwell=10')), [{ floor: 'hq-3', ms: 30_000 }, { floor: 'hq-5', ms: 10_000 }, { floor: 'hq-4', ms: 10_000 }])
})

test('one that stands nowhere gives each floor the same time', async () => {
  assert.deepEqual(turnsOf(FLOORS, null, displayOptions('')).map(({ floor, ms }) => [floor, ms]), [['hq-5', 20_000], ['hq-4', 20_000], ['hq-3', 20_000]])
})

test('floors in the address are shown in their order, each once, and those that there are not are passed over', async () => {
  const options = displayOptions('?floors=hq-4,%20hq-9,hq-5,hq-4&dwell=15')
  assert.deepEqual(options.floors, ['hq-4', 'hq-9', 'hq-5'])
  assert.deepEqual(turnsOf(FLOORS, 'hq-3', options), [{ floor: 'hq-4', ms: 15_000 }, { floor: 'hq-5', ms: 15_000 }])
})

test('turns follow each other, and after the last comes the first', async () => {
  const turns = turnsOf(FLOORS, 'hq-3', displayOptions('?dwell=10'))
  assert.deepEqual([0, 29_999, 30_000, 45_000, 50_000, 3_600_000].map(ms => turnAt(turns, ms)), ['hq-3', 'hq-3', 'hq-5', 'hq-4', 'hq-3', 'hq-3'])
})

test('a clock that was set back leaves somebody their turn, and without floors there is none', async () => {
  assert.equal(turnAt(turnsOf(FLOORS, 'hq-3', displayOptions('?dwell=10')), -5_000), 'hq-4')
  assert.equal(turnAt([], 5_000), null)
})

test('what the address says wrongly is as if it said nothing', async () => {
  assert.deepEqual(displayOptions('?floors=,&dwell=soon&theme=pink'), { floors: null, dwellMs: 20_000, theme: 'auto' })
  assert.deepEqual([displayOptions('?dwell=0.1').dwellMs, displayOptions('?dwell=99999').dwellMs, displayOptions('?theme=time').theme], [5_000, 3_600_000, 'time'])
})

test('of many floors those around the shown one are listed', async () => {
  const floors = [9, 8, 7, 6, 5, 4, 3, 2, 1]
  assert.deepEqual(floorsAround(floors, 5, 3), [6, 5, 4])
  assert.deepEqual(floorsAround(floors, 9, 3), [9, 8, 7])
  assert.deepEqual(floorsAround(floors, 1, 3), [3, 2, 1])
  assert.deepEqual(floorsAround(floors, null, 3), [9, 8, 7])
  assert.equal(floorsAround(floors, 5, 9), floors)
})
