/*
 * RECONNECTS=5000   watchers that lose their connection during a failover; 500 by default.
 */
import assert from 'node:assert/strict'
import { test } from 'tap'
import { checkReplicas } from '../../../scripts/simulation/check-replicas.ts'
import { callApi, type ApiReply } from '../../../src/cli/seed/api.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'
import { HEALED_MS } from '../../e2e/promises.ts'
import { haveSeen, openScreen } from '../../e2e/screens.ts'
import { startRedisSentinel } from '../../harness/redis-sentinel.ts'
import { command, startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'
import { ask, decided, newBooking, said, type Booking } from './booking.ts'
import { startLinkedNode, type LinkedNode } from './linked-node.ts'
import { Trial } from './trial.ts'

const RECONNECTS = Number(process.env['RECONNECTS'] ?? 500)
/** Bookings that only the old primary has. */
const PROVISIONAL = 6
/** Claims that each side of a split grants before it heals. */
const SPLIT = 3
/** No lock nodes: safety rests on none (INV-3). */
const UNGUARDED = [{ GUARD: 'off' }, { GUARD: 'off' }]

test('behind Sentinel', async t => {
  const sentinel = await startRedisSentinel(t)
  const [before, stalled] = sentinel.servers
  const trial = await Trial.open(t, { redisUrl: sentinel.url, nodes: UNGUARDED })
  const [first, second] = trial.nodes as [LinkedNode, LinkedNode]

  await t.test('a failover to a stalled replica loses nothing that was stored; what was provisional may be gone, and can be asked for again', async t => {
    const bookings: Booking[] = []
    let failedOverMs = 0
    const took = await trial.survives(t, async load => {
      process.kill(stalled.pid, 'SIGSTOP')
      try {
        // What comes from now on is not even on its way to the replica.
        await command(before.port, async client => await client.call('CLIENT', 'KILL', 'TYPE', 'replica'))
        await load.morePersisted(40)
        for (const { postgres } of trial.nodes) postgres.blackhole()
        for (let i = 0; i < PROVISIONAL; i++) {
          const booking = newBooking('f1-d16', 'p12')
          bookings.push(booking)
          assert.equal(said(await decided(i % 2 === 0 ? first.server : second.server, booking)), '201 provisional')
        }
        await before.kill()
      } finally {
        process.kill(stalled.pid, 'SIGCONT')
      }
      const since = performance.now()
      await sentinel.failedOver(before)
      failedOverMs = performance.now() - since
      for (const { postgres } of trial.nodes) {
        postgres.reset()
        postgres.heal()
      }
    })
    t.comment(`the sentinels took ${Math.round(failedOverMs)} ms; claims are stored again ${Math.round(took)} ms later; ${PROVISIONAL} of ${PROVISIONAL} provisional claims were lost`)
    for (const booking of bookings) {
      // Every node lived, so whoever asks for what is lost is told that it is.
      for (const { server } of trial.nodes) assert.equal(((await callApi(server, 'GET', `/v1/claims/${booking.id}`)).body as { lost?: boolean }).lost, true)
      assert.equal((await decided(first.server, booking)).status, 201)
    }
    await before.restart()
    await sentinel.replicated()
  })

  await t.test(`a failover back, during which ${RECONNECTS} watchers come back, loses nothing that was stored and leaves no screen wrong (INV-6)`, async t => {
    const screens = Array.from({ length: RECONNECTS }, (_, i) => openScreen(t, { transport: 'websocket', floors: ['f1'], audience: 'anonymous', server: () => (i % 2 === 0 ? first : second).server }))
    await haveSeen(screens)
    let failedOverMs = 0
    const took = await trial.survives(t, async () => {
      const since = performance.now()
      await stalled.kill()
      for (const { watcher } of screens) watcher.drop()
      await sentinel.failedOver(stalled)
      failedOverMs = performance.now() - since
    })
    t.comment(`the sentinels took ${Math.round(failedOverMs)} ms; claims are stored again ${Math.round(took)} ms later`)
    assert.deepEqual((await checkReplicas(second.server, screens.map(({ watcher }) => watcher), HEALED_MS)).different, [])
    await stalled.restart()
    await sentinel.replicated()
  })
})

test('while two servers take themselves for the primary, with clients on both sides, nothing is doubled in the ledger and nothing that was stored is lost (INV-1, INV-5)', async t => {
  // As documented: a primary that has lost its replica stops writing a moment later.
  const old = await startRedis(t, { args: ['--repl-diskless-sync-delay', '0', '--min-replicas-to-write', '1', '--min-replicas-max-lag', '1'] })
  const next = await startRedis(t)
  await command(next.port, async client => await client.replicaof('127.0.0.1', old.port))
  await until(async () => /^slave0:.*state=online/m.test(await command(old.port, async client => await client.info('replication'))), { what: 'the replica has caught up' })
  const trial = await Trial.open(t, { redisUrl: old.url, nodes: [{ GUARD: 'off' }] })
  const [left] = trial.nodes as [LinkedNode]
  const answers: Array<[Booking, ApiReply]> = []
  const took = await trial.survives(t, async () => {
    await command(next.port, async client => await client.replicaof('NO', 'ONE'))
    const right = await startLinkedNode(t, { ...trial.env, GUARD: 'off', REDIS_URL: next.url })
    trial.nodes.push(right)
    await until(async () => {
      const mine = newBooking('f2-d16', 'p12')
      const rival = { ...mine, id: newBooking('f2-d16', 'p13').id, person: 'p13' }
      const replies = await Promise.all([ask(left.server, mine), ask(right.server, rival)])
      answers.push([mine, replies[0]], [rival, replies[1]])
      assert.ok(replies.filter(reply => said(reply) === '201 persisted').length < 2, 'the same hour was stored for two')
      return answers.filter(([, reply]) => said(reply) === '201 persisted').length >= SPLIT
    }, { what: 'claims are stored while the old primary still has clients', withinMs: HEALED_MS, everyMs: 20 })
    // Whoever heals it makes a replica of the old one; its clients find nobody there who may write.
    await command(old.port, async client => await client.replicaof('127.0.0.1', next.port))
    await left.perch.kill('SIGKILL')
  })
  const stored = answers.filter(([, reply]) => said(reply) === '201 persisted')
  t.comment(`${answers.filter(([, { status }]) => status === 201).length} claims were granted, ${stored.length} of them stored; claims are stored again ${Math.round(took)} ms after the heal`)
  for (const [{ id }] of stored) for (const server of trial.servers) assert.notEqual(((await callApi(server, 'GET', `/v1/claims/${id}`)).body as ClaimView).state, 'ended')
})
