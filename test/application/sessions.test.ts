import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Principal } from '../../src/application/principal.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import type { FakeSocket } from '../harness/fake-socket.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import { desk, heldBy, openFloors } from '../harness/floors.ts'
import { ADA, DISPLAY, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const [F, G] = ['hq-1', 'hq-2']
const { pulseMs } = STREAM_LIMITS

async function scene (t: Cleanup, limits: Partial<StreamLimits> = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  for (const floor of [F, G]) await floors.place(floor, 2)
  const faulty = new FaultyStore(floors.store)
  const node = new StreamNode(t, { store: faulty.store, clock, limits })
  let n = 0
  const flip = async (floor = F) => {
    const id = `${floor}-d0`
    await floors.write(floor, [[id, desk(floor, n++ % 2 === 0 ? { current: heldBy('ada', id, floor) } : {})]])
  }
  const connect = async (principal: Principal = DISPLAY, watched: readonly string[] = [F]) => {
    const { session, socket } = node.connect(principal)
    for (const floor of watched) session.receive({ type: 'watch', id: 'w', floor })
    await rest()
    return { session, socket }
  }
  return { clock, floors, faulty, node, flip, connect }
}

test('every session gets one pulse per period, that says where it is and when the store was asked last', async t => {
  const { clock, connect, flip } = await scene(t)
  const { socket } = await connect(DISPLAY, [F, G])
  await flip()
  await pass(clock, pulseMs - 50, 50)
  const pulse = socket.of('pulse')
  assert.deepEqual(pulse.map(({ floors }) => floors), [{
    [F]: { epoch: 1, seq: 3, checkedAt: pulse[0]?.floors[F]?.checkedAt }, [G]: { epoch: 1, seq: 2, checkedAt: pulse[0]?.floors[G]?.checkedAt }
  }])
  for (let n = 2; n <= 4; n++) {
    await pass(clock, pulseMs, 50)
    const now = socket.of('pulse')
    const last = now.at(-1)
    const age = Date.parse(last?.now ?? '') - Date.parse(last?.floors[F]?.checkedAt ?? '')
    assert.equal(now.length, n)
    assert.ok(age >= 0 && age <= STREAM_LIMITS.confirmMs, `checked ${age} ms ago`)
  }
})

test('a session that watches nothing gets pulses of the time alone', async t => {
  const { clock, connect } = await scene(t)
  const { socket } = await connect(DISPLAY, [])
  await pass(clock, 2 * pulseMs, 100)
  assert.deepEqual(socket.of('pulse'), ['2026-03-02T08:00:00Z', '2026-03-02T08:00:05Z'].map(now => ({ type: 'pulse', now, floors: {} })))
})

test('pulses of a storm are spread over the period, and those that say the same in a second are one frame', async t => {
  const { clock, connect } = await scene(t)
  const sockets: FakeSocket[] = []
  for (let i = 0; i < 100; i++) sockets.push((await connect()).socket)
  const perStep: number[] = []
  for (let i = 0; i < 50; i++) {
    await pass(clock, pulseMs / 50, pulseMs / 50)
    perStep.push(sockets.filter(socket => socket.of('pulse').length === 1).length)
  }
  assert.deepEqual(perStep, Array.from({ length: 50 }, (_, i) => 2 * (i + 1)))
  const frames = new Set(sockets.flatMap(({ sent }) => sent.filter(({ type }) => type === 'pulse')))
  assert.ok(frames.size <= 2 * (pulseMs / 1_000 + 1), `${frames.size} frames`)
})

test('a socket with a backlog gets no pulse', async t => {
  const { clock, connect, flip } = await scene(t)
  const [slow, quick] = [(await connect()).socket, (await connect()).socket]
  slow.backlog = STREAM_LIMITS.lowMarkBytes + 1
  await flip()
  await pass(clock, pulseMs, 50)
  assert.deepEqual([slow.of('pulse').length, quick.of('pulse').length], [0, 1])
  slow.backlog = 0
  await pass(clock, pulseMs, 50)
  assert.deepEqual([slow.of('diff').length, slow.of('pulse').length], [1, 1])
})

test('who is owed a change of a floor is not told of it that it is current', async t => {
  // The ring of the floor rests so long that the third change waits.
  const { clock, connect, flip } = await scene(t, { restMs: 2 * pulseMs })
  const { socket } = await connect(DISPLAY, [F, G])
  await flip()
  await flip(G)
  await rest()
  await flip()
  await rest()
  await flip()
  await pass(clock, STREAM_LIMITS.confirmMs, 50)
  socket.clear()
  await pass(clock, pulseMs, 50)
  assert.deepEqual([socket.of('diff').length, socket.of('pulse').map(({ floors }) => Object.keys(floors))], [0, [[G]]])
  await pass(clock, pulseMs, 50)
  assert.deepEqual(Object.keys(socket.of('pulse').at(-1)?.floors ?? {}), [F, G])
})

test('while the store does not answer, pulses go on and say when it last did', async t => {
  const { clock, connect, faulty } = await scene(t)
  const { socket } = await connect()
  const checkedAt = () => socket.of('pulse').at(-1)?.floors[F]?.checkedAt
  await pass(clock, 2 * pulseMs, 50)
  faulty.beforeRead = async () => { throw new Error('out of reach') }
  const failing = clock.now()
  await pass(clock, 4 * pulseMs, 50)
  assert.ok(Date.parse(checkedAt() ?? '') <= failing)
  faulty.beforeRead = async () => {}
  await pass(clock, 2 * pulseMs, 50)
  assert.ok(Date.parse(checkedAt() ?? '') >= clock.now() - pulseMs - STREAM_LIMITS.confirmMs - 1_000)
})

test('a floor that the node knows itself to be behind with is not confirmed by a later look', async t => {
  const { clock, connect, faulty, flip } = await scene(t)
  const { socket } = await connect()
  await pass(clock, STREAM_LIMITS.confirmMs, 50)
  faulty.loses = () => true
  await flip()
  const behindSince = clock.now()
  // The positions are read, the floor is not.
  let reads = 0
  faulty.beforeRead = async () => { if (reads++ % 2 === 1) throw new Error('out of reach') }
  await pass(clock, 3 * pulseMs, 50)
  for (const { floors } of socket.of('pulse')) {
    if (floors[F]?.seq === 2) assert.ok(Date.parse(floors[F].checkedAt) <= behindSince)
  }
})

test('draining says goodbye to all at once and closes them in waves with a pause between', async t => {
  const { clock, connect, node } = await scene(t, { drainWave: 2, drainPauseMs: 100 })
  const sockets: FakeSocket[] = []
  for (let i = 0; i < 5; i++) sockets.push((await connect()).socket)
  let drained = false
  const drain = node.sessions.drain().then(() => { drained = true })
  const closed = () => sockets.filter(socket => socket.closed === 'DRAINING').length
  assert.deepEqual([sockets.map(socket => socket.of('bye')), closed(), node.sessions.draining], [sockets.map(() => [{ type: 'bye', retry: STREAM_LIMITS.retry }]), 2, true])
  for (const [ms, expected] of [[99, 2], [1, 4], [99, 4], [1, 5]] as const) {
    await pass(clock, ms, ms)
    assert.deepEqual([closed(), drained], [expected, expected === 5])
  }
  await drain
  assert.equal(node.sessions.size, 0)
})

test('five thousand are told at once and leave over a second, no more than a wave at a time', async t => {
  const { clock, node } = await scene(t)
  const sockets = Array.from({ length: 5_000 }, () => node.connect(DISPLAY).socket)
  const drain = node.sessions.drain()
  const closed = () => sockets.filter(socket => socket.closed === 'DRAINING').length
  const waves = [closed()]
  assert.ok(sockets.every(socket => socket.of('bye').length === 1))
  while (node.sessions.size > 0) {
    const before = closed()
    await pass(clock, STREAM_LIMITS.drainPauseMs, STREAM_LIMITS.drainPauseMs)
    waves.push(closed() - before)
  }
  await drain
  assert.deepEqual([waves.length, new Set(waves)], [10, new Set([STREAM_LIMITS.drainWave])])
})

test('who comes while the node drains is sent on, and draining again says goodbye to nobody twice', async t => {
  const { clock, connect, node } = await scene(t, { drainWave: 1 })
  const [first, second] = [await connect(), await connect()]
  const drains = [node.sessions.drain(), node.sessions.drain()]
  const late = await connect(ADA)
  assert.deepEqual([late.socket.frames.map(({ type }) => type), late.socket.closed], [['welcome', 'bye'], 'DRAINING'])
  await pass(clock, 1_000, 100)
  await Promise.all(drains)
  assert.deepEqual([first, second].map(({ socket }) => [socket.of('bye').length, socket.closed]), [[1, 'DRAINING'], [1, 'DRAINING']])
  await node.sessions.drain()
})

test('sessions of some principals can be closed, and the others do not notice', async t => {
  const { connect, node, flip } = await scene(t)
  const [ada, bob, lobby] = [await connect(ADA), await connect({ ...ADA, id: 'person:bob', person: 'bob' }), await connect()]
  assert.equal(node.sessions.closeWhere(({ person }) => person === 'ada', 'UNAUTHENTICATED'), 1)
  assert.equal(node.sessions.closeWhere(({ person }) => person === 'ada', 'UNAUTHENTICATED'), 0)
  await flip()
  await rest()
  const seen = [ada, bob, lobby].map(({ socket }) => [socket.closed, socket.of('diff').length])
  assert.deepEqual([seen, node.sessions.size, node.metrics.open, node.metrics.watching], [[['UNAUTHENTICATED', 0], [null, 1], [null, 1]], 2, 2, 2])
})

test('when the last session is gone, no timer and no subscription outlive the linger time', async t => {
  const { clock, connect, node, faulty } = await scene(t)
  for (const principal of [ADA, DISPLAY]) (await connect(principal, [F, G])).session.closed()
  await pass(clock, STREAM_LIMITS.lingerMs + STREAM_LIMITS.confirmMs, 500)
  assert.deepEqual([node.sessions.size, node.clock.timers, faulty.subscriptions, node.metrics.open], [0, 0, 0, 0])
})

test('a kiosk that was paired stands for its site as any other does, and a display stands for none (INV-9)', async t => {
  const { node, connect } = await scene(t)
  const device = (role: 'kiosk' | 'display', key: string): Principal => ({ org: 'acme', id: `device:${key}`, role, person: null, site: 'hq', expiresAt: null, key })
  const { session } = await connect(device('kiosk', '0123456789abcdef'))
  await connect(device('display', 'fedcba9876543210'))
  assert.deepEqual([...node.sessions.kiosks()], [{ org: 'acme', site: 'hq' }])
  session.close('UNAUTHENTICATED')
  assert.deepEqual([...node.sessions.kiosks()], [])
})
