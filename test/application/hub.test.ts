import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Principal } from '../../src/application/principal.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { desk, heldBy, openFloors } from '../harness/floors.ts'
import { ADA, DISPLAY, pass, rest, StreamNode } from '../harness/stream-node.ts'
import type { FakeSocket } from '../harness/fake-socket.ts'
import { HandClock } from '../stand-ins/clock.ts'

const F = 'hq-1'
const LOW = STREAM_LIMITS.lowMarkBytes

async function scene (t: Cleanup, limits: Partial<StreamLimits> = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  await floors.place(F, 5)
  const node = new StreamNode(t, { store: floors.store, clock, limits })
  let n = 0
  const flip = async (space = 0) => {
    const id = `${F}-d${space}`
    await floors.write(F, [[id, desk(F, n++ % 2 === 0 ? { current: heldBy('ada', id, F) } : {})]])
  }
  const watcher = async (principal: Principal = DISPLAY): Promise<FakeSocket> => {
    const { session, socket } = node.connect(principal)
    session.receive({ type: 'watch', id: 'w', floor: F })
    await rest()
    return socket
  }
  return { clock, floors, node, flip, watcher }
}

const diffs = (socket: FakeSocket): Array<[number, number]> => socket.of('diff').map(({ from, to }) => [from, to])

test('the first change goes out at once, and the one after it; what follows gathers while the ring rests', async t => {
  const { clock, flip, watcher } = await scene(t)
  const socket = await watcher()
  for (let i = 0; i < 2; i++) {
    await flip()
    await rest()
  }
  assert.deepEqual(diffs(socket), [[2, 3], [3, 4]])
  for (let i = 0; i < 50; i++) await flip()
  await rest()
  assert.deepEqual(diffs(socket), [[2, 3], [3, 4]])
  clock.pass(STREAM_LIMITS.restMs)
  await rest()
  assert.deepEqual(diffs(socket), [[2, 3], [3, 4], [4, 54]])
  assert.deepEqual(socket.of('diff').at(-1)?.spaces.map(({ id }) => id), [`${F}-d0`])
})

test('changes that arrive together are one frame', async t => {
  const { flip, watcher } = await scene(t)
  const socket = await watcher()
  await Promise.all([flip(0), flip(1), flip(2)])
  await rest()
  assert.deepEqual(diffs(socket), [[2, 5]])
})

test('one frame is built for all who stand at the same position', async t => {
  const { flip, watcher, node } = await scene(t)
  const sockets = []
  for (let i = 0; i < 20; i++) sockets.push(await watcher())
  assert.equal(new Set(sockets.map(({ sent }) => sent.find(({ type }) => type === 'snapshot'))).size, 1)
  assert.equal(node.metrics.snapshots, 1)
  await flip()
  await rest()
  assert.equal(new Set(sockets.map(({ sent }) => sent.at(-1))).size, 1)
})

test('a slow socket is passed by, costs the others nothing, and gets everything it owes in one frame', async t => {
  const { clock, flip, watcher, node } = await scene(t)
  const [slow, quick] = [await watcher(), await watcher()]
  slow.backlog = LOW + 1
  for (let i = 0; i < 20; i++) {
    await flip(i % 5)
    await pass(clock, 20)
  }
  assert.deepEqual([diffs(slow).length, diffs(quick).length, node.metrics.passed], [0, 20, 1])
  slow.backlog = LOW
  await pass(clock, 20)
  assert.deepEqual(diffs(slow), [[2, 22]])
  assert.deepEqual([slow.closed, node.metrics.slow], [null, 0])
})

test('a socket above the high mark, or behind for ten seconds, is closed and owes nothing', async t => {
  const { clock, flip, watcher, node } = await scene(t)
  const [full, stuck, fine] = [await watcher(), await watcher(), await watcher()]
  full.backlog = STREAM_LIMITS.highMarkBytes + 1
  stuck.backlog = LOW + 1
  await flip()
  await pass(clock, 100)
  assert.deepEqual([full.closed, stuck.closed], ['TOO_SLOW', null])
  await pass(clock, STREAM_LIMITS.behindMs - 200)
  assert.equal(stuck.closed, null)
  await pass(clock, 200)
  assert.deepEqual([stuck.closed, fine.closed, node.metrics.slow, node.sessions.size, node.metrics.watching], ['TOO_SLOW', null, 2, 1, 1])
})

