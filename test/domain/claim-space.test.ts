import { test } from 'tap'
import assert from 'node:assert/strict'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/time.ts'
import { at, claimId, claimOf, daily, Office, person, refused, told, ZURICH } from '../harness/office.ts'

test('a walk-in has the space from this second on', async () => {
  const office = new Office({ now: at('09:00') + 750 })
  const claim = office.granted({ space: 'd1', to: at('10:00') })
  assert.deepEqual([claim.from, claim.to, claim.createdAt], [at('09:00'), at('10:00'), at('09:00') + 750])
  assert.equal(office.record('d1').current?.claim.id, claim.id)
})

test('a booking has the space at its time and leaves it free until then', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('14:00'), to: at('15:00') })
  assert.equal(office.record('d1').current, null)
  assert.equal(office.record('d1').next?.claim.id, claim.id)
})

test('a claim keeps who it is for, who made it, where and for what it is', async () => {
  const claim = new Office().granted({ space: 'd1', person: 'ada', by: 'device:kiosk-1' })
  assert.deepEqual([claim.person, claim.by, claim.space, claim.floor, claim.kind], ['ada', 'device:kiosk-1', 'd1', 'hq-1', 'desk'])
})

test('the ledger hears of a walk-in once, with what it was asked for', async () => {
  const office = new Office()
  const answer = office.claims({ space: 'd1', hash: 'asked' })
  assert.deepEqual(told(answer), ['granted'])
  assert.deepEqual(office.events.at(-1), { type: 'granted', floor: 'hq-1', space: 'd1', claim: claimOf(answer), hash: 'asked' })
})

test('times are cut to whole seconds', async () => {
  const claim = new Office().granted({ space: 'd1', from: at('10:00') + 999, to: at('11:00') + 999 })
  assert.deepEqual([claim.from, claim.to], [at('10:00'), at('11:00')])
})

test('a claim without an end lasts until closing time', async () => {
  assert.equal(new Office().granted({ space: 'd1' }).to, at('20:00'))
})

test('a claim without an end lasts until the next claim', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob', from: at('14:00'), to: at('15:00') })
  assert.equal(office.granted({ space: 'd1' }).to, at('14:00'))
})

test('a claim without an end lasts until midnight where a site never closes', async () => {
  assert.equal(new Office({ hours: { zone: ZURICH, hours: null } }).granted({ space: 'd1' }).to, at('00:00', 1))
})

test('a claim without an end lasts no longer than the longest stay', async () => {
  assert.equal(new Office({ policy: { longestStayMs: 2 * HOUR } }).granted({ space: 'd1' }).to, at('11:00'))
})

test('a space that is claimed for part of the time is taken', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob', from: at('10:00'), to: at('12:00') })
  const taken = { space: 'd1', from: at('10:00'), to: at('12:00') }
  refused(office.claims({ space: 'd1', from: at('09:30'), to: at('10:00:01') }), 'SPACE_TAKEN', taken)
  refused(office.claims({ space: 'd1', from: at('11:59:59'), to: at('13:00') }), 'SPACE_TAKEN', taken)
  refused(office.claims({ space: 'd1', from: at('10:30'), to: at('11:00') }), 'SPACE_TAKEN', taken)
  refused(office.claims({ space: 'd1', from: at('09:30'), to: at('13:00') }), 'SPACE_TAKEN', taken)
})

test('claims that only touch do not overlap', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob', from: at('10:00'), to: at('12:00') })
  office.granted({ space: 'd1', person: 'ada', from: at('09:00'), to: at('10:00') })
  office.granted({ space: 'd1', person: 'ada', from: at('12:00'), to: at('13:00') })
})

test('a walk-in may begin in the second in which the claim before it ends', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob', checkIn: true, to: at('10:00') })
  office.advanceTo(at('10:00') + 5)
  office.granted({ space: 'd1', to: at('11:00') })
})

test('what is due on the space is done before a claim is looked at, whether or not the keeper was there', async () => {
  const office = new Office()
  const late = office.granted({ space: 'd1', person: 'bob', to: at('12:00') })
  office.now = at('09:15')
  office.granted({ space: 'd1' })
  assert.deepEqual(office.claimNow(late).life, { state: 'ended', at: at('09:15'), why: 'no-show' })
})

