import { test } from 'tap'
import assert from 'node:assert/strict'
import { at, claimId, claimOf, Office, refused, told } from '../harness/office.ts'

test('a booking that is released before it begins leaves the space to others', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('14:00'), to: at('15:00') })
  const released = claimOf(office.releases(claim))
  assert.deepEqual(released.life, { state: 'ended', at: at('09:00'), why: 'released' })
  office.granted({ space: 'd1', person: 'bob', from: at('14:00'), to: at('15:00') })
  office.granted({ space: 'd2', person: 'ada', from: at('14:00'), to: at('15:00') })
})

test('a claim that is released early leaves the rest of its time to others', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true })
  office.advanceTo(at('09:30'))
  assert.deepEqual(told(office.releases(claim)), ['ended'])
  assert.equal(office.record('d1').current, null)
  office.granted({ space: 'd1', person: 'bob' })
})

test('a released claim keeps the times it was granted for', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.advanceTo(at('09:05'))
  const released = claimOf(office.releases(claim))
  assert.deepEqual([released.from, released.to], [claim.from, claim.to])
})

test('releasing again is the same answer and changes nothing', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  const first = claimOf(office.releases(claim))
  office.advanceTo(at('12:00'))
  const again = office.releases(claim)
  assert.ok(again.ok && again.outcome.repeated && !again.changed)
  assert.deepEqual(claimOf(again), first)
})

test('a claim that ended by itself is not released any more', async () => {
  const office = new Office()
  const missed = office.granted({ space: 'd1' })
  const over = office.granted({ space: 'd2', person: 'bob', checkIn: true, to: at('09:10') })
  office.advanceTo(at('09:15'))
  refused(office.releases(missed), 'CLAIM_ENDED', { why: 'no-show' })
  refused(office.releases(over), 'CLAIM_ENDED', { why: 'over', at: at('09:10') })
})

test('a claim on a blocked space can be released', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.blocks('d1')
  claimOf(office.releases(claim))
})

test('a claim over many days is released from all of them', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'l1', to: at('18:00', 20) })
  office.releases(claim)
  assert.deepEqual(office.record('l1').days, [])
  assert.equal([...office.records.keys()].filter(key => key.startsWith('day/') || key.startsWith('person/')).length, 0)
})

test('an unknown claim is unknown', async () => {
  refused(new Office().does({ type: 'release', claim: claimId(at('09:00'), 1) }), 'CLAIM_UNKNOWN')
})

test('a claim that a fault took away is revoked, once', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  assert.equal(claimOf(office.does({ type: 'revoke', claim: claim.id })).life.state, 'ended')
  const again = office.does({ type: 'revoke', claim: claim.id })
  assert.ok(again.ok && again.outcome.repeated)
  refused(office.releases(claim), 'CLAIM_ENDED', { why: 'revoked' })
})
