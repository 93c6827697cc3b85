import type { GuardMode } from '../src/application/guarding.ts'
import { openPool } from '../src/adapters/postgres/pool.ts'
import { query, startPostgres } from '../test/harness/postgres.ts'
import { putAdminKey } from '../test/harness/admin-key.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { startPerch } from '../test/harness/process.ts'
import { command, startRedis } from '../test/harness/redis.ts'
import { ADMIN_KEY, overHttp, type HttpContender } from './claims-http.ts'
import { seedOffice } from './claims-office.ts'
import { countKept } from './peer-check-then-set.ts'
import { PEER_SCHEMA } from './peer-postgres.ts'

/** Of the Postgres peer: more than it has cores to use, so that commits can share an fsync. */
const PEER_CONNECTIONS = 32
const LOCK_NODES = 3

/** When an answer is given. `persisted`: what it says survives a power loss. `accepted`: the last moments before one may be lost. */
export type Durability = 'persisted' | 'accepted'

const lockNodes = async (t: Cleanup) => await Promise.all(Array.from({ length: LOCK_NODES }, async () => await startRedis(t)))
const urls = (servers: ReadonlyArray<{ url: string }>): string => servers.map(({ url }) => url).join(',')
const pids = (servers: ReadonlyArray<{ pid: number }>): number[] => servers.map(({ pid }) => pid)

/** The real program with Redis, lock nodes and Postgres of its own. */
export async function perch (t: Cleanup, guard: GuardMode, durability: Durability): Promise<HttpContender> {
  const args = ['--appendfsync', durability === 'persisted' ? 'always' : 'everysec']
  const [redis, postgres, locks] = await Promise.all([startRedis(t, { appendonly: true, args }), startPostgres(t), guard === 'off' ? [] : lockNodes(t)])
  const env = {
    SECRET: 'bench-secret-0123456789', REDIS_URL: redis.url, LOCK_REDIS_URLS: urls(locks), DATABASE_URL: postgres.url, GUARD: guard
  }
  await putAdminKey(postgres.url)
  const { url, pid } = await startPerch(t, { env })
  await seedOffice({ url, token: ADMIN_KEY })
  return overHttp({
    name: `Perch, guard ${guard}${guard === 'off' ? '' : `, ${LOCK_NODES} lock nodes`}`,
    pids: { node: pid, servers: pids([redis, postgres, ...locks]) },
    url,
    await: durability,
    stored: counting(t, postgres.url, 'select count(*)::int as n from perch.claims')
  })
}

export async function postgresAlone (t: Cleanup, durability: Durability): Promise<HttpContender> {
  const postgres = await startPostgres(t)
  await query(postgres.url, PEER_SCHEMA)
  const commit = durability === 'persisted' ? 'on' : 'off'
  const { url, pid } = await startPeer(t, { PEER: 'postgres', DATABASE_URL: postgres.url, CONNECTIONS: String(PEER_CONNECTIONS), SYNCHRONOUS_COMMIT: commit })
  return overHttp({
    name: `Postgres alone, synchronous_commit=${commit}`,
    pids: { node: pid, servers: pids([postgres]) },
    url,
    await: durability,
    stored: counting(t, postgres.url, 'select count(*)::int as n from claims')
  })
}

export async function checkThenSet (t: Cleanup): Promise<HttpContender> {
  const [redis, locks] = await Promise.all([startRedis(t, { appendonly: true }), lockNodes(t)])
  const { url, pid } = await startPeer(t, { PEER: 'check-then-set', REDIS_URL: redis.url, LOCK_REDIS_URLS: urls(locks) })
  return overHttp({
    name: `plain Redlock, ${LOCK_NODES} lock nodes, check-then-set`,
    pids: { node: pid, servers: pids([redis, ...locks]) },
    url,
    await: 'accepted',
    stored: async () => await command(redis.port, countKept)
  })
}

async function startPeer (t: Cleanup, env: Record<string, string>) {
  return await startPerch(t, { script: 'bench/peer-server.ts', env: { ...env, ADMIN_KEY } })
}

/** `text` gives one row with `n`. */
function counting (t: Cleanup, url: string, text: string): () => Promise<number> {
  const pool = openPool({ connection: url, max: 1, statementTimeoutMs: 10_000, onError: () => {} })
  t.after(async () => await pool.end())
  return async () => (await pool.query<{ n: number }>(text)).rows[0]?.n ?? 0
}