test('a claim is released unless somebody checks in within the grace', async () => {
  const office = new Office({ policy: { releaseGraceMs: 10 * MINUTE } })
  assert.deepEqual(office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') }).life, { state: 'booked', releaseAt: at('10:10') })
})

test('a claim that is made when its time has begun has its full grace', async () => {
  const office = new Office({ now: at('09:00:30') + 20 })
  assert.deepEqual(office.granted({ space: 'd1', from: at('09:00') }).life, { state: 'booked', releaseAt: at('09:15:30') + 20 })
})

test('a policy without a grace never releases', async () => {
  assert.deepEqual(new Office({ policy: { releaseGraceMs: null } }).granted({ space: 'd1' }).life, { state: 'booked', releaseAt: null })
})

test('who is there when claiming is checked in at once', async () => {
  assert.deepEqual(new Office().granted({ space: 'd1', checkIn: true }).life, { state: 'present', since: at('09:00') })
})

test('nobody is there for a claim before its check-in opens', async () => {
  const office = new Office({ policy: { checkInEarlyMs: 15 * MINUTE } })
  refused(office.claims({ space: 'd1', checkIn: true, from: at('09:15:01') }), 'OUTSIDE_POLICY', { rule: 'check-in-window', opensAt: at('09:00:01') })
  office.granted({ space: 'd1', checkIn: true, from: at('09:15') })
})

test('a beginning up to a minute ago is now', async () => {
  const office = new Office()
  assert.equal(office.granted({ space: 'd1', from: at('08:59'), to: at('10:00') }).from, at('09:00'))
})

test('a beginning longer ago is past', async () => {
  refused(new Office().claims({ space: 'd1', from: at('08:58:59') }), 'OUTSIDE_POLICY', { rule: 'past' })
})

test('a claim may begin as far ahead as the horizon and no farther', async () => {
  const office = new Office({ policy: { horizonMs: 7 * DAY } })
  office.granted({ space: 'd1', from: at('09:00', 7), to: at('10:00', 7) })
  refused(office.claims({ space: 'd2', from: at('09:00:01', 7), to: at('10:00', 7) }), 'OUTSIDE_POLICY', { rule: 'horizon', latest: at('09:00', 7) })
})

test('a claim may last as long as the longest stay and no longer', async () => {
  const office = new Office({ policy: { longestStayMs: 3 * HOUR } })
  refused(office.claims({ space: 'd1', to: at('12:00:01') }), 'OUTSIDE_POLICY', { rule: 'longest-stay', longestMs: 3 * HOUR })
  office.granted({ space: 'd1', to: at('12:00') })
})

test('an end that is not later than the beginning is a bad request', async () => {
  const office = new Office()
  for (const to of [at('10:00'), at('09:30'), at('10:00', -400)]) {
    refused(office.claims({ space: 'd1', from: at('10:00'), to }), 'BAD_REQUEST', { field: 'to' })
  }
})

test('a claim lies within the opening hours', async () => {
  const office = new Office()
  office.granted({ space: 'd1', from: at('19:00'), to: at('20:00') })
  office.granted({ space: 'd1', from: at('07:00', 1), to: at('08:00', 1) })
  refused(office.claims({ space: 'd2', from: at('19:00'), to: at('20:00:01') }), 'OUTSIDE_POLICY', { rule: 'opening-hours', opens: at('07:00'), closes: at('20:00') })
  refused(office.claims({ space: 'd2', from: at('20:00'), to: at('21:00') }), 'OUTSIDE_POLICY', { rule: 'opening-hours' })
  refused(office.claims({ space: 'd2', from: at('06:59:59', 1), to: at('08:00', 1) }), 'OUTSIDE_POLICY', { rule: 'opening-hours' })
})

test('nothing can be claimed on a day on which the site is closed', async () => {
  const office = new Office({ hours: { zone: ZURICH, hours: { 1: { opens: '07:00', closes: '20:00' } } } })
  refused(office.claims({ space: 'd1', from: at('09:00', 1), to: at('10:00', 1) }), 'OUTSIDE_POLICY', { rule: 'opening-hours', opens: null, closes: null })
})

test('a locker may be held for weeks, over nights on which the site is closed', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'l1', to: at('18:00', 20) })
  assert.equal(office.record('l1').days.length, 21)
  refused(office.claims({ space: 'l1', person: 'bob', from: at('08:00', 10), to: at('09:00', 10) }), 'SPACE_TAKEN', { from: claim.from, to: claim.to })
})

test('a claim over many days begins and ends within opening hours', async () => {
  const office = new Office()
  refused(office.claims({ space: 'l1', to: at('21:00', 20) }), 'OUTSIDE_POLICY', { rule: 'opening-hours' })
  refused(office.claims({ space: 'l1', to: at('06:00', 20) }), 'OUTSIDE_POLICY', { rule: 'opening-hours', opens: at('07:00', 20), closes: at('20:00', 20) })
})

