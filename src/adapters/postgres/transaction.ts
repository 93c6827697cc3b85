import type { Pool, PoolClient } from 'pg'
import { isLink, isTransient } from './failure.ts'
import { withClient } from './pool.ts'

/** The pool, or a connection of it within a transaction. */
export type Db = Pool | PoolClient

/** How often the same is tried when the server had to roll it back for others' sake. */
const ATTEMPTS = 4

/** Runs again, a few times, what the server rolled back because of a deadlock or a serialization failure. */
export async function retried<T> (run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (attempt === ATTEMPTS || !isTransient(error)) throw error
    }
  }
}

/**
 * Runs in one transaction, which is rolled back when `run` throws. `run` may be called again from the start. Within a transaction it is part of that one. `opening`: the statements that
 * it begins with, in one round trip.
 */
export async function transaction<T> (db: Db, run: (client: PoolClient) => Promise<T>, opening = 'begin'): Promise<T> {
  if ('release' in db) return await run(db)
  return await retried(async () => await withClient(db, async client => {
    try {
      await client.query(opening)
      const result = await run(client)
      await client.query('commit')
      return result
    } catch (error) {
      // A broken connection cannot roll back, and need not: on one that hangs this would wait as long again. The first error is the one to tell.
      if (!isLink(error)) await client.query('rollback').catch(() => {})
      throw error
    }
  }))
}
