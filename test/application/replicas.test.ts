import { test } from 'tap'
import assert from 'node:assert/strict'
import { Replicas } from '../../src/application/replicas.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import { openFloors, ORG } from '../harness/floors.ts'
import { CountedClock, pass, rest, Tallies } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

async function scene (t: Cleanup, limits: Partial<StreamLimits> = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  for (const floor of ['f1', 'f2', 'f3']) await floors.place(floor, 2)
  const faulty = new FaultyStore(floors.store)
  const counted = new CountedClock(clock)
  const metrics = new Tallies()
  const dropped: string[] = []
  const log = { info () {}, warn () {}, error () {} }
  const parts = { store: faulty.store, clock: counted, limits: { ...STREAM_LIMITS, ...limits }, metrics, log, random: () => 0.5 }
  const replicas = new Replicas(parts, ({ floor }) => dropped.push(floor))
  t.after(() => replicas.close())
  return { clock, counted, floors, faulty, metrics, replicas, dropped }
}

test('those who lease one floor at once share one replica and one read', async t => {
  const { replicas, metrics, faulty } = await scene(t)
  const leases = await Promise.all(Array.from({ length: 50 }, async () => await replicas.lease(ORG, 'f1')))
  assert.equal(new Set(leases.map(({ replica }) => replica)).size, 1)
  assert.deepEqual([metrics.reads, faulty.subscribed, replicas.size], [1, 1, 1])
})

test('a node hears of the floors that somebody on it watches, and of no other', async t => {
  const { replicas, faulty, floors } = await scene(t)
  let heard = 0
  faulty.loses = () => {
    heard++
    return false
  }
  const lease = await replicas.lease(ORG, 'f2')
  for (const floor of ['f1', 'f2', 'f3', 'f1', 'f3']) await floors.write(floor, [])
  await rest()
  assert.deepEqual([faulty.subscriptions, heard, lease.replica.state?.seq], [1, 1, 3])
})

test('a floor is followed for a while after its last lease, and who comes back needs no read', async t => {
  const { replicas, clock, faulty, counted, dropped } = await scene(t)
  const [first, second] = [await replicas.lease(ORG, 'f1'), await replicas.lease(ORG, 'f1')]
  first.end()
  first.end()
  await pass(clock, STREAM_LIMITS.lingerMs + 1_000, 500)
  assert.equal(replicas.size, 1)
  second.end()
  await pass(clock, STREAM_LIMITS.lingerMs - 1_000, 500)
  const third = await replicas.lease(ORG, 'f1')
  assert.equal(third.replica, first.replica)
  await pass(clock, STREAM_LIMITS.lingerMs + 1_000, 500)
  third.end()
  await pass(clock, STREAM_LIMITS.lingerMs + 1_000, 500)
  assert.deepEqual([replicas.size, dropped, faulty.subscriptions, counted.timers], [0, ['f1'], 0, 0])
})

test('floors are bounded: one that nobody watches makes room, else it is refused', async t => {
  const { replicas, dropped } = await scene(t, { replicas: 2 })
  const [first] = [await replicas.lease(ORG, 'f1'), await replicas.lease(ORG, 'f2')]
  await assert.rejects(replicas.lease(ORG, 'f3'), { code: 'RATE_LIMITED' })
  first.end()
  await replicas.lease(ORG, 'f3')
  assert.deepEqual(dropped, ['f1'])
})

test('a floor that is not there leaves nothing, and may be asked for again', async t => {
  const { replicas, faulty, counted, floors } = await scene(t)
  await assert.rejects(replicas.lease(ORG, 'f9'), { code: 'FLOOR_UNKNOWN' })
  assert.deepEqual([replicas.size, faulty.subscriptions, counted.timers], [0, 0, 0])
  await floors.place('f9', 1)
  assert.equal((await replicas.lease(ORG, 'f9')).replica.state?.seq, 2)
})

test('every three seconds one read for all floors of an org confirms them, and none while an answer is awaited', async t => {
  const { replicas, faulty, clock } = await scene(t)
  const leases = await Promise.all(['f1', 'f2', 'f3'].map(async floor => await replicas.lease(ORG, floor)))
  const { reads } = faulty
  const began = clock.now()
  await pass(clock, 3_000)
  assert.equal(faulty.reads, reads + 1)
  assert.deepEqual(leases.map(({ replica }) => replica.confirmed?.at), [began + 3_000, began + 3_000, began + 3_000])
  let release = () => {}
  faulty.beforeRead = async () => await new Promise<void>(resolve => { release = resolve })
  await pass(clock, 12_000, 100)
  assert.equal(faulty.reads, reads + 2)
  faulty.beforeRead = async () => {}
  release()
  await rest()
  await pass(clock, 3_000)
  assert.equal(faulty.reads, reads + 3)
})

test('a replica that fell behind in silence is equal to the store within seconds', async t => {
  const { replicas, faulty, floors, clock } = await scene(t)
  const { replica } = await replicas.lease(ORG, 'f1')
  faulty.loses = () => true
  await floors.write('f1', [])
  await rest()
  faulty.loses = () => false
  await pass(clock, STREAM_LIMITS.confirmMs + STREAM_LIMITS.inFlightMs + 100)
  assert.equal(replica.state?.seq, 3)
})