test('a socket that is already full when it joins gets its snapshot when it has room', async t => {
  const { clock, node } = await scene(t)
  const { session, socket } = node.connect(DISPLAY)
  socket.backlog = LOW + 1
  session.receive({ type: 'watch', id: '1', floor: F })
  await pass(clock, 50)
  assert.deepEqual(socket.frames.map(({ type }) => type), ['welcome', 'reply'])
  socket.backlog = 0
  await pass(clock, 20)
  assert.equal(socket.of('snapshot').length, 1)
})

test('a walk gives the event loop a turn after so many writes, and nobody is left out', async t => {
  const { flip, watcher } = await scene(t, { writesPerTurn: 3 })
  const sockets: FakeSocket[] = []
  for (let i = 0; i < 10; i++) sockets.push(await watcher())
  const perTurn: number[] = []
  let turns = 0
  for (const socket of sockets) socket.onFrame = () => { perTurn[turns] = (perTurn[turns] ?? 0) + 1 }
  const count = () => {
    turns++
    if (turns < 30) setImmediate(count)
  }
  setImmediate(count)
  await flip()
  await rest(30)
  assert.deepEqual(perTurn.filter(writes => writes > 0), [3, 3, 3, 1])
  for (const socket of sockets) assert.deepEqual(diffs(socket), [[2, 3]])
})

test('who leaves or joins in the middle of a walk disturbs nobody', async t => {
  const { flip, watcher, node, clock } = await scene(t, { writesPerTurn: 2 })
  const all = Array.from({ length: 9 }, () => node.connect(DISPLAY))
  for (const { session } of all) session.receive({ type: 'watch', id: 'w', floor: F })
  await rest()
  const [first, second] = all
  assert.ok(first !== undefined && second !== undefined)
  let late: Promise<FakeSocket> | undefined
  first.socket.onFrame = () => {
    first.session.closed()
    second.session.closed()
    late = watcher()
  }
  await flip()
  await pass(clock, 30)
  for (const { socket } of all.slice(2)) assert.deepEqual(diffs(socket), [[2, 3]])
  assert.deepEqual([diffs(second.socket), diffs(first.socket)], [[], [[2, 3]]])
  assert.deepEqual((await late)?.of('snapshot').map(({ seq }) => seq), [3])
  assert.equal(node.metrics.watching, 8)
})

test('audiences of one floor are apart: names reach only who may see them (INV-7)', async t => {
  const { flip, watcher } = await scene(t)
  const [named, anonymous] = [await watcher(ADA), await watcher(DISPLAY)]
  await flip()
  await rest()
  assert.deepEqual(named.of('diff')[0]?.spaces[0]?.occupant, { id: 'ada', name: 'Name of ada' })
  assert.doesNotMatch(anonymous.sent.map(({ text }) => text).join(), /ada/)
})

test('a new plan and a new epoch reach every watcher as a snapshot', async t => {
  const { floors, flip, watcher, clock } = await scene(t)
  const socket = await watcher()
  await floors.plan(F, Array.from({ length: 5 }, (_, i) => `${F}-d${i}`))
  await pass(clock, 50)
  assert.deepEqual(socket.of('snapshot').map(({ epoch, seq, plan }) => [epoch, seq, plan]), [[1, 2, 1], [1, 3, 2]])
  await (await floors.freeze())()
  await flip()
  await pass(clock, 500)
  assert.deepEqual(socket.of('snapshot').at(-1)?.epoch, 2)
  assert.deepEqual(diffs(socket), [])
})

test('when the last watcher has left, no timer and no subscription outlive the linger time', async t => {
  const { flip, watcher, node, clock } = await scene(t)
  const socket = await watcher()
  socket.backlog = LOW + 1
  await flip()
  await pass(clock, 50)
  node.sessions.closeWhere(() => true, 'RELOAD')
  await pass(clock, STREAM_LIMITS.lingerMs + 5_000, 500)
  assert.deepEqual([node.hub.floors, node.clock.timers, node.metrics.watching, node.metrics.open, node.metrics.followed], [0, 0, 0, 0, 0])
})
