import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Placing } from '../../src/domain/command.ts'
import { statusOf } from '../../src/domain/status.ts'
import { at, daily, Office, refused, told, ZURICH } from '../harness/office.ts'
import { MINUTE } from '../../src/domain/time.ts'

const desk = (space: string): Placing => ({ space, kind: 'desk', zone: null, sensorOnly: false, removed: false })

test('a new space is free', async () => {
  const office = new Office()
  const answer = office.place('hq-1', [desk('d9')])
  assert.deepEqual(told(answer), ['placed', 'planned'])
  assert.deepEqual(statusOf(office.record('d9')), { status: 'free', by: null })
  assert.deepEqual([office.record('d9').site, office.record('d9').floor, office.record('d9').timeZone], ['hq', 'hq-1', ZURICH])
  office.granted({ space: 'd9' })
})

test('the floor\'s own record is written when it is given, with what the policy says of views', async () => {
  const office = new Office()
  const floorRecord = { site: 'hq', plan: 7, policy: 3, name: 'Third floor', spaces: ['d1'] }
  const answer = office.does({ type: 'place', floor: 'hq-1', site: 'hq', floorRecord, spaces: [], release: false })
  assert.deepEqual(told(answer), ['planned'])
  assert.deepEqual(office.records.get('floor/hq-1')?.value, { ...floorRecord, smallZone: 5, displayNames: false })
  assert.equal(office.records.get('floor/hq-1')?.version, office.seqs.get('hq-1'))
})

test('a space that changes keeps its claims, block and reading', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.reads('d1', 'vacant')
  office.blocks('d1')
  const answer = office.does({ type: 'place', floor: 'hq-1', site: 'hq', floorRecord: null, spaces: [office.placing('d1', { zone: 'quiet', kind: 'booth' })], release: false })
  assert.deepEqual(told(answer), ['settled'])
  const { zone, kind, current, block, reading } = office.record('d1')
  assert.deepEqual([zone, kind, current?.claim.id, block?.until, reading?.value], ['quiet', 'booth', claim.id, null, 'vacant'])
})

test('a space without claims is removed, and stays as a record', async () => {
  const office = new Office()
  assert.deepEqual(told(office.place('hq-1', [office.placing('d1', { removed: true })])), ['removed', 'planned'])
  assert.equal(office.record('d1').removed, true)
})

test('a space with claims is not removed unless asked for', async () => {
  const office = new Office()
  office.granted({ space: 'd1', from: at('10:00', 20), to: at('11:00', 20) })
  const before = new Map(office.records)
  refused(office.place('hq-1', ['d1', 'd2'].map(space => office.placing(space, { removed: true }))), 'SPACE_IN_USE', { spaces: ['d1'] })
  assert.deepEqual(office.records, before)
})

test('a space whose claims are over by now is removed', async () => {
  const office = new Office()
  office.granted({ space: 'd1', checkIn: true, to: at('10:00') })
  office.now = at('10:00')
  assert.ok(office.place('hq-1', [office.placing('d1', { removed: true })]).ok)
})

test('removing a space when asked for ends its claims with that reason', async () => {
  const office = new Office()
  const claims = [
    office.granted({ space: 'l1', checkIn: true, to: at('18:00', 5) }),
    office.granted({ space: 'l1', person: 'bob', from: at('09:00', 6), to: at('10:00', 6) })
  ]
  office.place('hq-1', [office.placing('l1', { removed: true })], true)
  assert.deepEqual(claims.map(claim => office.claimNow(claim).life), claims.map(() => ({ state: 'ended', at: at('09:00'), why: 'removed' })))
  assert.deepEqual([office.record('l1').days, office.record('l1').due], [[], null])
  office.granted({ space: 'd1' })
})

test('a space comes back', async () => {
  const office = new Office()
  office.place('hq-1', [office.placing('d1', { removed: true })])
  assert.deepEqual(told(office.place('hq-1', [office.placing('d1', { removed: false })])), ['placed', 'planned'])
  office.granted({ space: 'd1' })
})

test('a space that never was is not removed', async () => {
  const office = new Office()
  const answer = office.does({ type: 'place', floor: 'hq-1', site: 'hq', floorRecord: null, spaces: [{ ...desk('d9'), removed: true }], release: false })
  assert.ok(answer.ok && !answer.changed)
  assert.equal(office.space('d9'), null)
})

test('a space id stays with its floor', async () => {
  const office = new Office()
  refused(office.place('hq-2', [desk('d1')]), 'PLAN_INVALID', { space: 'd1', floor: 'hq-1' })
})

test('200 spaces are placed in one commit', async () => {
  const office = new Office()
  const before = office.seqs.get('hq-1') ?? 0
  office.place('hq-1', Array.from({ length: 200 }, (_, n) => desk(`x${n}`)))
  assert.equal(office.seqs.get('hq-1'), before + 1)
  assert.equal([...office.records.keys()].filter(key => key.startsWith('space/x')).length, 200)
})

test('placing does what is due on a space', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.now = at('09:20')
  office.place('hq-1', [office.placing('d1')])
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('a changed policy reaches what the records say of time', async () => {
  const office = new Office({ policy: { minStayMs: 30 * MINUTE } })
  office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.govern({ minStayMs: 90 * MINUTE }, daily(ZURICH, '07:00', '20:00'))
  office.replan()
  assert.equal(office.record('d1').brief, true)
})
