import type { Pool, PoolClient } from 'pg'
import type { Cursor, LedgerEntry, Recorded } from '../../application/ports.ts'
import { isExclusion, isRefused } from './failure.ts'
import { withClient } from './pool.ts'
import { quarantined, setAside, type Quarantined } from './quarantine.ts'
import { recordBatch } from './record-batch.ts'
import { retried, transaction } from './transaction.ts'

/** See the port. Nearly always one statement; only where the server refuses it, the entries to blame are looked for. */
export async function record (pool: Pool, shard: number, from: Cursor, entries: readonly LedgerEntry[]): Promise<Recorded> {
  try {
    const done = await retried(async () => await withClient(pool, async client => await recordBatch(client, shard, from, entries)))
    return done ? { state: 'recorded', quarantined: [] } : { state: 'moved' }
  } catch (error) {
    if (!isRefused(error)) throw error
  }
  return await transaction(pool, async client => {
    const found: Quarantined[] = []
    return await settle(client, shard, from, entries, found) ? { state: 'recorded', quarantined: found } : { state: 'moved' }
  })
}

/**
 * Applies what can be applied, in halves of halves: the whole at first (what refused it may be gone: a partition was attached under way), and an entry that is refused
 * alone is set aside. False: the cursor is not at `from`.
 */
async function settle (client: PoolClient, shard: number, from: Cursor, entries: readonly LedgerEntry[], found: Quarantined[]): Promise<boolean> {
  const outcome = await inSavepoint(client, async () => await recordBatch(client, shard, from, entries))
  if (typeof outcome === 'boolean') return outcome
  const [only, ...others] = entries
  if (only !== undefined && others.length === 0) {
    found.push(quarantined(only))
    return await aside(client, shard, from, only, outcome)
  }
  const left = entries.slice(0, entries.length >> 1)
  const between = { ...from, n: left.at(-1)?.n ?? from.n }
  return await settle(client, shard, from, left, found) && await settle(client, shard, between, entries.slice(left.length), found)
}

/** A claim that only stands in another's way is stored as revoked, if nothing else is wrong with it; what the server cannot even store is kept as text alone. */
async function aside (client: PoolClient, shard: number, from: Cursor, entry: LedgerEntry, refusal: Refusal): Promise<boolean> {
  if (refusal.exclusion) {
    const outcome = await inSavepoint(client, async () => await setAside(client, shard, from, entry, refusal.reason, true))
    if (typeof outcome === 'boolean') return outcome
  }
  return await setAside(client, shard, from, entry, refusal.reason, false)
}

interface Refusal {
  reason: string
  exclusion: boolean
}

async function inSavepoint (client: PoolClient, run: () => Promise<boolean>): Promise<boolean | Refusal> {
  await client.query('savepoint part')
  try {
    const result = await run()
    await client.query('release savepoint part')
    return result
  } catch (error) {
    if (!isRefused(error)) throw error
    await client.query('rollback to savepoint part')
    return { reason: `${error.code ?? ''} ${error.constraint ?? error.message}`, exclusion: isExclusion(error) }
  }
}
