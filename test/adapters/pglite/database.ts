import type { Pool } from 'pg'
import { openPglite, type Pglite } from '../../../src/adapters/pglite/open.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { openPool } from '../../../src/adapters/postgres/pool.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { temporaryFolder } from '../../harness/folder.ts'

/** PGlite on a folder, with a pool; both end with the test. */
export async function pgliteOn (t: Cleanup, dir: string): Promise<{ pglite: Pglite, pool: Pool, close: () => Promise<void> }> {
  const pglite = await openPglite({ dir, onProgress: () => {}, onFailure: error => { throw error } })
  const pool = openPool({ ...pglite.pool, statementTimeoutMs: 30_000, onError: () => {} })
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    closed ??= (async () => {
      if (!pool.ended) await pool.end()
      await pglite.close()
    })()
    await closed
  }
  t.after(close)
  return { pglite, pool, close }
}

/** A pool on a new PGlite, with Perch's schema. */
export async function migratedPglite (t: Cleanup): Promise<Pool> {
  const { pool } = await pgliteOn(t, await temporaryFolder(t, 'pglite'))
  await migrate(pool)
  return pool
}
