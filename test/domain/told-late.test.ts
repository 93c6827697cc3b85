import { test } from 'tap'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Claim } from '../../src/domain/claim.ts'
import type { Command } from '../../src/domain/command.ts'
import type { ClaimRecord } from '../../src/domain/space.ts'
import { HOUR, MINUTE, overlaps, wholeSecond, type Millis, type Span } from '../../src/domain/time.ts'
import { at, claimId, claimOf, Office, refused } from '../harness/office.ts'
import { holds } from '../harness/property.ts'
import { Town } from '../harness/town.ts'
import { steps, townPlan } from '../harness/town-steps.ts'

test('a walk-in that is told late begins when it was asked for', async () => {
  const office = new Office()
  office.advanceTo(at('10:00'))
  const claim = office.granted({ space: 'd1', at: at('09:20') + 700, checkIn: true })
  assert.deepEqual([claim.from, claim.createdAt, claim.life], [at('09:20'), at('10:00'), { state: 'present', since: at('09:20') + 700 }])
  assert.equal(office.record('d1').current?.claim.id, claim.id)
})

test('a walk-in that is told late and not checked in has its full grace from now on', async () => {
  const office = new Office()
  office.advanceTo(at('10:00'))
  assert.deepEqual(office.granted({ space: 'd1', at: at('09:20') }).life, { state: 'booked', releaseAt: at('10:15') })
})

test('a walk-in never begins while somebody else had the space', async () => {
  const office = new Office()
  const ben = office.granted({ space: 'd1', person: 'ben', checkIn: true })
  office.advanceTo(at('09:40') + 300)
  office.releases(ben)
  office.advanceTo(at('10:00'))
  assert.equal(office.granted({ space: 'd1', at: at('09:20') }).from, at('09:40'))
})

test('it begins now where the record does not say since when nobody had the space', async () => {
  const office = new Office()
  const [ben, cem] = [office.granted({ space: 'd1', person: 'ben', checkIn: true }), office.granted({ space: 'd2', person: 'cem', to: at('09:50'), checkIn: true })]
  office.reads('d1', 'occupied')
  office.advanceTo(at('09:40'))
  office.releases(ben)
  // Nobody has looked at d2 since its claim was over.
  office.now = at('10:00')
  assert.equal(office.claimNow(cem).life.state, 'present')
  office.reads('d1', 'occupied')
  assert.deepEqual([office.granted({ space: 'd1', at: at('09:20') }).from, office.granted({ space: 'd2', person: 'dan', at: at('09:20') }).from], [at('10:00'), at('10:00')])
})

test('a space that somebody has by now is taken, whoever asked first', async () => {
  const office = new Office()
  office.advanceTo(at('09:30'))
  const ben = office.granted({ space: 'd1', person: 'ben' })
  office.advanceTo(at('09:40'))
  refused(office.claims({ space: 'd1', at: at('09:20') }), 'SPACE_TAKEN', { space: 'd1', from: ben.from, to: ben.to })
})

test('a time that has gone by meanwhile is refused, one that has begun is granted', async () => {
  const office = new Office()
  office.advanceTo(at('10:00'))
  const asked = { space: 'd1', at: at('09:00') + 1, from: at('09:30') }
  refused(office.claims({ ...asked, to: at('10:00') }), 'OUTSIDE_POLICY', { rule: 'past', to: at('10:00') })
  refused(office.claims({ ...asked, from: at('08:58'), to: at('11:00') }), 'OUTSIDE_POLICY', { rule: 'past', from: at('08:58') })
  const { from, to } = office.granted({ ...asked, to: at('11:00') })
  assert.deepEqual([from, to], [at('09:30'), at('11:00')])
})

test('the same claim again is the same claim, however old it says it is', async () => {
  const office = new Office()
  office.advanceTo(at('10:00'))
  const id = claimId(at('09:20'), 1)
  const claim = office.granted({ id, space: 'd1', at: at('09:20') })
  office.advanceTo(at('10:01'))
  assert.deepEqual(claimOf(office.claims({ id, space: 'd1', at: at('09:21') })), claim)
})

test('a check-in that is told late counts from when somebody was there, and is no no-show where that was in time', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  // The keeper is late.
  office.now = at('09:20')
  assert.deepEqual(claimOf(office.does({ type: 'check-in', claim: claim.id, at: at('09:14') })).life, { state: 'present', since: at('09:14') })
})

