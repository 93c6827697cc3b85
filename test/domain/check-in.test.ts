import { test } from 'tap'
import assert from 'node:assert/strict'
import { MINUTE } from '../../src/domain/time.ts'
import { at, claimId, claimOf, daily, Office, refused, told, ZURICH } from '../harness/office.ts'

test('a claim that has begun is checked in', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.advanceTo(at('09:10') + 5)
  assert.deepEqual(claimOf(office.checksIn(claim)).life, { state: 'present', since: at('09:10') + 5 })
  assert.deepEqual(office.record('d1').current?.claim.life, { state: 'present', since: at('09:10') + 5 })
})

test('a claim that is checked in lasts to its end', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.checksIn(claim)
  office.advanceTo(at('12:00'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('12:00'), why: 'over' })
})

test('checking in opens at the time the policy says before the beginning', async () => {
  const office = new Office({ policy: { checkInEarlyMs: 20 * MINUTE } })
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:40') - 1)
  refused(office.checksIn(claim), 'OUTSIDE_POLICY', { rule: 'check-in-window', opensAt: at('09:40') })
  office.advanceTo(at('09:40'))
  claimOf(office.checksIn(claim))
})

test('who comes early to a free space begins early', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:50') + 300)
  const early = claimOf(office.checksIn(claim))
  assert.deepEqual([early.from, early.to], [at('09:50'), at('11:00')])
  assert.equal(office.record('d1').current?.claim.id, claim.id)
})

test('who comes early while somebody else is still there is checked in and begins at their time', async () => {
  const office = new Office()
  const before = office.granted({ space: 'd1', person: 'bob', checkIn: true, to: at('10:00') })
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:50'))
  assert.equal(claimOf(office.checksIn(claim)).from, at('10:00'))
  assert.equal(office.record('d1').current?.claim.id, before.id)
  office.advanceTo(at('10:30'))
  assert.deepEqual(office.record('d1').current?.claim.life, { state: 'present', since: at('09:50') })
})

test('who comes early but holds another space until then begins at their time', async () => {
  const office = new Office()
  office.granted({ space: 'd2', checkIn: true, to: at('10:00') })
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:50'))
  assert.equal(claimOf(office.checksIn(claim)).from, at('10:00'))
})

test('who comes before the site opens begins at their time', async () => {
  const office = new Office({ now: at('06:50') })
  const claim = office.granted({ space: 'd1', from: at('07:00'), to: at('11:00') })
  assert.equal(claimOf(office.checksIn(claim)).from, at('07:00'))
})

test('who comes early and would stay longer than allowed begins at their time', async () => {
  const office = new Office({ policy: { longestStayMs: 60 * MINUTE } })
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:50'))
  assert.equal(claimOf(office.checksIn(claim)).from, at('10:00'))
})

test('who comes early on the evening before begins there', async () => {
  const office = new Office({ now: at('23:50'), hours: { zone: ZURICH, hours: null } })
  const claim = office.granted({ space: 'd1', from: at('00:00', 1), to: at('01:00', 1) })
  claimOf(office.checksIn(claim))
  assert.deepEqual(office.record('d1').days, ['2026-03-02', '2026-03-03'])
})

test('who comes early on a UTC day that is full of their claims begins at their time', async () => {
  const office = new Office({ now: at('00:30'), hours: { zone: ZURICH, hours: null } })
  const rooms = Array.from({ length: 64 }, (_, n) => `room-${n}`)
  office.build('hq-3', Object.fromEntries(rooms.map(room => [room, 'room'])))
  for (const room of rooms) office.run(office.asked({ space: room, checkIn: true, to: at('00:58') }))
  const claim = office.granted({ space: 'd1', from: at('01:00'), to: at('02:00') })
  office.advanceTo(at('00:55'))
  assert.equal(claimOf(office.checksIn(claim)).from, at('01:00'))
})

test('checking in again changes nothing', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.checksIn(claim)
  office.advanceTo(at('09:30'))
  const again = office.checksIn(claim)
  assert.ok(again.ok && again.outcome.repeated && !again.changed)
  assert.deepEqual(claimOf(again).life, { state: 'present', since: at('09:00') })
})

test('a claim that has ended is not checked in', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.advanceTo(at('09:15'))
  refused(office.checksIn(claim), 'CLAIM_ENDED', { why: 'no-show', at: at('09:15') })
})

test('a claim whose grace is over is not checked in, though no keeper has been there', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.now = at('09:15')
  refused(office.checksIn(claim), 'CLAIM_ENDED', { why: 'no-show' })
})

test('nobody checks in to a space out of service', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.blocks('d1', at('10:00'))
  refused(office.checksIn(claim), 'SPACE_BLOCKED', { until: at('10:00') })
})

test('an unknown claim is unknown', async () => {
  refused(new Office().does({ type: 'check-in', claim: claimId(at('09:00'), 1) }), 'CLAIM_UNKNOWN')
})

test('the ledger hears that a claim was checked in, and that it began early', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('09:10'), to: at('10:00') })
  assert.deepEqual(told(office.checksIn(claim)), ['checked-in', 'began'])
})

test('coming early never gives a person two claims of a kind, whatever the plan made of the space', async () => {
  const office = new Office()
  office.granted({ space: 'd2', checkIn: true, to: at('10:00') })
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.place('hq-1', [office.placing('d1', { kind: 'room' })])
  office.advanceTo(at('09:50'))
  assert.equal(claimOf(office.checksIn(claim)).from, at('10:00'))
})

test('coming early under a looser policy than the claim was made under takes the mark of the ledger\'s constraint away', async () => {
  const office = new Office()
  office.granted({ space: 'd2', checkIn: true, to: at('10:00') })
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.govern({ overlapping: { desk: 2 } }, daily(ZURICH, '07:00', '20:00'))
  office.advanceTo(at('09:50'))
  const early = claimOf(office.checksIn(claim))
  assert.deepEqual([early.from, early.sole], [at('09:50'), false])
})
