import { test } from 'tap'
import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { PerchError } from '../../src/domain/errors.ts'
import { Replica } from '../../src/application/replica.ts'
import { snapshotFrame } from '../../src/application/floor-frames.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import { desk, heldBy, openFloors, ORG, SHARD, type Floors } from '../harness/floors.ts'
import { CountedClock, pass, rest, Tallies } from '../harness/stream-node.ts'
import { until } from '../harness/wait.ts'
import { HandClock } from '../stand-ins/clock.ts'

const F = 'hq-1'

/** A floor of so many desks and a replica of it that has not been opened. */
async function scene (t: Cleanup, { desks = 5, limits = {} }: { desks?: number, limits?: Partial<StreamLimits> } = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  await floors.place(F, desks)
  const faulty = new FaultyStore(floors.store)
  const counted = new CountedClock(clock)
  const metrics = new Tallies()
  const log = { info () {}, warn () {}, error () {} }
  const replica = new Replica({ store: faulty.store, clock: counted, limits: { ...STREAM_LIMITS, ...limits }, metrics, log, random: () => 0.5 }, ORG, F)
  t.after(() => replica.close())
  const flip = async (i: number) => await floors.write(F, [[`${F}-d${i}`, desk(F, { current: heldBy('ada', `${F}-d${i}`, F) })]])
  return { clock, counted, floors, faulty, metrics, replica, flip }
}

/** Same position, views and counts as the store's own records give. */
async function assertEqualsStore (replica: Replica, floors: Floors): Promise<void> {
  const whole = await floors.whole(F, 'named')
  const { state } = replica
  assert.ok(state !== null)
  const snapshot = JSON.parse(snapshotFrame(F, state, 'named').text)
  assert.deepEqual([snapshot.epoch, snapshot.seq], [whole.epoch, whole.seq])
  assert.deepEqual(Object.fromEntries(snapshot.spaces.map((view: { id: string }) => [view.id, view])), Object.fromEntries(whole.views))
  assert.deepEqual(snapshot.counts, whole.counts)
}

test('a replica follows the commits of its floor', async t => {
  const { replica, floors, flip, metrics } = await scene(t)
  await replica.open()
  await assertEqualsStore(replica, floors)
  let told = 0
  replica.listen(() => told++)
  for (let i = 0; i < 5; i++) await flip(i)
  await rest()
  await assertEqualsStore(replica, floors)
  assert.deepEqual([told, metrics.reads, metrics.gaps], [5, 1, 0])
})

test('commits that pour in between the pages of a read leave a consistent state', async t => {
  const { replica, floors, faulty, flip } = await scene(t, { desks: 30, limits: { pageSpaces: 7 } })
  let i = 0
  faulty.afterRead = async () => {
    for (let n = 0; n < 3 && i < 30; n++) await flip(i++)
    await turn()
  }
  await replica.open()
  faulty.afterRead = async () => {}
  await rest()
  assert.ok(i >= 15)
  await assertEqualsStore(replica, floors)
})

test('a read whose last messages are lost is done again', async t => {
  const { replica, floors, faulty, flip, clock, metrics } = await scene(t, { desks: 30, limits: { pageSpaces: 10 } })
  let reads = 0
  // A change of the first page while the second is read, and its message lost.
  faulty.afterRead = async () => {
    if (++reads !== 2) return
    faulty.loses = () => true
    await flip(0)
    await rest(3)
    faulty.loses = () => false
  }
  const opening = replica.open()
  await pass(clock, STREAM_LIMITS.inFlightMs + STREAM_LIMITS.retryReadMs.most)
  await opening
  await assertEqualsStore(replica, floors)
  assert.ok(reads > 4)
  assert.equal(metrics.reads, 1)
})

test('a gap means read again, and the old state stays meanwhile', async t => {
  const { replica, floors, faulty, flip, metrics } = await scene(t)
  await replica.open()
  faulty.loses = () => true
  await flip(0)
  await rest()
  faulty.loses = () => false
  let release = () => {}
  faulty.beforeRead = async () => await new Promise<void>(resolve => { release = resolve })
  await flip(1)
  await rest()
  assert.equal(replica.state?.seq, 2)
  faulty.beforeRead = async () => {}
  release()
  await rest()
  await assertEqualsStore(replica, floors)
  assert.equal(metrics.gaps, 1)
})

test('a position that the store has and the replica does not means subscribe and read again, once the message can no longer be on its way', async t => {
  const { replica, floors, faulty, flip, clock } = await scene(t)
  await replica.open()
  faulty.loses = () => true
  await flip(0)
  await rest()
  faulty.loses = () => false
  const subscribed = faulty.subscribed
  replica.checked({ epoch: 1, seq: 3 }, clock.now())
  await pass(clock, STREAM_LIMITS.inFlightMs - 10)
  assert.equal(replica.state?.seq, 2)
  await pass(clock, 20)
  await assertEqualsStore(replica, floors)
  assert.deepEqual([faulty.subscribed - subscribed, faulty.subscriptions], [1, 1])
})

