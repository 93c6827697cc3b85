import { test } from 'tap'
import assert from 'node:assert/strict'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import { AUDIENCES } from '../../src/domain/audience.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import type { FakeSocket } from '../harness/fake-socket.ts'
import { desk, heldBy, openFloors } from '../harness/floors.ts'
import { LiveClient } from '../harness/live-client.ts'
import { seeded } from '../harness/random.ts'
import { ADA, KIOSK, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const F = 'hq-1'
const { lowMarkBytes, restMs } = STREAM_LIMITS
const ids = (count: number) => Array.from({ length: count }, (_, i) => `${F}-d${i}`)

async function scene (t: Cleanup, { desks = 6, limits = {} }: { desks?: number, limits?: Partial<StreamLimits> } = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  await floors.place(F, desks)
  const node = new StreamNode(t, { store: floors.store, clock, limits })
  const put = async (n: number, more: Partial<SpaceRecord> = {}) => await floors.write(F, [[`${F}-d${n}`, desk(F, more)]])
  const take = async (n: number, person = 'ada') => await put(n, { current: heldBy(person, `${F}-d${n}`, F) })
  /** A socket of its own; `seq`: the position that it comes with. */
  const join = async (seq: number | null = null): Promise<FakeSocket> => {
    const { session, socket } = node.connect(KIOSK)
    session.receive({ type: 'watch', id: 'w', floor: F, ...(seq !== null && { audience: 'named' as const, epoch: floors.epoch, seq }) })
    await rest()
    return socket
  }
  return { clock, floors, node, put, take, join }
}

const diffs = (socket: FakeSocket): Array<[number, number]> => socket.of('diff').map(({ from, to }) => [from, to])

test('watchers at different positions are each served from their own, and those at the same one get the same frame', async t => {
  const { clock, take, join } = await scene(t)
  for (let n = 0; n < 4; n++) await take(n)
  const sockets = []
  for (const seq of [2, 3, 5, 5]) {
    const socket = await join(seq)
    socket.backlog = lowMarkBytes + 1
    sockets.push(socket)
  }
  await take(4)
  await pass(clock, 30)
  // All of them joined at once up to 6 and are late now; two come from further back.
  assert.deepEqual(sockets.map(diffs), [[[2, 6]], [[3, 6]], [[5, 6]], [[5, 6]]])
  for (const socket of sockets) socket.backlog = 0
  await pass(clock, 30)
  assert.deepEqual(sockets.map(socket => diffs(socket).at(-1)), sockets.map(() => [6, 7]))
  assert.equal(new Set(sockets.map(({ sent }) => sent.at(-1))).size, 1)
})

test('more positions than diffs are kept for are served all the same', async t => {
  const { clock, take, join, floors } = await scene(t, { limits: { diffsCached: 1 } })
  const sockets = []
  for (let n = 0; n < 5; n++) {
    const socket = await join()
    socket.backlog = lowMarkBytes + 1
    sockets.push(socket)
    await take(n)
    await pass(clock, 20)
  }
  for (const socket of sockets) socket.backlog = 0
  await pass(clock, 30)
  assert.deepEqual(sockets.map(diffs), [2, 3, 4, 5, 6].map(seq => [[seq, 7]]))
  const { views } = await floors.whole(F, 'named')
  for (const [n, socket] of sockets.entries()) {
    assert.deepEqual(socket.of('diff')[0]?.spaces.map(({ id }) => id).sort(), ids(5).slice(n))
    for (const view of socket.of('diff')[0]?.spaces ?? []) assert.deepEqual(view, views.get(view.id))
  }
})

test('a crowd that comes back from many positions is served by few diffs, none of which begins after its watcher\'s position or changes more than twice as many commits', async t => {
  const { take, put, join } = await scene(t)
  for (let n = 0; n < 200; n++) {
    await take(n % 6)
    await put(n % 6)
  }
  const begins = new Set<number>()
  for (let seq = 2; seq <= 400; seq++) {
    const [[from = 0, to = 0] = []] = diffs(await join(seq))
    assert.ok(from <= seq && to > seq && to - from <= 2 * (to - seq), `${seq} was served from ${from} to ${to}`)
    begins.add(from)
  }
  assert.ok(begins.size <= 100, `${begins.size} diffs`)
})

test('a socket that is passed by counts once however long, and once more when it falls behind again', async t => {
  const { clock, take, join, node } = await scene(t)
  const socket = await join()
  for (let round = 1; round <= 2; round++) {
    socket.backlog = lowMarkBytes + 1
    for (let n = 0; n < 5; n++) {
      await take(n)
      await pass(clock, 100)
    }
    assert.equal(node.metrics.passed, round)
    socket.backlog = lowMarkBytes
    await pass(clock, 2 * restMs)
  }
  assert.deepEqual([socket.closed, diffs(socket)], [null, [[2, 7], [7, 12]]])
})

test('the time behind begins anew with each frame that was sent', async t => {
  const { clock, take, join } = await scene(t)
  const socket = await join()
  for (let n = 0; n < 4; n++) {
    socket.backlog = lowMarkBytes + 1
    await take(n)
    await pass(clock, STREAM_LIMITS.behindMs - 100, 100)
    socket.backlog = 0
    await pass(clock, 100)
  }
  assert.deepEqual([socket.closed, diffs(socket).length], [null, 4])
})

test('two changes in a row are told at once, and from the third on they are gathered until nothing has changed for a rest', async t => {
  const { clock, take, join } = await scene(t)
  const socket = await join()
  await pass(clock, 100)
  for (let round = 0; round < 2; round++) {
    socket.clear()
    const begun = 2 + 6 * round
    for (let n = 0; n < 2; n++) {
      await take(n)
      await rest()
    }
    assert.deepEqual(diffs(socket), [[begun, begun + 1], [begun + 1, begun + 2]])
    for (let n = 2; n < 6; n++) {
      await take(n)
      await rest()
    }
    assert.equal(diffs(socket).length, 2)
    await pass(clock, restMs)
    assert.deepEqual(diffs(socket).at(-1), [begun + 2, begun + 6])
    await pass(clock, 3 * restMs)
  }
})

test('a ring at rest has no timer: only the pulse and the check of positions go on', async t => {
  const { clock, take, join, node } = await scene(t)
  await join()
  await pass(clock, 100)
  const { timers } = node.clock
  await take(0)
  await rest()
  assert.equal(node.clock.timers, timers + 1)
  await pass(clock, 2 * restMs)
  assert.equal(node.clock.timers, timers)
})

test('when the store has lost commits, every watcher gets the whole floor of the new epoch, though its seq is lower', async t => {
  const { clock, floors, take, join } = await scene(t)
  const saved = await floors.save()
  const here = await join()
  for (let n = 0; n < 5; n++) await take(n)
  await pass(clock, 30)
  await floors.rollBack(saved)
  // Nothing is committed any more: the check alone tells.
  await pass(clock, STREAM_LIMITS.confirmMs + STREAM_LIMITS.inFlightMs + STREAM_LIMITS.retryReadMs.most, 50)
  const last = here.of('snapshot').at(-1)
  assert.deepEqual([last?.epoch, last?.seq, last?.spaces.every(({ status }) => status === 'free')], [2, 2, true])
})

test('a watcher that leaves while its ring rests is not visited again', async t => {
  const { clock, take, node, floors } = await scene(t)
  const { session, socket } = node.connect(ADA)
  session.receive({ type: 'watch', id: 'w', floor: F })
  await rest()
  await take(0)
  await rest()
  session.receive({ type: 'unwatch', id: 'u', floor: F })
  await rest()
  socket.clear()
  await take(1)
  await pass(clock, 1_000, 100)
  assert.deepEqual([socket.of('diff'), node.metrics.watching], [[], 0])
  assert.equal((await floors.whole(F, 'named')).seq, 4)
})

test('a floor that cannot be shown takes no other with it', async t => {
  const { clock, take, join, node, floors } = await scene(t)
  await floors.place('hq-2', 2)
  const broken = await join()
  broken.onFrame = () => { throw new Error('a defect') }
  const { session, socket } = node.connect(KIOSK)
  session.receive({ type: 'watch', id: 'w', floor: 'hq-2' })
  await rest()
  await Promise.all([take(0), floors.write('hq-2', [])])
  await pass(clock, 2 * restMs)
  assert.deepEqual([socket.of('diff').length, node.errors.length], [1, 1])
})

test('after any changes, backlogs, joins and leaves, every watcher that is left has what the store has', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const done: Array<() => unknown> = []
    const random = seeded(seed)
    const below = (n: number) => Math.floor(random() * n)
    const { clock, floors, node } = await scene({ after: fn => { done.push(fn) } }, { limits: { writesPerTurn: 1 + below(4), diffsCached: below(4) } })
    const clients: Array<{ client: LiveClient, audience: typeof AUDIENCES[number] }> = []
    for (let step = 0; step < 60; step++) {
      const n = below(6)
      if (random() < 0.2) {
        const audience = AUDIENCES[below(3)] ?? 'named'
        const client = new LiveClient({ principal: KIOSK, floor: F, audience, clock })
        client.connect(node)
        clients.push({ client, audience })
      }
      if (random() < 0.1) clients.splice(below(clients.length), 1)[0]?.client.cut()
      for (const { client } of clients) if (random() < 0.2) client.leaveUnread(random() < 0.5 ? lowMarkBytes + 1 : 0)
      if (random() < 0.05) await floors.plan(F, ids(6))
      else await floors.write(F, [[`${F}-d${n}`, desk(F, { removed: random() < 0.1, current: random() < 0.5 ? heldBy(random() < 0.5 ? 'ada' : 'bob', `${F}-d${n}`, F) : null })]])
      if (random() < 0.5) await rest(below(3))
      else await pass(clock, below(30))
    }
    for (const { client } of clients) client.leaveUnread(0)
    await pass(clock, 100)
    for (const { client, audience } of clients) {
      const has = client.replica.floors.get(F)
      const whole = await floors.whole(F, audience)
      assert.deepEqual([seed, client.errors, has?.epoch, has?.seq, has?.views, has?.plan], [seed, [], whole.epoch, whole.seq, whole.views, whole.plan])
    }
    for (const fn of done) await fn()
  }
})
