import { test } from 'tap'
import assert from 'node:assert/strict'
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import { statusOf } from '../../src/domain/status.ts'
import { at, daily, Office, refused, told, ZURICH, claimOf } from '../harness/office.ts'
import type { Answer } from '../harness/world.ts'

const result = (answer: Answer) => answer.ok ? answer.outcome.reading : answer.code

test('a reading is what the sensor said, until it is stale', async () => {
  const office = new Office()
  assert.equal(result(office.reads('d1', 'occupied', at('08:59'))), 'applied')
  assert.deepEqual(office.record('d1').reading, { value: 'occupied', at: at('08:59'), since: at('08:59'), staleAt: at('09:09'), marks: true })
})

test('an occupied reading marks a free space as occupied, a vacant one frees it', async () => {
  const office = new Office()
  office.reads('d1', 'occupied')
  assert.deepEqual(statusOf(office.record('d1')), { status: 'occupied', by: 'reading' })
  office.advanceTo(at('09:01'))
  office.reads('d1', 'vacant')
  assert.equal(statusOf(office.record('d1')).status, 'free')
})

test('a reading marks nothing where the policy does not let it', async () => {
  const office = new Office({ policy: { readingMarks: false } })
  office.reads('d1', 'occupied')
  assert.equal(statusOf(office.record('d1')).status, 'free')
})

test('a stale reading says nothing any more', async () => {
  const office = new Office()
  office.reads('d1', 'occupied')
  office.advanceTo(at('09:10') - 1)
  assert.equal(statusOf(office.record('d1')).status, 'occupied')
  office.advanceTo(at('09:10'))
  assert.equal(statusOf(office.record('d1')).status, 'free')
  assert.equal(office.record('d1').reading?.staleAt, null)
})

test('a reading that comes out of order changes nothing', async () => {
  const office = new Office()
  office.reads('d1', 'occupied', at('08:58'))
  const answer = office.reads('d1', 'vacant', at('08:57'))
  assert.equal(result(answer), 'late')
  assert.ok(answer.ok && !answer.changed)
})

test('a reading that comes twice changes nothing', async () => {
  const office = new Office()
  office.reads('d1', 'occupied', at('08:58'))
  assert.equal(result(office.reads('d1', 'occupied', at('08:58'))), 'late')
})

test('a reading that is stale when it comes changes nothing', async () => {
  assert.equal(result(new Office().reads('d1', 'occupied', at('08:50'))), 'late')
})

test('a reading that says nothing new is committed once per half of its stale time', async () => {
  const office = new Office()
  office.reads('d1', 'occupied')
  office.advanceTo(at('09:05') - 1)
  const early = office.reads('d1', 'occupied')
  assert.equal(result(early), 'same')
  assert.ok(early.ok && !early.changed)
  office.advanceTo(at('09:05'))
  assert.equal(result(office.reads('d1', 'occupied')), 'applied')
  assert.deepEqual([office.record('d1').reading?.since, office.record('d1').reading?.staleAt], [at('09:00'), at('09:15')])
})

test('a sensor that speaks again after it was stale begins anew', async () => {
  const office = new Office()
  office.reads('d1', 'vacant')
  office.advanceTo(at('09:11'))
  assert.equal(result(office.reads('d1', 'vacant')), 'applied')
  assert.equal(office.record('d1').reading?.since, at('09:11'))
})

test('a sensor that does not know is heard once', async () => {
  const office = new Office()
  office.reads('d1', 'occupied')
  office.advanceTo(at('09:01'))
  assert.equal(result(office.reads('d1', 'unknown')), 'applied')
  assert.equal(statusOf(office.record('d1')).status, 'free')
  office.advanceTo(at('12:00'))
  assert.equal(result(office.reads('d1', 'unknown')), 'same')
})

test('a sensor whose clock is ahead does not silence the readings that follow', async () => {
  const office = new Office()
  office.reads('d1', 'occupied', at('23:00'))
  assert.equal(office.record('d1').reading?.at, at('09:00'))
  office.advanceTo(at('09:00:01'))
  assert.equal(result(office.reads('d1', 'vacant')), 'applied')
})

test('a reading that changes nothing leaves what is due to the keeper, whole', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('09:08') })
  office.reads('d1', 'occupied')
  office.now = at('09:08') + 20
  const answer = office.reads('d1', 'occupied', at('09:03'))
  assert.equal(result(answer), 'same')
  assert.ok(answer.ok && !answer.changed)
  office.tick()
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('an occupied reading checks in the claim that has begun', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.advanceTo(at('09:05') + 30)
  assert.deepEqual(told(office.reads('d1', 'occupied')), ['read', 'checked-in'])
  assert.deepEqual(office.claimNow(claim).life, { state: 'present', since: at('09:05') + 30 })
})

