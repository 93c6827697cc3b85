import { test } from 'tap'
import assert from 'node:assert/strict'
import { statusOf, type Status, type StatusSource } from '../../src/domain/status.ts'
import { at, Office } from '../harness/office.ts'

/** What may be true of a space, and what it is then called: the first that fits, blocked before occupied before reserved before unknown before free. */
const table: ReadonlyArray<{ block?: true, claim?: 'booked' | 'present', reading?: 'occupied' | 'vacant', sensorOnly?: true, is: Status, by: StatusSource | null }> = [
  { is: 'free', by: null },
  { reading: 'vacant', is: 'free', by: null },
  { sensorOnly: true, reading: 'vacant', is: 'free', by: null },
  { sensorOnly: true, is: 'unknown', by: null },
  { claim: 'booked', is: 'reserved', by: 'claim' },
  { claim: 'booked', reading: 'vacant', is: 'reserved', by: 'claim' },
  { reading: 'occupied', is: 'occupied', by: 'reading' },
  { sensorOnly: true, reading: 'occupied', is: 'occupied', by: 'reading' },
  { claim: 'booked', reading: 'occupied', is: 'occupied', by: 'reading' },
  { claim: 'present', is: 'occupied', by: 'claim' },
  { claim: 'present', reading: 'vacant', is: 'occupied', by: 'claim' },
  { claim: 'present', reading: 'occupied', is: 'occupied', by: 'claim' },
  { block: true, is: 'blocked', by: 'block' },
  { block: true, claim: 'present', is: 'blocked', by: 'block' },
  { block: true, reading: 'occupied', is: 'blocked', by: 'block' },
  { block: true, sensorOnly: true, is: 'blocked', by: 'block' },
  { block: true, claim: 'booked', reading: 'occupied', is: 'blocked', by: 'block' }
]

for (const { block, claim, reading, sensorOnly, is, by } of table) {
  const name = [sensorOnly && 'only a sensor tells of', block && 'blocked', claim && `claimed and ${claim}`, reading && `read as ${reading}`].filter(Boolean).join(', ')
  test(`a space that is ${name || 'nothing at all'} is ${is}`, async () => {
    const office = new Office({ policy: { readingChecksIn: false } })
    const space = sensorOnly ? 's1' : 'd1'
    if (claim !== undefined) office.granted({ space, checkIn: claim === 'present' })
    if (reading !== undefined) office.reads(space, reading)
    if (block) office.blocks(space)
    assert.deepEqual(statusOf(office.record(space)), { status: is, by })
  })
}

test('a reading is part of the status no longer than it is fresh', async () => {
  const office = new Office({ policy: { readingChecksIn: false, releaseGraceMs: null } })
  office.granted({ space: 'd1', to: at('12:00') })
  office.reads('d1', 'occupied')
  office.advanceTo(at('09:10'))
  assert.deepEqual(statusOf(office.record('d1')), { status: 'reserved', by: 'claim' })
})