test('a space or zone for some people and groups is for nobody else', async () => {
  const office = new Office()
  const space = { people: ['ada'], groups: ['design'] }
  const zone = { people: [], groups: ['staff'] }
  const staff = { groups: ['staff'] }
  refused(office.claims({ space: 'd1', person: person('bob', staff), eligible: [space, zone] }), 'OUTSIDE_POLICY', { rule: 'eligible' })
  refused(office.claims({ space: 'd1', person: person('ada'), eligible: [space, zone] }), 'OUTSIDE_POLICY', { rule: 'eligible' })
  office.granted({ space: 'd1', person: person('ada', staff), eligible: [space, zone] })
  office.granted({ space: 'd2', person: person('cy', { groups: ['staff', 'design'] }), eligible: [space, zone] })
  office.granted({ space: 'd3', person: person('bob'), eligible: [null, null] })
})

test('a space that nobody put on a plan, or that was taken off it, is unknown', async () => {
  const office = new Office()
  office.place('hq-1', [office.placing('d1', { removed: true })])
  refused(office.claims({ space: 'd1' }), 'SPACE_UNKNOWN', { space: 'd1' })
  refused(office.claims({ space: 'nowhere' }), 'SPACE_UNKNOWN', { space: 'nowhere' })
  refused(office.claims({ space: 'constructor' }), 'SPACE_UNKNOWN', { space: 'constructor' })
})

test('a space that only a sensor tells of cannot be claimed', async () => {
  refused(new Office().claims({ space: 's1' }), 'OUTSIDE_POLICY', { rule: 'sensor-only' })
})

test('a blocked space cannot be claimed for a time before the block ends', async () => {
  const office = new Office()
  office.blocks('d1', at('12:00'))
  refused(office.claims({ space: 'd1' }), 'SPACE_BLOCKED', { until: at('12:00') })
  refused(office.claims({ space: 'd1', from: at('11:59:59'), to: at('13:00') }), 'SPACE_BLOCKED')
  office.granted({ space: 'd1', from: at('12:00'), to: at('13:00') })
})

test('a space that is blocked without an end cannot be claimed at all', async () => {
  const office = new Office()
  office.blocks('d1')
  refused(office.claims({ space: 'd1', from: at('09:00', 20), to: at('10:00', 20) }), 'SPACE_BLOCKED', { until: null })
})

test('a reading alone never forbids a claim', async () => {
  const office = new Office()
  office.reads('d1', 'occupied')
  office.granted({ space: 'd1' })
})

test('a person has one claim of a kind at a time', async () => {
  const office = new Office()
  const first = office.granted({ space: 'd1', to: at('10:00') })
  refused(office.claims({ space: 'e1', from: at('09:59:59'), to: at('11:00') }), 'PERSON_BUSY', { claim: first.id, space: 'd1', from: first.from, to: first.to })
  office.granted({ space: 'e1', from: at('10:00'), to: at('11:00') })
  office.granted({ space: 'p1', to: at('11:00') })
  office.granted({ space: 'd2', person: 'bob', to: at('10:00') })
})

test('a person may hold any number of rooms at a time', async () => {
  const office = new Office()
  office.granted({ space: 'r1' })
  office.granted({ space: 'r2' })
})

test('a limit of two counts claims at one instant, not those that overlap the span in turn', async () => {
  const office = new Office({ policy: { overlapping: { desk: 2 } } })
  office.granted({ space: 'd1', from: at('10:00'), to: at('11:00') })
  office.granted({ space: 'd1', from: at('12:00'), to: at('13:00') })
  office.granted({ space: 'd2', from: at('10:30'), to: at('12:30') })
  refused(office.claims({ space: 'd3', from: at('10:59:59'), to: at('11:30') }), 'PERSON_BUSY')
  refused(office.claims({ space: 'd3', from: at('11:30'), to: at('12:00:01') }), 'PERSON_BUSY')
  office.granted({ space: 'd3', from: at('11:00'), to: at('12:00') })
})

test('claims under a limit of one are marked for the ledger\'s constraint, others are not', async () => {
  const office = new Office({ policy: { overlapping: { desk: 2 } } })
  assert.equal(office.granted({ space: 'd1' }).sole, false)
  assert.equal(office.granted({ space: 'r1' }).sole, false)
  assert.equal(office.granted({ space: 'p1' }).sole, true)
})