test('a check-in that came too late is told of the no-show, whether the keeper has been there or not', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.now = at('09:20')
  refused(office.does({ type: 'check-in', claim: claim.id, at: at('09:15') }), 'CLAIM_ENDED', { claim: claim.id, why: 'no-show', at: at('09:15') })
  office.tick()
  refused(office.does({ type: 'check-in', claim: claim.id, at: at('09:10') }), 'CLAIM_ENDED', { claim: claim.id, why: 'no-show', at: at('09:20') })
})

test('a check-in is early by when it was asked for, and not by when it is told', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:55'))
  refused(office.does({ type: 'check-in', claim: claim.id, at: at('09:44') }), 'OUTSIDE_POLICY', { rule: 'check-in-window', opensAt: at('09:45') })
  const early = claimOf(office.does({ type: 'check-in', claim: claim.id, at: at('09:50') }))
  assert.deepEqual([early.from, early.life], [at('09:50'), { state: 'present', since: at('09:50') }])
})

test('who checked in before the space was taken out of service is there', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1' })
  office.advanceTo(at('09:10'))
  office.blocks('d1')
  office.advanceTo(at('09:12'))
  refused(office.does({ type: 'check-in', claim: claim.id, at: at('09:10') }), 'SPACE_BLOCKED')
  assert.equal(claimOf(office.does({ type: 'check-in', claim: claim.id, at: at('09:09') })).life.state, 'present')
})

test('a release that is told late ends the claim when it was given back, and not before its holder came', async () => {
  const office = new Office()
  const [early, late] = [office.granted({ space: 'd1', checkIn: true }), office.granted({ space: 'd2', person: 'ben' })]
  office.advanceTo(at('09:10'))
  office.checksIn(late)
  office.advanceTo(at('09:40'))
  const ended = [early, late].map(({ id }) => claimOf(office.does({ type: 'release', claim: id, at: at('09:05') })).life)
  assert.deepEqual(ended, [{ state: 'ended', at: at('09:05'), why: 'released' }, { state: 'ended', at: at('09:10'), why: 'released' }])
})

test('a move that is told late begins when it was asked for, where the other space was free', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.advanceTo(at('09:40'))
  const moved = claimOf(office.changes(claim, { space: 'd2', at: at('09:10') }))
  assert.deepEqual([moved.space, moved.from], ['d2', at('09:10')])
})

test('of two kiosks that were cut off the one that is back first has the space, and nothing is placed after now', async () => {
  const office = new Office()
  office.advanceTo(at('10:00') + 15 * MINUTE)
  const first = office.granted({ space: 'd1', at: at('09:50'), checkIn: true })
  refused(office.claims({ space: 'd1', person: 'ben', at: at('09:45'), checkIn: true }), 'SPACE_TAKEN')
  assert.equal(claimOf(office.does({ type: 'release', claim: first.id, at: at('11:00') })).life.state, 'ended')
  assert.deepEqual(office.claimNow(first).life, { state: 'ended', at: office.now, why: 'released' })
})

const lateness = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(40 * MINUTE) }, { weight: 1, arbitrary: fc.nat(4 * HOUR) })

function late (command: Command, at: Millis): Command {
  switch (command.type) {
    case 'claim':
    case 'check-in':
    case 'release':
    case 'change': return { ...command, at }
    default: return command
  }
}

/** When the space was theirs, as far as it has gone by. */
function had ({ from, to, life }: Claim, now: Millis): Span {
  return { from, to: wholeSecond(Math.min(to, life.state === 'ended' ? life.at : now)) }
}

test('however late anything is told, all that is true stays so, and history never has two at once on a space', async () => {
  holds(fc.property(townPlan, steps(80), fc.array(lateness, { minLength: 80, maxLength: 80 }), (plan, story, ages) => {
    const town = new Town(plan)
    for (const [i, step] of story.entries()) {
      const command = town.command(step)
      if (command === null) town.take(step)
      else town.obey(late(command, town.now - (ages[i] ?? 0)))
      town.check()
    }
    const claims = [...town.records].filter(([key]) => key.startsWith('claim/')).map(([, { value }]) => (value as ClaimRecord).claim)
    const begun = claims.map(claim => ({ ...claim, ...had(claim, town.now) })).filter(({ from, to }) => from < to)
    for (const one of begun) {
      const met = begun.find(other => other.id < one.id && other.space === one.space && overlaps(one, other))
      assert.equal(met, undefined, JSON.stringify([met, one]))
    }
  }), 160)
})
