import type { Pool } from 'pg'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { openPool, type PoolOptions } from '../../../src/adapters/postgres/pool.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { startPostgres } from '../../harness/postgres.ts'

/** A pool that ends with the test. Connections that break while idle are not this test's question. */
export function poolOf (t: Cleanup, connection: PoolOptions['connection'], other: Partial<PoolOptions> = {}): Pool {
  const pool = openPool({ connection, max: 4, statementTimeoutMs: 30_000, onError: () => {}, ...other })
  t.after(async () => { if (!pool.ended) await pool.end() })
  return pool
}

/** A pool on a server of its own, with Perch's schema. */
export async function migratedPool (t: Cleanup, other: Partial<PoolOptions> = {}): Promise<Pool> {
  const server = await startPostgres(t, { settings: { fsync: 'off' } })
  const pool = poolOf(t, server.url, other)
  await migrate(pool)
  return pool
}
