import { test } from 'tap'
import assert from 'node:assert/strict'
import { MINUTE } from '../../src/domain/time.ts'
import { at, claimOf, daily, Office, refused, told, ZURICH } from '../harness/office.ts'
import { statusOf } from '../../src/domain/status.ts'

test('a blocked space is out of service from now on', async () => {
  const office = new Office()
  office.blocks('d1', at('12:00'), 'broken chair')
  assert.deepEqual(office.record('d1').block, { since: at('09:00'), until: at('12:00'), reason: 'broken chair', by: 'person:max' })
  assert.deepEqual(statusOf(office.record('d1')), { status: 'blocked', by: 'block' })
})

test('a block ends at its moment', async () => {
  const office = new Office()
  office.blocks('d1', at('12:00'))
  office.advanceTo(at('12:00') - 1)
  assert.equal(statusOf(office.record('d1')).status, 'blocked')
  office.advanceTo(at('12:00'))
  assert.equal(statusOf(office.record('d1')).status, 'free')
})

test('a block without an end lasts until somebody lifts it', async () => {
  const office = new Office()
  office.blocks('d1')
  office.advanceTo(at('09:00', 30))
  assert.deepEqual(told(office.unblocks('d1')), ['unblocked'])
  assert.equal(office.record('d1').block, null)
})

test('a block said again with another end or reason replaces the first and keeps its beginning', async () => {
  const office = new Office()
  office.blocks('d1', at('12:00'), 'cleaning')
  office.advanceTo(at('10:00'))
  office.blocks('d1', at('13:00'), 'painting')
  assert.deepEqual(office.record('d1').block, { since: at('09:00'), until: at('13:00'), reason: 'painting', by: 'person:max' })
})

test('a block said again and an unblock of what is not blocked change nothing', async () => {
  const office = new Office()
  office.blocks('d1', at('12:00'), 'cleaning')
  for (const answer of [office.blocks('d1', at('12:00'), 'cleaning'), office.unblocks('d2')]) {
    assert.ok(answer.ok && answer.outcome.repeated && !answer.changed)
  }
})

test('a block that has ended already is refused', async () => {
  refused(new Office().blocks('d1', at('09:00')), 'OUTSIDE_POLICY', { rule: 'past' })
})

test('only a space that is on a plan is blocked or unblocked', async () => {
  const office = new Office()
  office.place('hq-1', [office.placing('d1', { removed: true })])
  refused(office.blocks('d1'), 'SPACE_UNKNOWN')
  refused(office.unblocks('d1'), 'SPACE_UNKNOWN')
  refused(office.blocks('nowhere'), 'SPACE_UNKNOWN')
})

test('claims stay on a blocked space, and end when they are over', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('10:00') })
  office.blocks('d1')
  assert.equal(office.record('d1').current?.claim.id, claim.id)
  office.advanceTo(at('10:00'))
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('nobody is a no-show while the space is out of service (INV-9)', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d1')
  office.advanceTo(at('11:59'))
  assert.equal(office.claimNow(claim).life.state, 'booked')
})

test('whoever could not check in has the full grace when the block is lifted (INV-9)', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d1')
  office.advanceTo(at('11:00'))
  assert.deepEqual(told(office.unblocks('d1')), ['unblocked', 'changed'])
  assert.deepEqual(office.claimNow(claim).life, { state: 'booked', releaseAt: at('11:15') })
  office.advanceTo(at('11:15'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('11:15'), why: 'no-show' })
})

test('the grace after a block counts from its end, not from when the keeper came', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d1', at('10:00'))
  office.now = at('10:10')
  office.tick()
  assert.deepEqual(office.claimNow(claim).life, { state: 'booked', releaseAt: at('10:15') })
})

test('a claim that began during the block has the full grace, though no keeper said that it began (INV-9)', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('09:30'), to: at('12:00') })
  office.blocks('d1')
  office.now = at('11:00')
  office.unblocks('d1')
  assert.deepEqual(office.claimNow(claim).life, { state: 'booked', releaseAt: at('11:15') })
  assert.equal(office.record('d1').current?.claim.id, claim.id)
})

test('a claim with enough grace left keeps the grace it has', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('09:30'), to: at('12:00') })
  office.blocks('d1', at('09:20'))
  office.advanceTo(at('09:40'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'booked', releaseAt: at('09:45') })
})

test('after a block nobody is released where the policy no longer releases', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d1')
  office.advanceTo(at('11:00'))
  office.govern({ releaseGraceMs: null }, daily(ZURICH, '07:00', '20:00'))
  office.unblocks('d1')
  assert.deepEqual(office.claimNow(claim).life, { state: 'booked', releaseAt: null })
})

test('a claim whose grace ran out before the block came is a no-show all the same', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.now = at('09:15') + 3
  office.blocks('d1')
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('who is there keeps the claim through a block', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.blocks('d1', office.now + 5 * MINUTE)
  office.advanceTo(at('09:30'))
  assert.deepEqual(claimOf(office.checksIn(claim)).life, { state: 'present', since: at('09:00') })
})
