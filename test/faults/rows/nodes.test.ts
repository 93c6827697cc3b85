/*
 * PAUSE_SECONDS=60   how long a node is paused; by default 20, ten times the life of a lock.
 */
import assert from 'node:assert/strict'
import { test } from 'tap'
import { callApi, type ApiReply } from '../../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../../src/protocol/answers.ts'
import { HEALED_MS } from '../../e2e/promises.ts'
import { command, startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'
import { openLink } from '../link.ts'
import { ask, decided, newBooking, said, stored, type Booking } from './booking.ts'
import { Trial } from './trial.ts'

const PAUSE_MS = 1_000 * Number(process.env['PAUSE_SECONDS'] ?? 20)

test('two nodes with three lock nodes', async t => {
  const locks = await Promise.all(Array.from({ length: 3 }, async () => {
    const server = await startRedis(t)
    const link = await openLink(server.port)
    t.after(async () => { await link.close() })
    return { server, link }
  }))
  const env = { LOCK_REDIS_URLS: locks.map(({ link }) => `redis://127.0.0.1:${link.port}`).join(',') }
  const trial = await Trial.open(t, { nodes: [env, env] })
  /** Locks that somebody holds now, on most lock nodes. */
  const locked = async (): Promise<boolean> => (await Promise.all(locks.map(async ({ server }) => await command(server.port, async client => await client.dbsize())))).filter(count => count > 0).length > 1

  await t.test('of which one hangs claim as before', async t => {
    await trial.survives(t, async load => {
      locks[2]?.link.blackhole()
      await load.morePersisted(40)
      locks[2]?.link.heal()
    })
  })

  await t.test('of which all hang claim unguarded, with an alarm, and nothing is doubled (INV-3)', async t => {
    await trial.survives(t, async load => {
      for (const { link } of locks) link.blackhole()
      await load.morePersisted(40)
      for (const { link } of locks) link.heal()
    })
    for (const { perch } of trial.nodes) assert.ok((await perch.logs()).some(({ level, msg }) => level === 'error' && msg.startsWith('guard:')))
  })

  await t.test(`of which one is paused in the middle of a claim for ${PAUSE_MS / 1_000} s: the other has its lock, its claim and its shards, and what it does late changes nothing (INV-3)`, async t => {
    const [paused, other] = await trial.keeperAndOther()
    const booking = newBooking('f1-d16', 'p12')
    const rival: Booking = { ...booking, id: newBooking('f1-d16', 'p13').id, person: 'p13' }
    let late: Promise<ApiReply> | undefined
    let tookOverMs = 0
    const took = await trial.survives(t, async () => {
      trial.away = paused
      await until(async () => !await locked(), { what: 'the load has let go of its locks', everyMs: 1 })
      // Its commit stays on the way, so that it is paused between lock and commit.
      paused.redis.blackhole('there')
      late = ask(paused.server, booking)
      const since = performance.now()
      await until(async () => await locked(), { what: 'it has the locks', everyMs: 1 })
      process.kill(paused.perch.pid, 'SIGSTOP')
      try {
        assert.equal((await decided(other.server, rival)).status, 201)
        await stored(other.server, rival)
        tookOverMs = performance.now() - since
        await until(() => performance.now() - since > PAUSE_MS, { what: 'it has been paused long enough', withinMs: PAUSE_MS + 1_000, everyMs: 100 })
        paused.redis.heal()
      } finally {
        process.kill(paused.perch.pid, 'SIGCONT')
        trial.away = null
      }
    })
    t.comment(`the other one stores claims ${(tookOverMs / 1_000).toFixed(1)} s after the pause began; both do ${Math.round(took)} ms after it ended`)
    assert.match(said(await late ?? { status: 0, body: null }), /^(409 SPACE_TAKEN|503 (OUTCOME_UNKNOWN|RECOVERING|BUSY))$/)
    for (const { server } of trial.nodes) assert.equal(said(await decided(server, booking)), '409 SPACE_TAKEN')
  })

  await t.test('of which one is killed in the middle of claims: each has one outcome on the other, and all is stored within 10 s (INV-4, INV-5)', async t => {
    const [killed, other] = await trial.keeperAndOther()
    const [done, lost] = [newBooking('f1-d17', 'p14'), newBooking('f1-d18', 'p15')]
    let tookOverMs = 0
    await trial.survives(t, async () => {
      trial.away = killed
      // From its commit on it hears nothing; the node is killed before it can say so.
      killed.redis.dropReply(request => {
        if (request.includes(done.id)) queueMicrotask(() => { killed.redis.blackhole('back') })
        return false
      }).catch(() => {})
      const unanswered = [ask(killed.server, done)]
      await until(async () => (await callApi(other.server, 'GET', `/v1/claims/${done.id}`)).status === 200, { what: 'the claim is there' })
      killed.redis.blackhole()
      unanswered.push(ask(killed.server, lost))
      await until(async () => await locked(), { what: 'another claim is under way' })
      const since = performance.now()
      const ends = Promise.allSettled(unanswered)
      await killed.perch.kill('SIGKILL')
      assert.deepEqual((await ends).map(({ status }) => status), ['rejected', 'rejected'])
      await stored(other.server, done, HEALED_MS)
      tookOverMs = performance.now() - since
    })
    t.comment(`the other one stores claims ${(tookOverMs / 1_000).toFixed(1)} s after the kill`)
    const again = await decided(other.server, done)
    assert.equal(again.status, 200, 'it had been granted')
    assert.equal((again.body as ClaimReply).persisted, true)
    assert.equal((await decided(other.server, lost)).status, 201, 'it never happened')
  })
})
