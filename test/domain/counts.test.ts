import { test } from 'tap'
import assert from 'node:assert/strict'
import { noCounts, tally, type FloorCounts } from '../../src/domain/counts.ts'
import { at, Office } from '../harness/office.ts'

const none = (): FloorCounts => ({ ...noCounts(), zones: {} })

test('each space counts once, by its status', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'ada' })
  office.granted({ space: 'd2', person: 'bob', checkIn: true })
  office.blocks('d3')
  office.granted({ space: 'r1', from: at('09:20'), to: at('10:00') })
  const counts = none()
  for (const space of ['d1', 'd2', 'd3', 'r1', 'r2', 's1']) tally(counts, office.record(space), 1)
  assert.deepEqual(counts, { free: 1, freeBriefly: 1, reserved: 1, occupied: 1, blocked: 1, unknown: 1, zones: {} })
})

test('a removed space does not count', async () => {
  const office = new Office()
  office.place('hq-1', [office.placing('d1', { removed: true })])
  const counts = none()
  tally(counts, office.record('d1'), 1)
  assert.deepEqual(counts, none())
})

test('taking a space away is counting it back', async () => {
  const office = new Office()
  const record = { ...office.record('d1'), zone: 'quiet' }
  const counts = none()
  tally(counts, record, 1)
  assert.deepEqual([counts.free, counts.zones['quiet']?.free], [1, 1])
  tally(counts, record, -1)
  assert.deepEqual([counts.free, counts.zones['quiet']?.free], [0, 0])
})

test('a zone that is called like something of every object counts like others', async () => {
  const office = new Office()
  for (const zone of ['constructor', 'toString', 'hasOwnProperty']) {
    const counts = none()
    tally(counts, { ...office.record('d1'), zone }, 1)
    assert.deepEqual(JSON.parse(JSON.stringify(counts.zones)), { [zone]: { ...noCounts(), free: 1 } })
  }
})