test('a reading checks in the claim that has begun, though no keeper said that it began', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob', to: at('09:10') })
  const claim = office.granted({ space: 'd1', from: at('09:10'), to: at('12:00') })
  office.now = at('09:11')
  assert.deepEqual(told(office.reads('d1', 'occupied')), ['ended', 'read', 'checked-in', 'began'])
  assert.equal(office.claimNow(claim).life.state, 'present')
})

test('a reading from before the claim began does not check it in', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('09:10'), to: at('12:00') })
  office.advanceTo(at('09:10:05'))
  office.reads('d1', 'occupied', at('09:09:59'))
  assert.equal(office.claimNow(claim).life.state, 'booked')
})

test('a reading does not check in a claim that has not begun', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('09:10'), to: at('12:00') })
  office.reads('d1', 'occupied')
  assert.equal(office.claimNow(claim).life.state, 'booked')
})

test('a reading checks nobody in where the policy does not let it, or the space is blocked', async () => {
  const strict = new Office({ policy: { readingChecksIn: false } })
  const claim = strict.granted({ space: 'd1' })
  strict.reads('d1', 'occupied')
  assert.equal(strict.claimNow(claim).life.state, 'booked')
  const office = new Office()
  const blocked = office.granted({ space: 'd1' })
  office.blocks('d1')
  office.reads('d1', 'occupied')
  assert.equal(office.claimNow(blocked).life.state, 'booked')
})

/** Twelve hours of readings a minute apart are what a sensor sends; here each is run. */
function listen (office: Office, space: string, value: 'vacant' | 'occupied', until: number): void {
  while (office.now < until) {
    office.advanceTo(Math.min(until, office.now + 4 * MINUTE))
    office.reads(space, value)
  }
}

test('a space that stays vacant while its holder is checked in is released after the time of the policy', async () => {
  const office = new Office({ policy: { readingEndsAfterMs: 30 * MINUTE } })
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.reads('d1', 'vacant')
  listen(office, 'd1', 'vacant', at('09:30') - SECOND)
  assert.equal(office.claimNow(claim).life.state, 'present')
  office.advanceTo(at('09:30'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('09:30'), why: 'vacant' })
})

test('vacancy counts from checking in, not from before', async () => {
  const office = new Office({ policy: { readingEndsAfterMs: 30 * MINUTE } })
  office.reads('d1', 'vacant')
  listen(office, 'd1', 'vacant', at('10:00'))
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  listen(office, 'd1', 'vacant', at('10:29'))
  assert.equal(office.claimNow(claim).life.state, 'present')
  listen(office, 'd1', 'vacant', at('10:31'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('10:30'), why: 'vacant' })
})

test('somebody seen in between makes vacancy count anew', async () => {
  const office = new Office({ policy: { readingEndsAfterMs: 30 * MINUTE } })
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.reads('d1', 'vacant')
  listen(office, 'd1', 'vacant', at('09:20'))
  listen(office, 'd1', 'occupied', at('09:25'))
  listen(office, 'd1', 'vacant', at('09:54'))
  assert.equal(office.claimNow(claim).life.state, 'present')
})

test('a sensor that has fallen silent ends no claim, though no keeper said that it is stale', async () => {
  const office = new Office({ policy: { readingEndsAfterMs: 30 * MINUTE } })
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.reads('d1', 'vacant')
  office.now = at('11:00')
  office.tick()
  assert.equal(office.claimNow(claim).life.state, 'present')
})

test('a policy that begins to end vacant claims reaches those that have been vacant for long', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.reads('d1', 'vacant')
  listen(office, 'd1', 'vacant', at('10:00'))
  office.govern({ readingEndsAfterMs: 30 * MINUTE }, daily(ZURICH, '07:00', '20:00'))
  office.replan()
  office.advanceTo(at('10:00:01'))
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('a space that only a sensor tells of is unknown until and after it does', async () => {
  const office = new Office({ policy: { readingMarks: false } })
  const status = () => statusOf(office.record('s1')).status
  assert.equal(status(), 'unknown')
  office.reads('s1', 'occupied')
  assert.equal(status(), 'occupied')
  office.advanceTo(at('09:01'))
  office.reads('s1', 'vacant')
  assert.equal(status(), 'free')
  office.advanceTo(at('09:00') + HOUR)
  assert.equal(status(), 'unknown')
  office.reads('s1', 'unknown')
  assert.equal(status(), 'unknown')
})

test('a reading of a space that is on no plan is refused', async () => {
  const office = new Office()
  office.place('hq-1', [office.placing('d1', { removed: true })])
  refused(office.reads('d1', 'occupied'), 'SPACE_UNKNOWN')
  refused(office.reads('nowhere', 'occupied'), 'SPACE_UNKNOWN')
})

test('a released claim leaves what the sensor sees', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true })
  office.reads('d1', 'occupied')
  claimOf(office.releases(claim))
  assert.deepEqual(statusOf(office.record('d1')), { status: 'occupied', by: 'reading' })
})
