import assert from 'node:assert/strict'
import { test } from 'tap'
import type { Space } from '../../src/client/index.ts'
import { claimIdTime, isClaimId } from '../../src/domain/ids.ts'
import type { View } from '../../src/protocol/view.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rest } from '../harness/stream-node.ts'
import { claimView, diff, done, scripted, snapshot, view, type ScriptedSocket } from './scripted.ts'

/** Floor f at 1/4, watched over a connection that is open. */
async function office (t: Cleanup, spaces: View[] = [view('d1'), view('d2')]) {
  const scene = scripted(t)
  const floor = scene.perch.watch('f')
  const socket = (await scene.socket()).welcome()
  socket.grant({ epoch: 1, seq: 4 })
  socket.say(snapshot(1, 4, spaces))
  const looks: Array<Space | undefined> = []
  floor.onSpace('d1', space => looks.push(space))
  return { ...scene, floor, first: socket, looks, look: () => looks.map(space => [space?.status, space?.pending]) }
}

const ID = '019cad00-0000-7000-8000-000000000001'
const OTHER = '019cad00-0000-7000-8000-000000000002'

/** What became of it, so far. */
function outcome (promise: Promise<unknown>): { settled: unknown } {
  const seen: { settled: unknown } = { settled: undefined }
  promise.then(value => { seen.settled = value }, error => { seen.settled = (error as { code?: string }).code ?? error })
  return seen
}

/** Ada holds d1, and is there since some time or not yet. */
function holding (socket: ScriptedSocket, more: object = {}): void {
  socket.say({ type: 'mine', claims: [claimView(ID, 'd1', more)] })
}

test('a claim has an id of the server\'s time, goes out with it and comes to what the server says', async t => {
  const { perch, first, clock } = await office(t)
  const asked = perch.claim({ space: 'd1', to: new Date(Date.UTC(2026, 2, 2, 12)), checkIn: true })
  const { id, claim } = first.last('claim')
  assert.ok(isClaimId(claim.id ?? ''))
  assert.ok(Math.abs(claimIdTime(claim.id ?? '') - clock.now()) <= 1_000)
  assert.deepEqual(claim, { id: claim.id, space: 'd1', to: '2026-03-02T12:00:00.000Z', checkIn: true })
  const told = claimView(claim.id ?? '', 'd1')
  first.say(done(id, told, 5, false))
  assert.deepEqual(await asked, { claim: told, persisted: false })
})

test('no two ids are the same', async t => {
  const { perch } = await office(t)
  const ids = Array.from({ length: 2_000 }, () => perch.newClaimId())
  assert.equal(new Set(ids).size, ids.length)
  assert.ok(ids.every(isClaimId))
})

test('check-in, release and change go out as the protocol has them', async t => {
  const { perch, first } = await office(t)
  const all = [perch.checkIn(ID), perch.release(OTHER), perch.change('019cad00-0000-7000-8000-000000000003', { to: '2026-03-02T12:00:00Z', space: 'd2' })]
  for (const promise of all) promise.catch(() => {})
  assert.deepEqual(first.sent.slice(1), [
    { type: 'checkIn', id: '2', claim: ID },
    { type: 'release', id: '3', claim: OTHER },
    { type: 'change', id: '4', claim: '019cad00-0000-7000-8000-000000000003', change: { to: '2026-03-02T12:00:00Z', space: 'd2' } }
  ])
})

test('what is refused for good is told with code and details', async t => {
  const { perch, first } = await office(t)
  const asked = perch.claim({ space: 'd1' })
  first.refuse(first.last('claim').id, 'SPACE_TAKEN', false, { alternatives: ['d2'] })
  await assert.rejects(asked, { name: 'PerchError', code: 'SPACE_TAKEN', retry: false, message: 'it is SPACE_TAKEN', details: { alternatives: ['d2'] } })
})

test('what is refused for now is sent again after a while, with the same id', async t => {
  const { perch, first, pass } = await office(t)
  const asked = outcome(perch.claim({ space: 'd1' }))
  for (let n = 1; n <= 3; n++) {
    assert.equal(first.of('claim').length, n)
    first.refuse(first.last('claim').id, 'BUSY', true)
    await pass(0)
  }
  first.say(done(first.last('claim').id, claimView(ID, 'd1'), 5))
  await rest(1)
  assert.deepEqual(asked.settled, { claim: claimView(ID, 'd1'), persisted: true })
  assert.equal(new Set(first.of('claim').map(({ claim }) => claim.id)).size, 1)
  assert.equal(new Set(first.of('claim').map(({ id }) => id)).size, 4)
})

