import type { ApiAddress } from '../../src/cli/seed/api.ts'
import { desksOf, putOffice } from '../e2e/installation.ts'
import { putAdminKey } from '../harness/admin-key.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startPostgres, type PostgresServer } from '../harness/postgres.ts'
import { startRedis } from '../harness/redis.ts'
import { resume, type FaultyRedis } from './faulty-redis.ts'
import type { Link } from './link.ts'
import { linksTo, openSingle, type LiveStore, type Setting } from './live-store.ts'
import { openCluster } from './cluster-store.ts'
import { PerchSlot } from './perch-slot.ts'
import { openSentinel } from './sentinel-store.ts'
import { compilePreload, type Inside, type Preload } from './preload/preload.ts'

/** Desks by floor: a few that everybody wants, and many. */
export const FLOORS = { hot: 4, near: 20, far: 60 } as const
export const PEOPLE = 60
/** Bounded, so that it can be seen to be (INV-8): commits that may wait for Postgres. */
export const OUTBOX_LIMIT = 20_000

export interface InstallationOptions {
  setting: Setting
  nodes: number
  fsync: 'always' | 'everysec'
  main?: string
}

/** The Redis servers of each setting. */
const OPEN = { single: openSingle, sentinel: openSentinel, cluster: openCluster }

/** Perch with all that it needs, each in processes of its own, and with links of ours between them. */
export interface Installation {
  readonly setting: Setting
  readonly fsync: 'always' | 'everysec'
  readonly nodes: readonly PerchSlot[]
  readonly store: LiveStore
  readonly locks: readonly FaultyRedis[]
  readonly postgres: PostgresServer
  /** Clocks can be shifted, and power can be lost. */
  readonly hasPreload: boolean
  readonly spaces: readonly string[]
  /** Any node that runs. */
  server (): ApiAddress
  /** Everything runs, every link is sound, every clock is right. Resolves when every node is ready. */
  heal (withinMs: number): Promise<void>
}

export async function openInstallation (t: Cleanup, options: InstallationOptions): Promise<Installation> {
  const { setting, nodes: count, fsync } = options
  const preload = await compilePreload(t)
  // Commits of Postgres are in the kernel before they are answered: a process that is killed takes none of them along.
  const [postgres, store, locks] = await Promise.all([
    startPostgres(t, { settings: { fsync: 'off' } }),
    OPEN[setting](t, { nodes: count, preload, fsync }),
    Promise.all(Array.from({ length: 3 }, async () => await openLock(t, count, preload)))
  ])
  await putAdminKey(`postgres://postgres@127.0.0.1:${postgres.port}/postgres`)
  const ledgerLinks = await linksTo(t, postgres.port, count)
  const nodes = await Promise.all(ledgerLinks.map(async (ledgerLink, number) => {
    const inside = await preload?.openInside(t) ?? null
    const lockLinks = locks.flatMap(({ links }) => links.slice(number, number + 1))
    const env = environment({ number, store, lockLinks, ledgerLink, inside })
    return new PerchSlot(t, { number, env, inside, lockLinks, ledgerLink, ...(options.main === undefined ? {} : { main: options.main }) })
  }))
  await Promise.all(nodes.map(async node => { await node.start(); await node.ready(60_000) }))

  let asked = 0
  const installation: Installation = {
    setting,
    fsync,
    nodes,
    store,
    locks,
    postgres,
    hasPreload: preload !== null,
    spaces: desksOf(FLOORS),
    server () {
      const running = nodes.filter(node => node.running)
      return (running[asked++ % Math.max(1, running.length)] ?? nodes[0] as PerchSlot).address
    },
    heal: async withinMs => { await heal(installation, withinMs) }
  }
  await putOffice(installation.server(), { floors: FLOORS, people: PEOPLE, policy: { releaseGraceMs: null } })
  return installation
}

async function openLock (t: Cleanup, nodes: number, preload: Preload | null): Promise<FaultyRedis> {
  const inside = await preload?.openInside(t) ?? null
  const redis = await startRedis(t, inside === null ? {} : { env: inside.env })
  return { redis, inside, links: await linksTo(t, redis.port, nodes) }
}

/** One of the nodes takes a lock only where there is a rival: safety rests on none (INV-3). */
function environment ({ number, store, lockLinks, ledgerLink, inside }: { number: number, store: LiveStore, lockLinks: readonly Link[], ledgerLink: Link, inside: Inside | null }): Record<string, string> {
  return {
    SECRET: 'the-secret-of-these-tests',
    REDIS_URL: store.urlFor(number),
    LOCK_REDIS_URLS: lockLinks.map(({ port }) => `redis://127.0.0.1:${port}`).join(),
    DATABASE_URL: `postgres://postgres@127.0.0.1:${ledgerLink.port}/postgres`,
    GUARD: number === 1 ? 'contended' : 'always',
    OUTBOX_LIMIT: String(OUTBOX_LIMIT),
    ...inside?.env
  }
}

async function heal ({ nodes, store, locks, postgres }: Installation, withinMs: number): Promise<void> {
  for (const { links } of [...store.servers, ...locks]) for (const link of links) link.heal()
  for (const { lockLinks, ledgerLink } of nodes) for (const link of [...lockLinks, ledgerLink]) link.heal()
  await Promise.all([...nodes, ...store.servers, ...locks].map(async ({ inside }) => await inside?.setClock(0)))
  for (const server of [...store.servers, ...locks]) {
    if (server.redis.running) resume(server)
    else await server.redis.restart()
  }
  if (!postgres.running) await postgres.restart()
  for (const node of nodes) node.resume()
  await Promise.all(nodes.map(async node => await node.start()))
  await store.settled()
  await Promise.all(nodes.map(async node => await node.ready(withinMs)))
}
