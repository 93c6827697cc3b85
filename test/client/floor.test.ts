import assert from 'node:assert/strict'
import { test } from 'tap'
import type { FloorChange } from '../../src/client/index.ts'
import { diff, idle, NO_COUNTS, pulse, scripted, snapshot, view } from './scripted.ts'
import type { Cleanup } from '../harness/cleanup.ts'

const TWO = [view('d1'), view('d2')]

/** Floor f, watched and live at 1/4, with two free desks. */
async function watching (t: Cleanup) {
  const scene = scripted(t)
  const floor = scene.perch.watch('f')
  const socket = (await scene.socket()).welcome()
  socket.grant({ epoch: 1, seq: 4 })
  socket.say(snapshot(1, 4, TWO))
  const changes: FloorChange[] = []
  floor.on('change', change => changes.push(change))
  return { ...scene, floor, first: socket, changes }
}

test('a floor is watched as soon as there is a connection, for the most that may be seen', async t => {
  const { perch, socket } = scripted(t)
  const floor = perch.watch('f')
  const only = await socket()
  only.tell('open')
  assert.deepEqual(only.sent, [])
  only.welcome()
  assert.deepEqual(only.sent, [{ type: 'watch', floor: 'f', id: '1' }])
  assert.deepEqual([floor.position, floor.audience, floor.plan, floor.counts, floor.spaces], [null, null, null, null, []])
})

test('a snapshot is what the floor is', async t => {
  const { floor } = await watching(t)
  assert.deepEqual(floor.spaces, TWO)
  assert.deepEqual([floor.position, floor.audience, floor.plan, floor.counts], [{ epoch: 1, seq: 4 }, 'named', 1, NO_COUNTS])
  assert.equal(floor.freshness.state, 'live')
})

test('a change is told once, whole, with everything that looks different and nothing else', async t => {
  const { floor, first, changes } = await watching(t)
  first.say(diff(1, 4, 6, [view('d1', { status: 'occupied' }), view('d2'), view('d3')]))
  first.say(diff(1, 6, 7, [], { gone: ['d2', 'd9'] }))
  assert.deepEqual(changes.map(({ spaces, gone }) => [spaces.map(({ id }) => id), gone]), [[['d1', 'd3'], []], [[], ['d2']]])
  assert.deepEqual(floor.spaces.map(({ id, status }) => [id, status]), [['d1', 'occupied'], ['d3', 'free']])
})

test('counts change without a space, and are told', async t => {
  const { floor, first, changes } = await watching(t)
  first.say(diff(1, 4, 5, [], { recount: { free: 7, zones: { north: { free: 3 } } } }))
  assert.equal(floor.counts?.free, 7)
  assert.equal(floor.counts?.zones['north']?.free, 3)
  assert.deepEqual(changes, [{ spaces: [], gone: [] }])
})

test('what changes nothing that is seen is not told', async t => {
  const { floor, first, changes } = await watching(t)
  first.say(diff(1, 4, 5))
  assert.deepEqual([changes, floor.position], [[], { epoch: 1, seq: 5 }])
})

test('what is read stays the same object until it is another', async t => {
  const { floor, first } = await watching(t)
  const [spaces, d1, d2] = [floor.spaces, floor.space('d1'), floor.space('d2')]
  assert.equal(floor.spaces, spaces)
  first.say(diff(1, 4, 5, [view('d1', { status: 'reserved' }), view('d2')]))
  assert.notEqual(floor.spaces, spaces)
  assert.deepEqual(spaces, TWO, 'and what was read before is as it was')
  assert.notEqual(floor.space('d1'), d1)
  first.say(snapshot(1, 9, [view('d1'), view('d2')]))
  assert.equal(floor.space('d2'), d2)
})

test('whoever listens to one space hears of that alone, and of its end', async t => {
  const { floor, first } = await watching(t)
  const told: unknown[] = []
  const end = floor.onSpace('d1', space => told.push(space?.status))
  first.say(diff(1, 4, 5, [view('d2', { status: 'reserved' })]), diff(1, 5, 6, [view('d1', { status: 'reserved' })]), diff(1, 6, 7, [], { gone: ['d1'] }))
  end()
  first.say(diff(1, 7, 8, [view('d1')]))
  assert.deepEqual(told, ['reserved', undefined])
})

test('a gap makes it watch again from where it is, and for nothing more while that is under way', async t => {
  const { floor, first } = await watching(t)
  first.say(diff(1, 5, 6, [view('d1', { status: 'reserved' })]))
  assert.deepEqual(first.last('watch'), { type: 'watch', id: '2', floor: 'f', audience: 'named', epoch: 1, seq: 4 })
  assert.equal(floor.freshness.state, 'catching-up')
  first.say(diff(1, 6, 7))
  assert.equal(first.of('watch').length, 2)
  first.grant({ epoch: 1, seq: 7 })
  assert.equal(floor.freshness.state, 'catching-up')
  first.say(diff(1, 4, 7, [view('d1', { status: 'reserved' })]))
  assert.equal(floor.freshness.state, 'live')
})