test('a command that is under way when the connection ends is sent again on the next, with the same id', async t => {
  const { perch, first, socket, pass } = await office(t)
  const asked = outcome(perch.claim({ space: 'd1' }))
  first.end()
  await pass(250)
  const second = (await socket()).welcome()
  assert.deepEqual(second.last('claim').claim, first.last('claim').claim)
  second.say(done(second.last('claim').id, claimView(ID, 'd1'), 5))
  await rest(1)
  assert.deepEqual(asked.settled, { claim: claimView(ID, 'd1'), persisted: true })
})

test('a command that nobody answers is sent again on the same connection', async t => {
  const { perch, first, heard } = await office(t)
  perch.claim({ space: 'd1' }).catch(() => {})
  await heard(11_000)
  assert.equal(first.of('claim').length, 2)
  assert.deepEqual(first.of('claim')[0]?.claim, first.of('claim')[1]?.claim)
})

test('a command that was never sent says so when time is up, and one that was sent that nobody knows', async t => {
  const { perch, first, pass } = await office(t)
  const sent = outcome(perch.claim({ space: 'd1' }, { timeoutMs: 20_000 }))
  first.end()
  const never = outcome(perch.claim({ space: 'd2' }, { timeoutMs: 20_000 }))
  await pass(20_000)
  assert.deepEqual([sent.settled, never.settled], ['OUTCOME_UNKNOWN', 'NOT_CONNECTED'])
})

test('a command that is refused for now all the time comes to the last refusal', async t => {
  const { perch, first, pass } = await office(t)
  const asked = outcome(perch.claim({ space: 'd1' }, { timeoutMs: 5_000 }))
  first.refuse(first.last('claim').id, 'RECOVERING', true)
  await pass(0)
  first.refuse(first.last('claim').id, 'LEDGER_BEHIND', true)
  first.end()
  await pass(5_000)
  assert.equal(asked.settled, 'LEDGER_BEHIND')
})

test('commands of one claim go one after another, and those of others beside them', async t => {
  const { perch, first } = await office(t)
  const id = perch.newClaimId()
  const claimed = perch.claim({ id, space: 'd1' })
  const released = outcome(perch.release(id))
  perch.release(OTHER).catch(() => {})
  assert.deepEqual(first.of('release').map(({ claim }) => claim), [OTHER])
  first.say(done(first.last('claim').id, claimView(id, 'd1'), 5))
  await claimed
  assert.deepEqual(first.of('release').map(({ claim }) => claim), [OTHER, id])
  first.say(done(first.last('release').id, claimView(id, 'd1', { state: 'ended' }), 6))
  await rest(1)
  assert.notEqual(released.settled, undefined)
})

test('no more than eight are sent at a time, and no more than 200 wait', async t => {
  const { perch, first } = await office(t)
  const all = Array.from({ length: 200 }, () => outcome(perch.claim({ space: 'd1' })))
  const last = outcome(perch.claim({ space: 'd1' }))
  await rest(1)
  assert.deepEqual([first.of('claim').length, last.settled], [8, 'TOO_MANY'])
  first.refuse(first.last('claim').id, 'SPACE_TAKEN', false)
  assert.equal(first.of('claim').length, 9)
  perch.close()
  await rest(1)
  const count = (code: string) => all.filter(({ settled }) => settled === code).length
  assert.deepEqual([count('OUTCOME_UNKNOWN'), count('SPACE_TAKEN'), count('CLOSED')], [8, 1, 191])
})

test('when the server closes for good, commands are told that there is no connection', async t => {
  const { perch, first } = await office(t)
  const sent = outcome(perch.claim({ space: 'd1' }))
  first.end(4102)
  await rest(1)
  assert.equal(sent.settled, 'OUTCOME_UNKNOWN')
  await assert.rejects(perch.claim({ space: 'd1' }), { code: 'NOT_CONNECTED', details: { cause: 'FORBIDDEN' } })
})