test('a position that is reached before the message must have come is confirmed as of the question', async t => {
  const { replica, flip, clock, metrics } = await scene(t)
  await replica.open()
  clock.pass(1_000)
  const at = clock.now()
  replica.checked({ epoch: 1, seq: 3 }, at)
  assert.notEqual(replica.confirmed?.at, at)
  await flip(0)
  await pass(clock, STREAM_LIMITS.inFlightMs + 10)
  assert.deepEqual(replica.confirmed, { epoch: 1, seq: 3, at })
  assert.equal(metrics.gaps, 0)
})

test('a later epoch voids the state: it is read again', async t => {
  const { replica, floors, flip, clock } = await scene(t)
  await replica.open()
  await (await floors.freeze())()
  await flip(0)
  await pass(clock, 500)
  assert.equal(replica.state?.epoch, 2)
  await assertEqualsStore(replica, floors)
})

test('while the store recovers the old state stays and is not confirmed; afterwards it is read again by itself', async t => {
  const { replica, floors, faulty, flip, clock } = await scene(t)
  await replica.open()
  const { confirmed, state } = replica
  faulty.loses = () => true
  await flip(0)
  await rest()
  faulty.loses = () => false
  const thaw = await floors.freeze()
  replica.checked({ epoch: 1, seq: 3 }, clock.now())
  await pass(clock, 5_000, 50)
  assert.deepEqual([replica.confirmed, replica.state], [confirmed, state])
  await thaw()
  await pass(clock, STREAM_LIMITS.retryReadMs.most, 50)
  await assertEqualsStore(replica, floors)
})

test('a plan with spaces that nobody told of is read again', async t => {
  const { replica, floors, faulty, clock } = await scene(t)
  await replica.open()
  faulty.loses = () => true
  await floors.write(F, [['new', desk(F)]])
  await rest()
  faulty.loses = () => false
  await floors.plan(F, ['new'])
  await pass(clock, 100)
  await assertEqualsStore(replica, floors)
})

test('an unknown floor and a store that recovers are refused, and nothing is left behind', async t => {
  const { floors, faulty, counted, metrics, clock } = await scene(t)
  const log = { info () {}, warn () {}, error () {} }
  const parts = { store: faulty.store, clock: counted, limits: STREAM_LIMITS, metrics, log, random: () => 0.5 }
  await assert.rejects(new Replica(parts, ORG, 'nowhere').open(), { code: 'FLOOR_UNKNOWN' })
  const thaw = await floors.freeze()
  await assert.rejects(new Replica(parts, ORG, F).open(), { code: 'RECOVERING' })
  await thaw()
  clock.pass(10_000)
  assert.deepEqual([faulty.subscriptions, counted.timers], [0, 0])
})

test('a watch ahead of the replica makes it read again; one ahead of the store is sent away', async t => {
  const { replica, floors, faulty, flip } = await scene(t)
  await replica.open()
  faulty.loses = () => true
  await flip(0)
  await flip(1)
  await rest()
  await replica.readAtLeast({ epoch: 1, seq: 4 })
  await assertEqualsStore(replica, floors)
  const { reads } = faulty
  await assert.rejects(replica.readAtLeast({ epoch: 1, seq: 5 }), (error: unknown) => error instanceof PerchError && error.code === 'RECOVERING')
  assert.equal(faulty.reads, reads + 1)
  await replica.readAtLeast({ epoch: 0, seq: 1_000_000 })
})

test('a message that cannot be read is taken for a gap', async t => {
  const { replica, floors, metrics } = await scene(t)
  await replica.open()
  const { reads } = metrics
  await floors.store.announce(SHARD, `floor/${ORG}/${F}`, 1, '{"spaces":')
  await until(() => metrics.reads > reads, { what: 'the floor is read again' })
  await assertEqualsStore(replica, floors)
})

test('a replica that is closed while it reads or waits leaves no subscription and no timer', async t => {
  for (const when of ['reading', 'waiting', 'open']) {
    const { replica, faulty, counted, flip, clock } = await scene(t, { desks: 30, limits: { pageSpaces: 10 } })
    let reads = 0
    faulty.afterRead = async () => {
      reads++
      if (when === 'reading' && reads === 2) replica.close()
      if (when !== 'waiting' || reads !== 2) return
      faulty.loses = () => true
      await flip(0)
      await rest(3)
    }
    const opening = replica.open().catch(() => {})
    await rest()
    replica.close()
    await opening
    clock.pass(10_000)
    await rest()
    assert.deepEqual([when, faulty.subscriptions, counted.timers], [when, 0, 0])
  }
})
