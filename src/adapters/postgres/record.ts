import type { Pool, PoolClient } from 'pg'
import type { Cursor, LedgerEntry, Quarantined, Recorded } from '../../application/ports.ts'
import { upToGap } from './batch.ts'
import { readCursor } from './cursor.ts'
import { isExclusion, isRefused } from './failure.ts'
import { withClient } from './pool.ts'
import { quarantined, setAside } from './quarantine.ts'
import { recordBatch } from './record-batch.ts'
import type { Subjects } from './subjects.ts'
import { retried, transaction } from './transaction.ts'

/** See the port. Nearly always one statement; only where the server refuses it, the entries to blame are looked for. */
export async function record (pool: Pool, subjects: Subjects, shard: number, from: Cursor, entries: readonly LedgerEntry[]): Promise<Recorded> {
  const sound = upToGap(entries)
  await subjects.ensure(pool, sound)
  const found = await recordSound(pool, shard, from, sound)
  if (found !== null) return sound.length === entries.length ? { state: 'recorded', quarantined: found } : { state: 'gap', n: sound.at(-1)?.n ?? from.n, quarantined: found }
  // A cursor that was elsewhere never comes back: where it is at `from`, the entries were to blame.
  const { epoch, stream, n } = await readCursor(pool, shard)
  return epoch === from.epoch && stream === from.stream && n === from.n ? { state: 'gap', n, quarantined: [] } : { state: 'moved' }
}

/** Of entries that follow on each other: what was set aside. Null: the cursor is not at `from`, or the first do not follow on what is recorded. */
async function recordSound (pool: Pool, shard: number, from: Cursor, entries: readonly LedgerEntry[]): Promise<Quarantined[] | null> {
  try {
    return await retried(async () => await withClient(pool, async client => await recordBatch(client, shard, from, entries))) ? [] : null
  } catch (error) {
    if (!isRefused(error)) throw error
  }
  return await transaction(pool, async client => {
    const found: Quarantined[] = []
    return await settle(client, shard, from, entries, found) ? found : null
  })
}

/**
 * Applies what can be applied, in halves of halves: the whole at first (what refused it may be gone: a partition was attached under way), and an entry that is refused
 * alone is set aside. False: the cursor is not at `from`, or the first entries do not follow on what is recorded.
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