test('a claim is shown at once, and as the server says once it says so', async t => {
  const { perch, first, look, floor } = await office(t)
  const asked = perch.claim({ space: 'd1' })
  first.say(done(first.last('claim').id, claimView(ID, 'd1'), 5, false))
  await asked
  assert.deepEqual(floor.space('d1')?.pending, 'claim', 'the floor is not there yet')
  first.say(diff(1, 4, 5, [view('d1', { status: 'reserved', provisional: true })]))
  assert.deepEqual(look(), [['reserved', 'claim'], ['reserved', undefined]])
  assert.deepEqual(floor.space('d1'), view('d1', { status: 'reserved', provisional: true }))
})

test('a claim whose floor is ahead of its answer is not pending any more when it is answered', async t => {
  const { perch, first, floor } = await office(t)
  const asked = perch.claim({ space: 'd1' })
  first.say(diff(1, 4, 6, [view('d1', { status: 'reserved' })]))
  assert.equal(floor.space('d1')?.pending, 'claim')
  first.say(done(first.last('claim').id, claimView(ID, 'd1'), 5))
  await asked
  assert.deepEqual(floor.space('d1'), view('d1', { status: 'reserved' }))
})

test('a claim that is refused is taken back', async t => {
  const { perch, first, look, floor } = await office(t)
  const asked = outcome(perch.claim({ space: 'd1', checkIn: true }))
  first.refuse(first.last('claim').id, 'SPACE_TAKEN', false)
  await rest(1)
  assert.equal(asked.settled, 'SPACE_TAKEN')
  assert.deepEqual(look(), [['occupied', 'claim'], ['free', undefined]])
  assert.deepEqual(floor.spaces, [view('d1'), view('d2')])
})

test('what the server says of a space goes before what was expected of it', async t => {
  const { perch, first, floor } = await office(t)
  perch.claim({ space: 'd1' }).catch(() => {})
  first.say(diff(1, 4, 5, [view('d1', { status: 'blocked' })]))
  assert.deepEqual(floor.space('d1'), { ...view('d1', { status: 'blocked' }), pending: 'claim' })
})

test('counts are the server\'s alone', async t => {
  const { perch, floor } = await office(t)
  const { counts } = floor
  perch.claim({ space: 'd1' }).catch(() => {})
  assert.equal(floor.counts, counts)
})

test('a space that somebody has is not shown as taken by a claim on it, but by a sensor alone it is', async t => {
  const { perch, floor } = await office(t, [view('d1', { status: 'reserved', occupant: { id: 'ben', name: 'Ben' } }), view('d2', { status: 'occupied', by: 'reading' })])
  perch.claim({ space: 'd1', checkIn: true }).catch(() => {})
  perch.claim({ space: 'd2' }).catch(() => {})
  assert.deepEqual(floor.space('d1'), { ...view('d1', { status: 'reserved', occupant: { id: 'ben', name: 'Ben' } }), pending: 'claim' })
  assert.deepEqual([floor.space('d2')?.status, floor.space('d2')?.by], ['reserved', undefined])
})

test('a claim for later shows when the next one begins', async t => {
  const { perch, floor } = await office(t, [view('d1'), view('d2', { next: '2026-03-02T09:00:00Z' })])
  for (const space of ['d1', 'd2']) perch.claim({ space, from: '2026-03-02T10:00:00Z' }).catch(() => {})
  assert.deepEqual(floor.spaces, [view('d1', { next: '2026-03-02T10:00:00Z' }), view('d2', { next: '2026-03-02T09:00:00Z' })].map(space => ({ ...space, pending: 'claim' })))
})