test('a later epoch makes it watch again, and its snapshot replaces what there was', async t => {
  const { floor, first, changes } = await watching(t)
  first.say(diff(2, 4, 5))
  assert.equal(first.of('watch').length, 2)
  first.grant({ epoch: 2, seq: 1 })
  first.say(snapshot(2, 1, [view('d2', { status: 'blocked' })]), diff(1, 4, 9, [view('d1')]), snapshot(1, 99, TWO))
  assert.deepEqual(floor.spaces, [view('d2', { status: 'blocked' })])
  assert.deepEqual(changes.map(({ spaces, gone }) => [spaces.length, gone]), [[1, ['d1']]])
})

test('an older snapshot of the same epoch is dropped', async t => {
  const { floor, first } = await watching(t)
  first.say(snapshot(1, 3, []))
  assert.equal(floor.spaces.length, 2)
})

test('a pulse that counts it further than it is makes it watch again', async t => {
  const { first, clock } = await watching(t)
  first.say(pulse(clock, 1, 6))
  assert.equal(first.of('watch').length, 2)
  first.say(pulse(clock, 1, 6))
  assert.equal(first.of('watch').length, 2)
})

test('whoever comes back resumes with position and audience, and is live when nothing is new', async t => {
  const { floor, first, socket, pass } = await watching(t)
  first.end()
  assert.equal(floor.freshness.state, 'catching-up')
  assert.equal(floor.spaces.length, 2)
  await pass(250)
  const second = (await socket()).welcome()
  assert.deepEqual(second.last('watch'), { type: 'watch', id: '2', floor: 'f', audience: 'named', epoch: 1, seq: 4 })
  second.grant({ epoch: 1, seq: 4 })
  assert.equal(floor.freshness.state, 'live')
})

test('after a reload the rights may be others, so the audience is asked for anew', async t => {
  const { first, socket, pass } = await watching(t)
  first.end(4003)
  await pass(250)
  assert.deepEqual((await socket()).welcome().last('watch'), { type: 'watch', id: '2', floor: 'f', epoch: 1, seq: 4 })
})

test('a watch that is refused for now is asked for again', async t => {
  const { perch, socket, pass } = scripted(t)
  const floor = perch.watch('f')
  const only = (await socket()).welcome()
  only.refuse(only.last('watch').id, 'RECOVERING', true)
  await pass(249)
  assert.equal(only.of('watch').length, 1)
  await pass(1)
  assert.equal(only.of('watch').length, 2)
  assert.equal(floor.freshness.state, 'catching-up')
})

test('a floor that is refused shows nothing any more, and is asked for on the next connection', async t => {
  const { floor, first, changes, socket, pass } = await watching(t)
  first.say(diff(1, 9, 10))
  first.refuse(first.last('watch').id, 'FORBIDDEN', false)
  assert.ok(floor.freshness.state === 'refused')
  assert.equal(floor.freshness.error.code, 'FORBIDDEN')
  assert.deepEqual([floor.spaces, floor.counts, floor.position], [[], null, null])
  assert.deepEqual(changes.at(-1), { spaces: [], gone: ['d1', 'd2'] })
  await assert.rejects(floor.ready(), { code: 'FORBIDDEN' })
  first.end()
  await pass(250)
  assert.deepEqual((await socket()).welcome().last('watch'), { type: 'watch', id: '3', floor: 'f' })
})

test('a floor is stale when nothing was confirmed for 10 s, since it last was, and live when it is again', async t => {
  const { floor, first, pass, clock } = await watching(t)
  const told: string[] = []
  floor.on('freshness', ({ state }) => told.push(state))
  await pass(5_000)
  first.say(pulse(clock, 1, 4, 3))
  const checkedAt = clock.now() - 3_000
  await pass(6_999)
  assert.deepEqual(told, [])
  await pass(1)
  const { freshness } = floor
  assert.ok(freshness.state === 'stale')
  assert.ok(Math.abs(Number(freshness.since) - checkedAt) <= 1_000)
  assert.equal(floor.spaces.length, 2, 'it is still shown')
  first.say(pulse(clock, 1, 4))
  assert.deepEqual(told, ['stale', 'live'])
})

test('a node that is there and does not vouch for the floor confirms nothing', async t => {
  const { perch, floor, first, pass, clock } = await watching(t)
  for (let n = 0; n < 2; n++) {
    await pass(5_000)
    first.say(idle(clock))
  }
  assert.equal(perch.connection.state, 'live')
  assert.equal(floor.freshness.state, 'stale')
})