test('the same claim asked for again is the claim as it is by then', async () => {
  const office = new Office()
  const asked = office.asked({ space: 'd1' })
  claimOf(office.does(asked))
  office.advanceTo(at('09:10'))
  office.does({ type: 'check-in', claim: asked.id })
  const again = office.does(asked)
  assert.ok(again.ok && again.outcome.repeated && !again.changed)
  assert.deepEqual(claimOf(again).life, { state: 'present', since: at('09:10') })
})

test('a claim that was granted and has ended is not granted again', async () => {
  const office = new Office()
  const asked = office.asked({ space: 'd1' })
  office.releases(claimOf(office.does(asked)))
  office.advanceTo(at('09:00', 6))
  const again = office.does(asked)
  assert.ok(again.ok && again.outcome.repeated && !again.changed)
  assert.equal(claimOf(again).life.state, 'ended')
})

test('a claim id that stands for another claim is refused', async () => {
  const office = new Office()
  const asked = office.asked({ space: 'd1' })
  office.does(asked)
  refused(office.does({ ...asked, hash: 'other' }), 'CLAIM_ID_REUSED', { claim: asked.id })
})

test('a refusal is no outcome: the same id may be granted later', async () => {
  const office = new Office()
  const rival = office.granted({ space: 'd1', person: 'bob' })
  const asked = office.asked({ space: 'd1' })
  refused(office.does(asked), 'SPACE_TAKEN')
  office.releases(rival)
  assert.equal(claimOf(office.does(asked)).id, asked.id)
})

test('an id that is older than seven days or a day ahead is a bad request', async () => {
  const office = new Office()
  refused(office.claims({ space: 'd1', id: claimId(office.now - 7 * DAY - 1, 1) }), 'BAD_REQUEST', { field: 'id' })
  refused(office.claims({ space: 'd1', id: claimId(office.now + DAY + 1, 1) }), 'BAD_REQUEST', { field: 'id' })
  office.granted({ space: 'd1', id: claimId(office.now - 7 * DAY, 1) })
  office.granted({ space: 'd2', person: 'bob', id: claimId(office.now + DAY, 2) })
})

test('what is granted while the ledger is behind is provisional', async () => {
  const office = new Office()
  office.provisional = true
  office.granted({ space: 'd1' })
  assert.equal(office.record('d1').current?.provisional, true)
})

test('somebody who is hidden has no name in any record', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: person('cy', { visibility: 'hidden' }) })
  assert.equal(office.record('d1').current?.name, null)
  assert.ok(!JSON.stringify([...office.records]).includes('"Cy"'))
})

test('a space takes 96 claims a day and no more', async () => {
  const office = new Office({ policy: { overlapping: { desk: null } } })
  const quarter = (n: number) => ({ from: at('09:00') + n * 5 * MINUTE, to: at('09:00') + (n + 1) * 5 * MINUTE })
  for (let n = 0; n < 96; n++) office.run(office.asked({ space: 'd1', person: `p${n}`, ...quarter(n) }))
  refused(office.claims({ space: 'd1', ...quarter(96) }), 'OUTSIDE_POLICY', { rule: 'claims-per-day', limit: 96 })
  office.granted({ space: 'd1', from: at('09:00', 1), to: at('10:00', 1) })
})

test('a person takes 64 claims a day and no more', async () => {
  const office = new Office()
  const minute = (n: number) => ({ from: at('09:00') + n * MINUTE, to: at('09:00') + (n + 1) * MINUTE })
  for (let n = 0; n < 64; n++) office.run(office.asked({ space: 'd1', ...minute(n) }))
  refused(office.claims({ space: 'd1', ...minute(64) }), 'OUTSIDE_POLICY', { rule: 'claims-per-day', limit: 64 })
})

test('a claim that is refused leaves nothing behind', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob' })
  const before = new Map(office.records)
  refused(office.claims({ space: 'd1' }), 'SPACE_TAKEN')
  assert.deepEqual(office.records, before)
})

test('ids that are called like something of every object are ids like others', async () => {
  const office = new Office({ hours: daily(ZURICH, '07:00', '20:00') })
  office.build('toString', Object.fromEntries(['valueOf', 'constructor', 'hasOwnProperty'].map(id => [id, 'desk'])))
  const claim = office.granted({ space: 'constructor', person: 'hasOwnProperty', to: at('09:00') + SECOND })
  refused(office.claims({ space: 'valueOf', person: 'hasOwnProperty' }), 'PERSON_BUSY', { claim: claim.id })
  office.advanceTo(at('10:00'))
  assert.equal(office.claimNow(claim).life.state, 'ended')
})
