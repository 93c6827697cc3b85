import { test } from 'tap'
import assert from 'node:assert/strict'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { statusOf } from '../../src/domain/status.ts'
import { at, claimOf, daily, Office, told, ZURICH } from '../harness/office.ts'

test('a booking begins at its moment', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('10:00') - 1)
  assert.equal(statusOf(office.record('d1')).status, 'free')
  office.advanceTo(at('10:00'))
  assert.deepEqual(statusOf(office.record('d1')), { status: 'reserved', by: 'claim' })
  assert.deepEqual(office.events.at(-1), { type: 'began', floor: 'hq-1', space: 'd1', claim })
})

test('a claim nobody checked in is released at the end of its grace', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('10:15') - 1)
  assert.equal(office.claimNow(claim).life.state, 'booked')
  office.advanceTo(at('10:15'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('10:15'), why: 'no-show' })
})

test('a claim is over at its end, to the millisecond', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('11:00') })
  office.advanceTo(at('11:00') - 1)
  assert.equal(office.claimNow(claim).life.state, 'present')
  office.advanceTo(at('11:00'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('11:00'), why: 'over' })
})

test('a claim that ends before its grace does is over, not missed', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('09:10') })
  office.advanceTo(at('10:00'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('09:10'), why: 'over' })
})

test('where one claim ends and the next begins is one commit', async () => {
  const office = new Office({ policy: { minStayMs: 0 } })
  office.granted({ space: 'd1', person: 'bob', checkIn: true, to: at('10:00') })
  const next = office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  const before = office.seqs.get('hq-1') ?? 0
  office.advanceTo(at('10:00'))
  assert.equal(office.record('d1').current?.claim.id, next.id)
  assert.equal(office.seqs.get('hq-1'), before + 1)
  assert.deepEqual(office.events.slice(-2).map(({ type }) => type), ['ended', 'began'])
})

test('those due together on a floor are one commit', async () => {
  const office = new Office({ policy: { minStayMs: 0 } })
  for (const [space, person] of [['d1', 'ada'], ['d2', 'bob'], ['d3', 'cy']] as const) office.granted({ space, person, from: at('10:00'), to: at('11:00') })
  const before = office.seqs.get('hq-1') ?? 0
  office.advanceTo(at('10:00'))
  assert.equal(office.seqs.get('hq-1'), before + 1)
})

test('a free space is free only briefly once the next claim is nearer than the shortest stay', async () => {
  const office = new Office({ policy: { minStayMs: 30 * MINUTE } })
  office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('09:30'))
  assert.equal(office.record('d1').brief, false)
  office.advanceTo(at('09:30') + 1)
  assert.equal(office.record('d1').brief, true)
  office.advanceTo(at('10:00'))
  assert.equal(office.record('d1').brief, false)
})

test('without a shortest stay no space is free only briefly', async () => {
  const office = new Office({ policy: { minStayMs: 0 } })
  office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.advanceTo(at('10:00') - 1)
  assert.equal(office.record('d1').brief, false)
})

test('at midnight a space shows the first claim of the new day', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00', 1), to: at('11:00', 1) })
  office.advanceTo(at('00:00', 1) - 1)
  assert.deepEqual([office.record('d1').day, office.record('d1').next], ['2026-03-02', null])
  office.advanceTo(at('00:00', 1))
  assert.deepEqual([office.record('d1').day, office.record('d1').next?.claim.id], ['2026-03-03', claim.id])
})

test('a claim from midnight on begins at midnight, and the ledger hears of it', async () => {
  const office = new Office({ hours: { zone: ZURICH, hours: null } })
  const claim = office.granted({ space: 'd1', from: at('00:00', 1), to: at('01:00', 1) })
  office.advanceTo(at('00:00', 1))
  assert.equal(office.record('d1').current?.claim.id, claim.id)
  assert.equal(office.events.at(-1)?.type, 'began')
})