test('a node that has not looked itself for long is not believed, however new its snapshot was', async t => {
  const { floor, first, clock } = await watching(t)
  first.say(pulse(clock, 1, 4, 60))
  assert.ok(floor.freshness.state === 'stale')
  assert.ok(Math.abs(Number(floor.freshness.since) - (clock.now() - 60_000)) <= 1_000)
})

test('a device whose clock is wrong is no staler for it', async t => {
  const { perch, socket } = scripted(t)
  const floor = perch.watch('f')
  const only = (await socket()).welcome({ now: '2031-01-01T00:00:00Z' })
  only.grant({ epoch: 1, seq: 4 })
  only.say(snapshot(1, 4, TWO), { type: 'pulse', now: '2031-01-01T00:00:05Z', floors: { f: { epoch: 1, seq: 4, checkedAt: '2031-01-01T00:00:04Z' } } })
  assert.equal(floor.freshness.state, 'live')
  assert.ok(Math.abs(perch.now() - Date.UTC(2031, 0, 1, 0, 0, 5)) <= 1_000)
})

test('a floor that never came is stale, too', async t => {
  const { perch, socket, pass } = scripted(t)
  const floor = perch.watch('f')
  await socket()
  await pass(10_000)
  assert.equal(floor.freshness.state, 'stale')
})

test('ready tells that a floor is live', async t => {
  const { perch, socket } = scripted(t)
  const floor = perch.watch('f')
  const ready = floor.ready()
  const only = (await socket()).welcome()
  only.grant({ epoch: 1, seq: 4 })
  only.say(snapshot(1, 4, TWO))
  await ready
  await floor.ready()
})

test('however many watch a floor, it is one watch, until a second after the last of them', async t => {
  const { perch, floor, first, pass } = await watching(t)
  const other = perch.watch('f')
  assert.equal(first.of('watch').length, 1)
  assert.deepEqual(other.spaces, TWO)
  floor.close()
  floor.close()
  await pass(5_000)
  assert.deepEqual(first.of('unwatch'), [])
  other.close()
  await pass(999)
  const again = perch.watch('f')
  await pass(5_000)
  assert.deepEqual(first.of('unwatch'), [])
  again.close()
  await pass(1_000)
  assert.deepEqual(first.of('unwatch').map(({ floor }) => floor), ['f'])
  assert.equal(perch.floor('f'), undefined)
})

test('whoever has closed a floor hears nothing of it', async t => {
  const { perch, floor, first, changes } = await watching(t)
  perch.watch('f')
  const told: unknown[] = []
  floor.onSpace('d1', space => told.push(space))
  floor.close()
  floor.on('change', change => told.push(change))
  first.say(diff(1, 4, 5, [view('d1', { status: 'reserved' })]))
  assert.deepEqual([changes, told], [[], []])
})

test('all who watch a floor see the most that any of them asked for', async t => {
  const { perch, socket } = scripted(t)
  const small = perch.watch('f', { audience: 'counts' })
  const only = (await socket()).welcome()
  assert.equal(only.last('watch').audience, 'counts')
  only.grant({ epoch: 1, seq: 4 }, 'counts')
  only.say(snapshot(1, 4, [], { audience: 'counts' }))
  const map = perch.watch('f', { audience: 'anonymous' })
  assert.equal(only.last('watch').audience, 'anonymous')
  only.grant({ epoch: 1, seq: 4 }, 'anonymous')
  assert.equal(map.freshness.state, 'catching-up', 'the snapshot is not there')
  only.say(snapshot(1, 4, TWO, { audience: 'anonymous' }))
  assert.equal(map.freshness.state, 'live')
  const most = perch.watch('f')
  assert.equal('audience' in only.last('watch'), false)
  most.close()
  assert.equal(only.last('watch').audience, 'anonymous')
  map.close()
  assert.equal(only.last('watch').audience, 'counts')
  assert.equal(small.id, 'f')
})

test('who was granted less than was asked for resumes with what was granted', async t => {
  const { perch, socket, pass } = scripted(t)
  perch.watch('f', { audience: 'named' })
  const first = (await socket()).welcome()
  first.grant({ epoch: 1, seq: 4 }, 'anonymous')
  first.say(snapshot(1, 4, TWO, { audience: 'anonymous' }))
  first.end()
  await pass(250)
  assert.deepEqual((await socket()).welcome().last('watch'), { type: 'watch', id: '2', floor: 'f', audience: 'anonymous', epoch: 1, seq: 4 })
})

test('a floor stays live when a policy lets more of it be seen, and when it lets less', async t => {
  const { floor, first } = await watching(t)
  assert.deepEqual([floor.audience, floor.freshness.state], ['named', 'live'])
  first.say(snapshot(1, 5, TWO, { audience: 'anonymous' }))
  assert.deepEqual([floor.audience, floor.freshness.state], ['anonymous', 'live'])
  first.say(snapshot(1, 6, TWO))
  assert.deepEqual([floor.audience, floor.freshness.state], ['named', 'live'])
})
