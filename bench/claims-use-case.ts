import { redisGuard } from '../src/adapters/redis/guard.ts'
import { redisStore } from '../src/adapters/redis/store.ts'
import type { GuardMode } from '../src/application/guarding.ts'
import { PerchError } from '../src/domain/errors.ts'
import { shardOf } from '../src/domain/ids.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { startRedis } from '../test/harness/redis.ts'
import { ADMIN, NO_GUARD, openBenchNode, ORG, placeFloors } from './bench-node.ts'
import type { ClaimJob } from './claims-workload.ts'
import type { Contender } from './contest.ts'
import { measure } from './rate.ts'

export const USE_CASE_IN_FLIGHT = 256

/**
 * Claims through the use case of this process, answered as accepted: rights, look-ups, rules, guard and commit, without HTTP and without the ledger.
 * Redis appends to a file and syncs it each second.
 */
export async function useCase (t: Cleanup, guardMode: GuardMode, lockNodes: 0 | 3): Promise<Contender> {
  const redis = await startRedis(t, { appendonly: true })
  const locks = await Promise.all(Array.from({ length: lockNodes }, async () => await startRedis(t)))
  const guard = lockNodes === 0 ? NO_GUARD : redisGuard({ urls: locks.map(({ url }) => url), secret: 'bench', alarm () {} })
  const store = redisStore({ url: redis.url, outboxLimit: 1_000_000 })
  t.after(async () => await Promise.all([store.close(), guard.close()]))
  const frozen = await store.freeze(shardOf(ORG), 1, 'bench')
  if (!frozen.frozen) throw new Error('the store is not new')
  await store.thaw(frozen.freeze)
  const node = openBenchNode({ store, guard, guardMode })
  await placeFloors(node)
  const placed = await store.outboxLength(shardOf(ORG), 1)
  return {
    name: guardMode === 'off' ? 'guard off' : `guard ${guardMode}, ${lockNodes} lock nodes`,
    pids: { node: process.pid, servers: [redis, ...locks].map(({ pid }) => pid) },
    async claim (jobs) {
      let again = 0
      const claim = async (job: ClaimJob): Promise<unknown> => await node.commands.claim(ADMIN, { ...job, await: 'accepted' }).catch(async (error: unknown) => {
        if (!(error instanceof PerchError) || error.code !== 'BUSY') throw error
        again++
        return await claim(job)
      })
      const rate = await measure(jobs, USE_CASE_IN_FLIGHT, async job => { await claim(job) })
      return { rate, granted: jobs.length, again, provisional: jobs.length }
    },
    stored: async () => await store.outboxLength(shardOf(ORG), 1) - placed
  }
}