test('a claim over midnight goes on', async () => {
  const office = new Office({ now: at('23:00'), hours: { zone: ZURICH, hours: null } })
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('01:00', 1) })
  office.advanceTo(at('00:30', 1))
  assert.deepEqual([office.record('d1').day, office.record('d1').current?.claim.id], ['2026-03-03', claim.id])
  office.advanceTo(at('01:00', 1))
  assert.deepEqual([office.record('d1').current, office.record('d1').days], [null, []])
})

test('status remembers since when it is what it is', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.advanceTo(at('09:05'))
  office.changes(claim, { to: at('13:00') })
  assert.equal(office.record('d1').since, at('09:00'))
  office.checksIn(claim)
  assert.equal(office.record('d1').since, at('09:05'))
})

test('a space on which nothing is to come has no deadline', async () => {
  const office = new Office()
  assert.deepEqual([office.record('d1').due, office.due.size], [null, 0])
  office.releases(office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') }))
  assert.equal(office.record('d1').due, null)
})

test('an outage of three days is caught up with in one look', async () => {
  const office = new Office({ policy: { readingStaleMs: HOUR } })
  const gone = [
    office.granted({ space: 'd1', checkIn: true, to: at('10:00') }),
    office.granted({ space: 'd1', from: at('10:00', 1), to: at('11:00', 1) }),
    office.granted({ space: 'd1', from: at('10:00', 2), to: at('11:00', 2) })
  ]
  const running = office.granted({ space: 'd1', from: at('11:50', 3), to: at('13:00', 3) })
  const coming = office.granted({ space: 'd1', from: at('14:00', 3), to: at('15:00', 3) })
  office.reads('d1', 'vacant')
  office.blocks('d1', at('18:00'))
  office.now = at('12:00', 3)
  office.tick()
  assert.deepEqual(gone.map(claim => office.claimNow(claim).life), gone.map(({ to }) => ({ state: 'ended', at: to, why: 'over' })))
  const { current, next, block, reading, days, due } = office.record('d1')
  assert.deepEqual([current?.claim.id, next?.claim.id, block, reading?.staleAt, days], [running.id, coming.id, null, null, ['2026-03-05']])
  assert.equal(due, at('12:05', 3), 'the no-show of the claim that has begun')
})

test('nobody is a no-show before the moment that an outage has set (INV-9)', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('12:00') })
  office.now = at('10:40')
  office.noShowsNotBefore = at('10:55')
  office.tick()
  assert.equal(office.claimNow(claim).life.state, 'booked')
  assert.equal(office.record('d1').due, at('10:55'))
  office.advanceTo(at('10:54'))
  claimOf(office.checksIn(claim))
})

test('who has not come by that moment either is a no-show then (INV-9)', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('10:00'), to: at('12:00') })
  office.noShowsNotBefore = at('10:55')
  office.advanceTo(at('12:00'))
  assert.deepEqual(office.claimNow(claim).life, { state: 'ended', at: at('10:55'), why: 'no-show' })
})

test('a node that has not heard of an outage yet delays no release for ever', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.noShowsNotBefore = at('11:30')
  office.advanceTo(at('09:20'))
  office.noShowsNotBefore = 0
  office.reads('d1', 'vacant')
  office.advanceTo(at('09:20') + 1)
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('a look too early changes nothing and keeps the deadline', async () => {
  const office = new Office()
  office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  const before = new Map(office.records)
  assert.deepEqual(told(office.does({ type: 'tick', spaces: ['d1', 'd2', 'nowhere'] })), [])
  assert.deepEqual(office.records, before)
  assert.equal(office.due.get('space/d1'), office.record('d1').due)
})

test('a deadline that was lost is written again by the next look', async () => {
  const office = new Office()
  office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.due.delete('space/d1')
  office.due.set('space/nowhere', at('09:00'))
  office.does({ type: 'tick', spaces: ['d1', 'nowhere'] })
  assert.deepEqual([...office.due], [['space/d1', office.record('d1').due]])
})

test('a longer grace in the policy leaves claims that were made with the shorter one as they are', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.govern({ releaseGraceMs: HOUR }, daily(ZURICH, '07:00', '20:00'))
  office.advanceTo(at('09:15'))
  assert.equal(office.claimNow(claim).life.state, 'ended')
})
