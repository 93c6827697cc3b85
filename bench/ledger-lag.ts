import { setTimeout as pause } from 'node:timers/promises'
import { redisStore } from '../src/adapters/redis/store.ts'
import type { Ledger, Store } from '../src/application/ports.ts'
import { shardOf } from '../src/domain/ids.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import type { PostgresServer } from '../test/harness/postgres.ts'
import { startRedis } from '../test/harness/redis.ts'
import { until } from '../test/harness/wait.ts'
import { ADMIN, openBenchNode, ORG, placeFloors } from './bench-node.ts'
import { bookings } from './claims-workload.ts'
import { openLedger } from './ledger-sustained.ts'
import { quantile } from './rate.ts'
import { SILENT } from '../test/stand-ins/silent.ts'

export interface Lag {
  p50Ms: number
  p99Ms: number
  mostMs: number
  events: number
}

/** Milliseconds that are not counted: code is compiled, tables get their first pages. */
const WARM_UP_MS = 2_000

/**
 * Claims arrive as a Poisson process at one node that keeps its shard as in life; how long after a commit was sent to the store is it in Postgres? So the time of the commit
 * itself counts as lag, too.
 */
export async function recordingLag (t: Cleanup, server: PostgresServer, perSecond: number, ms: number): Promise<Lag> {
  const redis = await startRedis(t, { appendonly: true })
  const { store, ledger, lags } = stopwatches(redisStore({ url: redis.url }), (await openLedger(t, server)).ledger)
  const node = openBenchNode({ store, keeper: { ledger, keeps: [shardOf(ORG)], watch: SILENT } })
  t.after(async () => {
    await node.stop()
    await store.close()
  })
  await node.start()
  await until(() => node.keeper.held.length > 0 && node.keeper.ready, { what: 'the shard is kept' })
  await placeFloors(node)

  const jobs = bookings(Date.now(), 0)
  const begunAt = performance.now()
  const claims: Array<Promise<unknown>> = []
  for (const [i, at] of poisson(perSecond, WARM_UP_MS + ms).entries()) {
    const job = jobs[i]
    if (job === undefined) throw new RangeError('there are not so many bookings')
    while (performance.now() - begunAt < at) await pause(1)
    claims.push(node.commands.claim(ADMIN, { ...job, await: 'accepted' }))
  }
  await Promise.all(claims)
  await until(() => lags(0).length >= claims.length, { what: 'all claims are recorded' })
  const counted = lags(begunAt + WARM_UP_MS)
  return { p50Ms: quantile(counted, 0.5), p99Ms: quantile(counted, 0.99), mostMs: quantile(counted, 1), events: counted.length }
}

/** Moments in milliseconds at which something arrives. */
function poisson (perSecond: number, ms: number): number[] {
  const moments: number[] = []
  for (let at = 0; at < ms; at -= Math.log(1 - Math.random()) * 1000 / perSecond) moments.push(at)
  return moments
}

/** The same store and ledger, which note when each commit was sent and when it was recorded. */
function stopwatches (store: Store, ledger: Ledger) {
  const sentAt = new Map<number, number>()
  const recorded: Array<{ n: number, at: number }> = []
  return {
    store: {
      ...store,
      async commit (commit: Parameters<Store['commit']>[0]) {
        const at = performance.now()
        const answer = await store.commit(commit)
        if (answer.state === 'ok') sentAt.set(answer.n, at)
        return answer
      }
    },
    ledger: {
      ...ledger,
      async record (...[shard, from, entries]: Parameters<Ledger['record']>) {
        const answer = await ledger.record(shard, from, entries)
        const at = performance.now()
        for (const { n } of entries) recorded.push({ n, at })
        return answer
      }
    },
    /** Of what was sent from then on and is recorded. */
    lags: (since: number) => recorded.flatMap(({ n, at }) => {
      const sent = sentAt.get(n)
      return sent === undefined || sent < since ? [] : [at - sent]
    })
  }
}
