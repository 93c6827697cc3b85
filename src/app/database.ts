import { join } from 'node:path'
import type { Pool } from 'pg'
import { createDirectory } from '../adapters/postgres/directory.ts'
import { createLedger } from '../adapters/postgres/ledger.ts'
import { migrate } from '../adapters/postgres/migrate.ts'
import { ensurePartitions } from '../adapters/postgres/partitions.ts'
import { openPool, type PoolOptions } from '../adapters/postgres/pool.ts'
import { openPglite } from '../adapters/pglite/open.ts'
import { tendPglite } from '../adapters/pglite/tend.ts'
import type { Log } from '../application/log.ts'
import type { Clock, Directory, Ledger } from '../application/ports.ts'

/** Connections per node: the recorders of its shards share one half, look-ups the other. */
const CONNECTIONS = 10
const LOOKUP_TIMEOUT_MS = 10_000
const RECORD_TIMEOUT_MS = 30_000
/** Partitions are made for months to come, so a day without Postgres does not matter. */
const PARTITIONS_EVERY_MS = 6 * 3_600_000
/** The embedded database has nobody else to do it. */
const TEND_EVERY_MS = 300_000

export interface Database {
  ledger: Ledger
  directory: Directory
  close (): Promise<void>
}

/** Postgres where there is an address, PGlite under `dataDir` where there is none; migrated, with the coming months' partitions. */
export async function openDatabase (parts: { databaseUrl: string | null, dataDir: string, clock: Clock, log: Log, onFailure (error: Error): void }): Promise<Database> {
  const { databaseUrl, dataDir, clock, log } = parts
  const onError = (error: Error) => log.warn({ err: error }, 'database: an idle connection broke')
  const open = (options: Pick<PoolOptions, 'connection' | 'max'> & Partial<PoolOptions>) => openPool({ statementTimeoutMs: RECORD_TIMEOUT_MS, onError, ...options })

  const pools: Pool[] = []
  let closeEmbedded = async () => {}
  if (databaseUrl === null) {
    const onProgress = (stage: string) => log.info({ stage }, 'database: the embedded one starts')
    const embedded = await openPglite({ dir: join(dataDir, 'ledger'), onProgress, onFailure: parts.onFailure })
    closeEmbedded = async () => await embedded.close()
    pools.push(open(embedded.pool))
  } else {
    pools.push(open({ connection: databaseUrl, max: CONNECTIONS / 2 }), open({ connection: databaseUrl, max: CONNECTIONS / 2, statementTimeoutMs: LOOKUP_TIMEOUT_MS }))
  }
  const [records, lookups = records] = pools
  if (records === undefined || lookups === undefined) throw new Error('no pool was opened')

  await migrate(records)
  await ensurePartitions(records, clock.now())
  const endings = [every(clock, PARTITIONS_EVERY_MS, async () => {
    await ensurePartitions(records, clock.now()).catch((error: unknown) => log.warn({ err: error }, 'database: partitions could not be made ahead'))
  })]
  if (databaseUrl === null) {
    endings.push(every(clock, TEND_EVERY_MS, async () => {
      await tendPglite(records).catch((error: unknown) => log.warn({ err: error }, 'database: the embedded one could not be looked after'))
    }))
  }
  return {
    ledger: createLedger(records),
    directory: createDirectory(lookups),
    async close () {
      for (const end of endings) end()
      for (const pool of pools) if (!pool.ended) await pool.end()
      await closeEmbedded()
    }
  }
}

/** Runs again and again, `ms` after it was done; the returned function ends that. */
function every (clock: Clock, ms: number, run: () => Promise<void>): () => void {
  let ended = false
  let cancel = clock.after(ms, turn)
  function turn (): void {
    run().finally(() => { if (!ended) cancel = clock.after(ms, turn) }).catch(() => {
      // `run` tells of its own trouble; there is nobody here to hear it twice.
    })
  }
  return () => {
    ended = true
    cancel()
  }
}
