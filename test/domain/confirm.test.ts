import { test } from 'tap'
import assert from 'node:assert/strict'
import { NEVER } from '../../src/domain/deadlines.ts'
import { at, Office, told } from '../harness/office.ts'

test('what the ledger has is no longer provisional, on all days', async () => {
  const office = new Office()
  office.provisional = true
  office.granted({ space: 'l1', to: at('12:00', 3) })
  office.granted({ space: 'l1', person: 'bob', from: at('08:00', 5), to: at('12:00', 5) })
  office.provisional = false
  assert.deepEqual(told(office.does({ type: 'confirm', spaces: ['l1', 'd1', 'nowhere'] })), ['settled'])
  assert.equal(office.record('l1').current?.provisional, false)
  assert.ok(!JSON.stringify([...office.records]).includes('"provisional":true'))
})

test('where nothing is provisional nothing is told, and the space is not asked about again', async () => {
  const office = new Office()
  office.granted({ space: 'd1' })
  assert.deepEqual(told(office.does({ type: 'confirm', spaces: ['d1', 'd2', 'nowhere'] })), [])
  for (const space of ['d1', 'd2', 'nowhere']) assert.equal(office.due.has(`confirm/${space}`), false)
})

test('what is granted provisionally waits among the deadlines until it is confirmed, and only that', async () => {
  const office = new Office()
  office.granted({ space: 'd1' })
  office.provisional = true
  const claim = office.granted({ space: 'd2', person: 'bob' })
  assert.ok(office.changes(claim, { space: 'd3' }).ok)
  const waiting = () => [...office.due].filter(([name]) => name.startsWith('confirm/'))
  assert.deepEqual(waiting(), [['confirm/d2', NEVER], ['confirm/d3', NEVER]])
  office.provisional = false
  office.does({ type: 'confirm', spaces: ['d2', 'd3'] })
  assert.deepEqual(waiting(), [])
})

test('confirming does what is due, so that no deadline is passed over', async () => {
  const office = new Office()
  office.provisional = true
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('10:00') })
  office.granted({ space: 'd1', person: 'bob', from: at('12:00'), to: at('13:00') })
  office.now = at('10:00') + 2
  assert.deepEqual(told(office.does({ type: 'confirm', spaces: ['d1'] })), ['ended'])
  assert.equal(office.claimNow(claim).life.state, 'ended')
  assert.equal(office.record('d1').next?.provisional, false)
})
