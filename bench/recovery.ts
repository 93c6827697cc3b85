import type { Pool } from 'pg'
import { setTimeout as pause } from 'node:timers/promises'
import { luxonCalendars } from '../src/adapters/luxon/calendars.ts'
import { createDirectory } from '../src/adapters/postgres/directory.ts'
import { createLedger } from '../src/adapters/postgres/ledger.ts'
import { migrate } from '../src/adapters/postgres/migrate.ts'
import { openPool } from '../src/adapters/postgres/pool.ts'
import { redisStore } from '../src/adapters/redis/store.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import { cachedDirectory } from '../src/application/directory-cache.ts'
import { openNode, type PerchNode } from '../src/application/node.ts'
import type { Clock, Store } from '../src/application/ports.ts'
import { syncShard } from '../src/application/sync-floor.ts'
import { PerchError } from '../src/domain/errors.ts'
import { SHARDS } from '../src/domain/ids.ts'
import { DAY, HOUR } from '../src/domain/time.ts'
import { toMoment } from '../src/protocol/time.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { documentedWords } from '../test/harness/documented-redis.ts'
import { freshDatabase, startPostgres } from '../test/harness/postgres.ts'
import { startRedis, type RedisServer } from '../test/harness/redis.ts'
import { SILENT } from '../test/stand-ins/silent.ts'
import { NO_GUARD } from './bench-node.ts'
import { furnish, orgsOfShards, type Town } from './recovery-office.ts'
import type { Row, Table, Terms } from './report.ts'

const SPACES = 100_000
const SPACES_QUICK = 2_000
const CLAIMS_EACH = 10
/** As a node has for its recorders, and for look-ups. */
const CONNECTIONS = 5
const AIM_REBUILD_S = 60
const AIM_RESTART_S = 5
const AIM_TAKEOVER_S = 10

/** How long until claims are granted again: everything anew from Postgres, Redis restarted with what it had, a node dead. */
export async function benchRecovery (t: Cleanup, { quick, progress }: Terms): Promise<Table[]> {
  const spaces = quick ? SPACES_QUICK : SPACES
  const server = await startPostgres(t, { settings: { fsync: 'off' } })
  const rows: Row[] = []
  for (const [what, orgs] of [['one org, so one shard', orgsOfShards(1)], [`${SHARDS} orgs, one on each shard`, orgsOfShards(SHARDS)]] as const) {
    const pool = openPool({ connection: await freshDatabase(t, server), max: CONNECTIONS, statementTimeoutMs: 300_000, onError: () => {} })
    await migrate(pool)
    progress(`${what}: furnishes ${spaces.toLocaleString('en-US')} spaces with ${CLAIMS_EACH} claims each`)
    const town = await furnish(pool, orgs, spaces, CLAIMS_EACH)
    rows.push(...await recoveries(t, pool, town, what, progress))
    await pool.end()
  }
  return [{
    title: 'Until claims are granted again',
    about: [
      `${spaces.toLocaleString('en-US')} spaces, ${CLAIMS_EACH} claims each; Redis as in docs/redis.md, each write synced; Postgres without fsync, which reading does not need; one node process keeps all ${SHARDS} shards.`,
      'Rebuilt: Redis is empty; until every shard lives and each org has been granted a claim. CPU and memory (the most of heap and buffers) are the node process\' alone.',
      'Restarted: Redis is stopped and started with its file; from its start to the same, with the time that it takes to load the file.',
      'Taken over: one of two nodes does nothing any more; until the other keeps all shards, and a claim of each org is granted and stored.'
    ],
    rows
  }]
}

async function recoveries (t: Cleanup, pool: Pool, town: Town, what: string, progress: Terms['progress']): Promise<Row[]> {
  const redis = await startRedis(t, { args: await documentedWords('server') })
  const first = keeper(pool, redis, town, 'first')
  const rebuilt = await measured(async () => {
    await first.node.start()
    await allGranted(first.node, town, 0, false)
  })
  progress(`${what}: rebuilt in ${rebuilt.seconds.toFixed(1)} s, ${rebuilt.mb.toFixed(0)} MB`)
  await kept(first.node)

  await redis.stop()
  const begun = performance.now()
  // The harness gives up after 10 s; a large file on a busy machine takes longer.
  await redis.restart().catch(() => {})
  await until(async () => await first.store.ping().then(() => true, () => false))
  const loadedS = (performance.now() - begun) / 1000
  const restarted = await measured(async () => await allGranted(first.node, town, 1, false))
  progress(`${what}: Redis loaded its file in ${loadedS.toFixed(1)} s, claims ${restarted.seconds.toFixed(1)} s later`)
  const restartedS = loadedS + restarted.seconds
  await kept(first.node)

  const second = keeper(pool, redis, town, 'second')
  await second.node.start()
  await until(() => second.node.keeper.held.length >= SHARDS / 2 && second.node.keeper.ready)
  first.die()
  const taken = await measured(async () => {
    await kept(second.node)
    await allGranted(second.node, town, 2, true)
  })
  progress(`${what}: taken over in ${taken.seconds.toFixed(1)} s`)
  await second.node.stop()
  await second.store.close()
  await first.store.close()
  await redis.stop()
  return [
    row('rebuilt from Postgres', what, rebuilt, AIM_REBUILD_S),
    row(`Redis restarted (${loadedS.toFixed(1)} s of it to load its file)`, what, { ...restarted, seconds: restartedS }, AIM_RESTART_S),
    row('node dead, taken over', what, taken, AIM_TAKEOVER_S)
  ]
}