test('a check-in, a longer stay, a move and a release of a known claim are shown at once', async t => {
  const { perch, floor, first } = await office(t, [view('d1', { status: 'reserved', until: '2026-03-02T17:00:00Z', occupant: { id: 'ada', name: 'Ada' } }), view('d2')])
  holding(first)
  const look = () => floor.spaces.map(({ status, pending, until }) => [status, pending, until])
  const hide = perch.preview({ type: 'checkIn', claim: ID })
  assert.deepEqual(look(), [['occupied', 'checkIn', '2026-03-02T17:00:00Z'], ['free', undefined, undefined]])
  assert.equal(floor.space('d1')?.occupant?.name, 'Ada')
  hide()
  const hideStay = perch.preview({ type: 'change', claim: ID, change: { to: '2026-03-02T18:00:00Z' } })
  assert.deepEqual(look()[0], ['reserved', 'change', '2026-03-02T18:00:00Z'])
  hideStay()
  const hideMove = perch.preview({ type: 'change', claim: ID, change: { space: 'd2' } })
  assert.deepEqual(look(), [['free', 'change', undefined], ['reserved', 'change', '2026-03-02T17:00:00Z']])
  hideMove()
  hideMove()
  const hideRelease = perch.preview({ type: 'release', claim: ID })
  assert.deepEqual(floor.space('d1'), { id: 'd1', status: 'free', since: floor.space('d1')?.since, pending: 'release' })
  hideRelease()
  assert.deepEqual(look(), [['reserved', undefined, '2026-03-02T17:00:00Z'], ['free', undefined, undefined]])
})

test('a booking that is given back changes no status, and of a claim that is not known nothing is guessed', async t => {
  const { perch, floor, first } = await office(t)
  holding(first, { from: '2026-03-02T15:00:00Z' })
  perch.preview({ type: 'release', claim: ID })
  perch.preview({ type: 'release', claim: OTHER })
  assert.deepEqual(floor.spaces, [{ ...view('d1'), pending: 'release' }, view('d2')])
})

test('several commands on one space are shown in their order, and each is taken back alone', async t => {
  const { perch, first, floor } = await office(t)
  const id = perch.newClaimId()
  const claimed = perch.claim({ id, space: 'd1' })
  const present = outcome(perch.checkIn(id))
  assert.deepEqual([floor.space('d1')?.status, floor.space('d1')?.pending], ['occupied', 'checkIn'])
  first.say(done(first.last('claim').id, claimView(id, 'd1'), 5), diff(1, 4, 5, [view('d1', { status: 'reserved' })]))
  await claimed
  first.refuse(first.last('checkIn').id, 'OUTSIDE_POLICY', false)
  await rest(1)
  assert.equal(present.settled, 'OUTSIDE_POLICY')
  assert.deepEqual(floor.space('d1'), view('d1', { status: 'reserved' }))
})

test('a move to another floor frees the space that it leaves, and both floors say the rest', async t => {
  const { perch, first, floor } = await office(t, [view('d1', { status: 'reserved' })])
  const other = perch.watch('g')
  first.grant({ epoch: 1, seq: 1 })
  first.say(snapshot(1, 1, [view('e1')], { floor: 'g' }))
  holding(first)
  const moved = perch.change(ID, { space: 'e1' })
  assert.deepEqual([floor.space('d1')?.status, other.space('e1')?.status], ['free', 'reserved'])
  first.say(done(first.last('change').id, claimView(ID, 'e1', { floor: 'g' }), 2, true, 'g'))
  await moved
  assert.deepEqual([floor.space('d1')?.pending, other.space('e1')?.pending], [undefined, 'change'])
  first.say(diff(1, 1, 2, [view('e1', { status: 'reserved' })], { floor: 'g' }))
  assert.equal(other.space('e1')?.pending, undefined)
})

test('a recovery ends what was pending, whatever became of it', async t => {
  const { perch, first, floor } = await office(t)
  const asked = perch.claim({ space: 'd1' })
  first.say(done(first.last('claim').id, claimView(ID, 'd1'), 5))
  await asked
  first.say(snapshot(2, 1, [view('d1'), view('d2')]))
  assert.deepEqual(floor.space('d1'), view('d1'))
})

test('one\'s own claims are told, and those that a fault took until they are made anew', async t => {
  const { perch, first } = await office(t)
  const [mine, lost]: [unknown[], unknown[]] = [[], []]
  perch.on('mine', told => mine.push(told))
  perch.on('lost', ids => lost.push(ids))
  assert.deepEqual(perch.mine, { claims: null, lost: [] })
  first.say({ type: 'mine', claims: [claimView(ID, 'd1')] }, { type: 'mine', claims: [], lost: [ID] }, { type: 'mine', claims: [] })
  assert.deepEqual([mine.length, lost, perch.mine], [3, [[ID]], { claims: [], lost: [ID] }])
  first.say({ type: 'mine', claims: [claimView(ID, 'd1')] })
  assert.deepEqual(perch.mine.lost, [])
})
