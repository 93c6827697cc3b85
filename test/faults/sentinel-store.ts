import type { Cleanup } from '../harness/cleanup.ts'
import { freePort } from '../harness/ports.ts'
import { startRedisSentinel } from '../harness/redis-sentinel.ts'
import { command, type RedisOptions } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { resume, type FaultyRedis } from './faulty-redis.ts'
import type { Link } from './link.ts'
import { durable, linksTo, SETTLED_WITHIN_MS, type LiveStore, type StoreOptions } from './live-store.ts'

/** Sentinels, replica and nodes reach a server by one link: whoever is cut off from it is cut off together with all the others. */
export async function openSentinel (t: Cleanup, { preload, fsync }: StoreOptions): Promise<LiveStore> {
  const links: Link[] = []
  const each = await Promise.all([0, 1].map(async () => {
    const inside = await preload?.openInside(t) ?? null
    return { inside, options: { ...durable(fsync, inside), port: await freePort() } }
  }))
  const [first, second] = each.map(({ options }) => options) as [RedisOptions, RedisOptions]
  const sentinel = await startRedisSentinel(t, {
    each: [first, second],
    // A busy machine lets a sound server be silent for a second.
    downAfterMs: 3_000,
    args: ['--repl-backlog-ttl', '0'],
    through: async port => {
      const [link] = await linksTo(t, port, 1) as [Link]
      links.push(link)
      return link.port
    }
  })
  const servers = sentinel.servers.map((redis, i) => ({ redis, inside: each[i]?.inside ?? null, links: links.slice(i, i + 1) }))
  return {
    urlFor: () => sentinel.url,
    servers,
    async primary () {
      const redis = await sentinel.primary()
      return servers.find(server => server.redis === redis) as FaultyRedis
    },
    failOver: async () => { await command(sentinel.sentinels[0]?.port ?? 0, async client => await client.call('SENTINEL', 'FAILOVER', 'main')) },
    settled: async () => {
      for (const server of servers) resume(server)
      await until(async () => { await sentinel.replicated(); return true }, { what: 'the primary has its replica', withinMs: SETTLED_WITHIN_MS, everyMs: 50 })
    }
  }
}
