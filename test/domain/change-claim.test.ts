import { test } from 'tap'
import assert from 'node:assert/strict'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { at, claimId, claimOf, daily, Office, person, refused, told, ZURICH } from '../harness/office.ts'

test('a claim is extended where nothing is in the way', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('10:00') })
  const answer = office.changes(claim, { to: at('11:00') })
  assert.deepEqual(claimOf(answer), { ...claim, to: at('11:00') })
  assert.deepEqual(told(answer), ['changed'])
})

test('an extension into the next claim is refused, and the claim stays as it is', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('10:00') })
  office.granted({ space: 'd1', person: 'bob', from: at('10:30'), to: at('11:00') })
  refused(office.changes(claim, { to: at('10:30:01') }), 'SPACE_TAKEN', { from: at('10:30') })
  assert.deepEqual(office.claimNow(claim), claim)
  claimOf(office.changes(claim, { to: at('10:30') }))
})

test('an extension into the person\'s own next claim elsewhere is refused', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('10:00') })
  const other = office.granted({ space: 'd2', from: at('10:30'), to: at('11:00') })
  refused(office.changes(claim, { to: at('10:30:01') }), 'PERSON_BUSY', { claim: other.id })
})

test('an extension keeps to closing time, to the longest stay and to blocks', async () => {
  const office = new Office({ policy: { longestStayMs: 4 * HOUR } })
  const evening = office.granted({ space: 'd1', from: at('18:00'), to: at('19:00') })
  refused(office.changes(evening, { to: at('20:00:01') }), 'OUTSIDE_POLICY', { rule: 'opening-hours' })
  const morning = office.granted({ space: 'd2', person: 'bob', to: at('12:00') })
  refused(office.changes(morning, { to: at('13:00:01') }), 'OUTSIDE_POLICY', { rule: 'longest-stay' })
  office.blocks('d2')
  refused(office.changes(morning, { to: at('13:00') }), 'SPACE_BLOCKED')
})

test('a claim is shortened, and the rest is free at once', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  assert.equal(claimOf(office.changes(claim, { to: at('10:00') })).to, at('10:00'))
  office.granted({ space: 'd1', person: 'bob', from: at('10:00'), to: at('12:00') })
  office.granted({ space: 'd2', from: at('10:00'), to: at('12:00') })
})

test('a claim can be shortened whatever speaks against claiming the space', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d1')
  office.place('hq-1', [office.placing('d1', { sensorOnly: true })])
  office.govern({ longestStayMs: HOUR }, daily(ZURICH, '15:00', '16:00'))
  claimOf(office.changes(claim, { to: at('11:30'), eligible: [{ people: [], groups: [] }] }))
})

test('a claim that is shortened stays what it was granted as', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.granted({ space: 'p1', to: at('12:00') })
  office.place('hq-1', [office.placing('d1', { kind: 'parking' })])
  assert.equal(claimOf(office.changes(claim, { to: at('11:00') })).kind, 'desk')
})

test('an extension on a space that has become of another kind counts as one of that kind', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  const car = office.granted({ space: 'p1', to: at('12:00') })
  office.place('hq-1', [office.placing('d1', { kind: 'parking' })])
  refused(office.changes(claim, { to: at('13:00') }), 'PERSON_BUSY', { claim: car.id })
})

test('the ledger\'s constraint never sees two claims because the policy changed to and fro', async () => {
  const office = new Office()
  const hours = daily(ZURICH, '07:00', '20:00')
  office.granted({ space: 'd1', to: at('12:00') })
  office.govern({ overlapping: { desk: 2 } }, hours)
  const second = office.granted({ space: 'd2', to: at('12:00') })
  office.govern({}, hours)
  assert.equal(office.run({ type: 'change', claim: second.id, to: at('11:00'), space: null, person: person('ada'), eligible: [] }).ok, true)
  assert.equal(office.claimNow(second).sole, false)
})

test('an end in the past or not after the beginning is refused', async () => {
  const office = new Office()
  const running = office.granted({ space: 'd1', to: at('12:00') })
  const coming = office.granted({ space: 'd2', from: at('13:00'), to: at('15:00') })
  office.advanceTo(at('09:10'))
  refused(office.changes(running, { to: at('09:10') }), 'OUTSIDE_POLICY', { rule: 'past' })
  refused(office.changes(coming, { to: at('12:30') }), 'BAD_REQUEST', { field: 'to' })
  refused(office.changes(coming, { to: at('13:00') }), 'BAD_REQUEST', { field: 'to' })
  refused(office.changes(coming, { to: at('12:30'), space: 'd3' }), 'BAD_REQUEST', { field: 'to' })
})

test('a booking moves to another space with its whole time', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('14:00'), to: at('15:00') })
  const answer = office.changes(claim, { space: 'd2' })
  assert.deepEqual(claimOf(answer), { ...claim, space: 'd2' })
  assert.deepEqual(told(answer), ['moved'])
  assert.deepEqual([office.record('d1').days, office.record('d2').days], [[], ['2026-03-02']])
})

