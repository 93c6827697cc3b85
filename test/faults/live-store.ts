import type { Cleanup } from '../harness/cleanup.ts'
import { startRedis, type RedisOptions } from '../harness/redis.ts'
import type { FaultyRedis } from './faulty-redis.ts'
import { openLink, type Link } from './link.ts'
import type { Inside, Preload } from './preload/preload.ts'

export const SETTINGS = ['single', 'sentinel', 'cluster'] as const
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
export const SETTLED_WITHIN_MS = 60_000

/** A link of each node's own. */
export async function linksTo (t: Cleanup, port: number, count: number): Promise<Link[]> {
  const links = await Promise.all(Array.from({ length: count }, async () => await openLink(port)))
  t.after(async () => { await Promise.all(links.map(async link => await link.close())) })
  return links
}

export async function openSingle (t: Cleanup, { nodes, preload, fsync }: StoreOptions): Promise<LiveStore> {
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

/** The words of a server that keeps what it says. */
export function durable (fsync: StoreOptions['fsync'], inside: Inside | null): RedisOptions {
  return { appendonly: true, args: ['--appendfsync', fsync], ...(inside === null ? {} : { env: inside.env }) }
}