function row (fault: string, office: string, { seconds, cpuS, mb }: Measured, aim: number): Row {
  return { fault, office, seconds: Math.round(seconds * 100) / 100, aim, '': seconds < aim ? 'reached' : 'missed', 'CPU s': Math.round(cpuS * 10) / 10, MB: Math.round(mb) }
}

/** A node as src/app puts it together. `die`: from now on nothing of it reaches anybody. */
function keeper (pool: Pool, redis: RedisServer, town: Town, id: string): { node: PerchNode, store: Store, die (): void } {
  let dead = false
  const system = systemClock()
  const clock: Clock = { ...system, after: (ms, run) => system.after(ms, () => { if (!dead) run() }) }
  const [ledger, directory] = [createLedger(pool), createDirectory(pool)]
  const own = redisStore({ url: redis.url })
  const store = Object.fromEntries(Object.entries(own).map(([name, call]: [string, (...given: never[]) => Promise<unknown>]) => [name, async (...given: never[]) => {
    if (dead && name !== 'close') throw new PerchError('RECOVERING')
    return await call(...given)
  }])) as unknown as Store
  const cached = cachedDirectory({ directory, calendars: luxonCalendars(), clock })
  const node = openNode({
    id,
    store,
    ledger,
    directory,
    lookup: cached,
    clock,
    guard: NO_GUARD,
    guardMode: 'off',
    badgeHash: badge => badge,
    keeps: Array.from({ length: SHARDS }, (_, shard) => shard),
    cacheLimit: 100_000,
    onTaken: async (shard, transact) => await syncShard({ store, directory, cached, transact }, shard),
    watch: { ...SILENT, trouble: (piece, shard, error) => { if (!(error instanceof PerchError)) console.error(piece, shard, error) } }
  })
  for (const org of town.orgs) cached.place(org, 'hq').catch(() => {})
  return { node, store, die: () => { dead = true } }
}

/** Everybody who asks gets what they ask for: one claim of each org, in an hour that nobody has. */
async function allGranted (node: PerchNode, { orgs }: Town, hour: number, stored: boolean): Promise<void> {
  const from = Math.ceil(Date.now() / DAY) * DAY + (12 + hour) * HOUR
  await Promise.all(orgs.map(async org => {
    const principal = { org, id: 'key:bench', role: 'admin' as const, person: null, site: null, expiresAt: null }
    for (;;) {
      try {
        const { persisted } = await node.commands.claim(principal, { space: 's0', person: 'p0', from: toMoment(from), to: toMoment(from + HOUR), await: stored ? 'persisted' : 'accepted' })
        if (persisted || !stored) return
      } catch (error) {
        if (!(error instanceof PerchError)) throw error
        if (error.code === 'SPACE_TAKEN' || error.code === 'PERSON_BUSY') return
      }
      await pause(20)
    }
  }))
}

const kept = async (node: PerchNode): Promise<void> => await until(() => node.keeper.held.length === SHARDS && node.keeper.ready)

async function until (is: () => boolean | Promise<boolean>): Promise<void> {
  while (!await is()) await pause(20)
}

interface Measured {
  seconds: number
  /** Of this process, on all its threads. */
  cpuS: number
  mb: number
}

/** With the CPU that it took, and the most memory that was seen meanwhile. */
async function measured (run: () => Promise<void>): Promise<Measured> {
  let most = 0
  const look = setInterval(() => {
    const { heapUsed, external } = process.memoryUsage()
    most = Math.max(most, heapUsed + external)
  }, 100)
  const [begun, cpu] = [performance.now(), process.cpuUsage()]
  try {
    await run()
  } finally {
    clearInterval(look)
  }
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - begun) / 1000, cpuS: (user + system) / 1e6, mb: most / 1e6 }
}
