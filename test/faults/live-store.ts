import type { Cleanup } from '../harness/cleanup.ts'
import { freePort } from '../harness/ports.ts'
import { startRedisSentinel } from '../harness/redis-sentinel.ts'
import { command, startRedis, type RedisOptions } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { resume, type FaultyRedis } from './faulty-redis.ts'
import { openLink, type Link } from './link.ts'
import type { Inside, Preload } from './preload/preload.ts'

export const SETTINGS = ['single', 'sentinel'] as const
export type Setting = typeof SETTINGS[number]

/** The Redis servers that hold the live state, behind links. */
export interface LiveStore {
  /** What REDIS_URL says to a node. */
  urlFor (node: number): string
  readonly servers: readonly FaultyRedis[]
  /** The one that is written to. @throws Error while nobody knows */
  primary (): Promise<FaultyRedis>
  /** Have another server promoted, though nothing is wrong; null where there is none. Resolves when it is asked for. */
  readonly failOver: (() => Promise<void>) | null
  /** Until every server is in its place again, once all of them run and every link is sound. */
  settled (): Promise<void>
}

export interface StoreOptions {
  nodes: number
  preload: Preload | null
  /** `appendfsync` of every server. */
  fsync: 'always' | 'everysec'
}

/** How long servers may need to find their places. */
const SETTLED_WITHIN_MS = 60_000

export async function openLiveStore (t: Cleanup, setting: Setting, options: StoreOptions): Promise<LiveStore> {
  switch (setting) {
    case 'single': return await openSingle(t, options)
    case 'sentinel': return await openSentinel(t, options)
  }
}

/** A link of each node's own. */
export async function linksTo (t: Cleanup, port: number, count: number): Promise<Link[]> {
  const links = await Promise.all(Array.from({ length: count }, async () => await openLink(port)))
  t.after(async () => { await Promise.all(links.map(async link => await link.close())) })
  return links
}

async function openSingle (t: Cleanup, { nodes, preload, fsync }: StoreOptions): Promise<LiveStore> {
  const inside = await preload?.openInside(t) ?? null
  const redis = await startRedis(t, durable(fsync, inside))
  const links = await linksTo(t, redis.port, nodes)
  const server = { redis, inside, links }
  return {
    urlFor: node => `redis://127.0.0.1:${links[node]?.port ?? 0}`,
    servers: [server],
    primary: async () => server,
    failOver: null,
    settled: async () => {}
  }
}

/** Sentinels, replica and nodes reach a server by one link: whoever is cut off from it is cut off together with all the others. */
async function openSentinel (t: Cleanup, { preload, fsync }: StoreOptions): Promise<LiveStore> {
  const links: Link[] = []
  const each = await Promise.all([0, 1].map(async () => {
    const inside = await preload?.openInside(t) ?? null
    return { inside, options: { ...durable(fsync, inside), port: await freePort() } }
  }))
  const [first, second] = each.map(({ options }) => options) as [RedisOptions, RedisOptions]
  const sentinel = await startRedisSentinel(t, {
    each: [first, second],
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

function durable (fsync: StoreOptions['fsync'], inside: Inside | null): RedisOptions {
  return { appendonly: true, args: ['--appendfsync', fsync], ...(inside === null ? {} : { env: inside.env }) }
}