test('a claim that has begun moves from now on', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.advanceTo(at('10:00') + 400)
  const moved = claimOf(office.changes(claim, { space: 'd2' }))
  assert.deepEqual([moved.from, moved.to, moved.life], [at('10:00'), at('12:00'), claim.life])
  assert.deepEqual([office.record('d1').current, office.record('d2').current?.claim.id], [null, claim.id])
})

test('who moves before checking in has the full grace at the new space', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.advanceTo(at('09:14'))
  assert.deepEqual(claimOf(office.changes(claim, { space: 'd2' })).life, { state: 'booked', releaseAt: at('09:29') })
})

test('moving a booking that has not begun leaves its grace as it is', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('14:00'), to: at('15:00') })
  assert.deepEqual(claimOf(office.changes(claim, { space: 'd2' })).life, { state: 'booked', releaseAt: at('14:15') })
})

test('space and end change in one step', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('14:00'), to: at('15:00') })
  const moved = claimOf(office.changes(claim, { space: 'd2', to: at('16:00') }))
  assert.deepEqual([moved.space, moved.to], ['d2', at('16:00')])
})

test('a claim moves to another floor, and both floors change', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  const before = new Map(office.seqs)
  const moved = claimOf(office.changes(claim, { space: 'e1' }))
  assert.equal(moved.floor, 'hq-2')
  assert.deepEqual(['hq-1', 'hq-2'].map(floor => (office.seqs.get(floor) ?? 0) - (before.get(floor) ?? 0)), [1, 1])
})

test('a claim that moved to a space of another kind counts as one of that kind', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  const room = claimOf(office.changes(claim, { space: 'r1' }))
  assert.deepEqual([room.kind, room.sole], ['room', false])
  office.granted({ space: 'd1', to: at('12:00') })
})

test('a claim does not move to where the person would hold two of a kind', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  const room = office.granted({ space: 'r1', to: at('12:00') })
  refused(office.changes(room, { space: 'd2' }), 'PERSON_BUSY', { claim: claim.id })
})

test('a claim whose target is taken stays where it is', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.granted({ space: 'd2', person: 'bob', to: at('12:00') })
  refused(office.changes(claim, { space: 'd2' }), 'SPACE_TAKEN')
  assert.equal(office.record('d1').current?.claim.id, claim.id)
})

test('a claim does not move to a space that is unknown, sensor-only, blocked or for others', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d3')
  refused(office.changes(claim, { space: 'nowhere' }), 'SPACE_UNKNOWN')
  refused(office.changes(claim, { space: 's1' }), 'OUTSIDE_POLICY', { rule: 'sensor-only' })
  refused(office.changes(claim, { space: 'd3' }), 'SPACE_BLOCKED')
  refused(office.changes(claim, { space: 'd2', eligible: [{ people: ['bob'], groups: [] }] }), 'OUTSIDE_POLICY', { rule: 'eligible' })
})

test('a claim moves away from a blocked space', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.blocks('d1')
  claimOf(office.changes(claim, { space: 'd2' }))
})

test('a claim does not move to another site', async () => {
  const office = new Office()
  const site = office.sites.get('hq')
  assert.ok(site !== undefined)
  office.sites.set('lab', site)
  const spaces = [{ space: 'x1', kind: 'desk' as const, zone: null, sensorOnly: false, removed: false }]
  office.does({ type: 'place', site: 'lab', floor: 'lab-1', floorRecord: null, spaces, release: false })
  refused(office.changes(office.granted({ space: 'd1' }), { space: 'x1' }), 'OUTSIDE_POLICY', { rule: 'site', site: 'lab' })
})

test('a move does what is due at the target first', async () => {
  const office = new Office()
  const missed = office.granted({ space: 'd2', person: 'bob', to: at('12:00') })
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  office.now = at('09:20')
  claimOf(office.changes(claim, { space: 'd2' }))
  assert.deepEqual(office.claimNow(missed).life, { state: 'ended', at: at('09:20'), why: 'no-show' })
})

test('a claim moves twice, and back', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', checkIn: true, to: at('12:00') })
  for (const [i, space] of ['d2', 'e1', 'd1'].entries()) {
    office.advanceTo(at('10:00') + i * MINUTE)
    claimOf(office.changes(claim, { space }))
  }
  assert.equal(office.record('d1').current?.claim.from, at('10:02'))
  assert.deepEqual([office.record('d2').days, office.record('e1').days], [[], []])
})

test('asking for what already is changes nothing', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  for (const change of [{ to: at('12:00') }, { space: 'd1' }, { space: 'd1', to: at('12:00') }]) {
    const answer = office.changes(claim, change)
    assert.ok(answer.ok && answer.outcome.repeated && !answer.changed)
  }
})

test('a claim that has ended or is unknown is not changed', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.releases(claim)
  refused(office.changes(claim, { to: at('11:00') }), 'CLAIM_ENDED', { why: 'released' })
  refused(office.changes({ ...claim, id: claimId(at('09:00'), 99) }, { to: at('11:00') }), 'CLAIM_UNKNOWN')
})

test('what is gained while the ledger is behind is provisional', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('12:00') })
  office.provisional = true
  office.changes(claim, { to: at('11:00') })
  assert.equal(office.record('d1').current?.provisional, false)
  office.changes(claim, { to: at('11:30') })
  assert.equal(office.record('d1').current?.provisional, true)
})
