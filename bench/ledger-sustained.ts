import type { Pool } from 'pg'
import { createLedger } from '../src/adapters/postgres/ledger.ts'
import { migrate } from '../src/adapters/postgres/migrate.ts'
import { ensurePartitions } from '../src/adapters/postgres/partitions.ts'
import { openPool } from '../src/adapters/postgres/pool.ts'
import { redisStore } from '../src/adapters/redis/store.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import type { Cursor, Ledger, OutboxEntry, Store } from '../src/application/ports.ts'
import { parseEntry, Recorder } from '../src/application/recorder.ts'
import { shardOf } from '../src/domain/ids.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { freshDatabase, type PostgresServer } from '../test/harness/postgres.ts'
import { startRedis } from '../test/harness/redis.ts'

const EPOCH = 1
/** As many as a node's recorders share. */
const CONNECTIONS = 5
const COMMITS_AT_ONCE = 500

/** A migrated database of its own on that server. */
export async function openLedger (t: Cleanup, server: PostgresServer): Promise<{ ledger: Ledger, pool: Pool }> {
  const pool = openPool({ connection: await freshDatabase(t, server), max: CONNECTIONS, statementTimeoutMs: 30_000, onError: () => {} })
  t.after(async () => await pool.end())
  await migrate(pool)
  await ensurePartitions(pool, Date.now())
  return { ledger: createLedger(pool), pool }
}

export const eventsOf = (entries: readonly OutboxEntry[]): number => entries.reduce((sum, entry) => sum + parseEntry(entry).entry.events.length, 0)

/**
 * Fills the outbox of as many shards with the same entries and drains them by the real recorder, all at once; events per second until the last is in Postgres and the
 * outbox is empty.
 */
export async function drainRate (t: Cleanup, server: PostgresServer, entries: readonly OutboxEntry[], shards: number): Promise<number> {
  const redis = await startRedis(t, { appendonly: true })
  const store = redisStore({ url: redis.url, outboxLimit: 10_000_000, outboxReserve: 0 })
  t.after(async () => await store.close())
  const { ledger, pool } = await openLedger(t, server)
  const orgs = orgsOfShards(shards)
  const recorders = await Promise.all(orgs.map(async org => {
    const cursor = await openShard(store, ledger, shardOf(org))
    await fill(store, org, entries)
    const parts = { store, ledger, clock: systemClock(), onQuarantined: async () => { throw new Error('an entry is in quarantine') }, onConfirmed: async () => {}, onTrouble: (_: number, error: unknown) => { throw error } }
    return new Recorder(parts, shardOf(org), cursor, () => { throw new Error('somebody else records') })
  }))
  const startedAt = performance.now()
  await Promise.all(recorders.map(async recorder => await recorder.drain()))
  const seconds = (performance.now() - startedAt) / 1000
  const due = eventsOf(entries) * shards
  const { rows: [stored] } = await pool.query<{ n: number }>('select count(*)::int as n from perch.events')
  if (stored?.n !== due) throw new Error(`${stored?.n ?? 0} events are in the ledger and not ${due}`)
  return due / seconds
}

function orgsOfShards (count: number): string[] {
  const orgs = new Map<number, string>()
  for (let i = 0; orgs.size < count; i++) orgs.set(shardOf(`org${i}`), `org${i}`)
  return [...orgs.values()]
}

/** As recovery opens a shard that nobody has used. */
async function openShard (store: Store, ledger: Ledger, shard: number): Promise<Cursor> {
  const raised = await ledger.raiseEpoch(shard, 0)
  const frozen = await store.freeze(shard, raised.epoch, 'bench')
  if (!frozen.frozen || raised.epoch !== EPOCH || !await ledger.switchStream(shard, raised, 0)) throw new Error('the shard is not new')
  await store.thaw(frozen.freeze)
  return await ledger.cursor(shard)
}

async function fill (store: Store, org: string, entries: readonly OutboxEntry[]): Promise<void> {
  for (let i = 0; i < entries.length; i += COMMITS_AT_ONCE) {
    await Promise.all(entries.slice(i, i + COMMITS_AT_ONCE).map(async ({ seqs, entry }) => {
      const text = JSON.stringify({ ...JSON.parse(entry) as object, org })
      const { state } = await store.commit({ org, epoch: EPOCH, at: Date.now(), checks: [], writes: [], due: [], floors: [...seqs.keys()], entry: text, messages: [], reserve: true })
      if (state !== 'ok') throw new Error(`a commit was ${state}`)
    }))
  }
}
