import { join } from 'node:path'
import type { Pool } from 'pg'
import { createArchive } from '../adapters/postgres/archive.ts'
import { createCredentials } from '../adapters/postgres/credentials.ts'
import { createDevices } from '../adapters/postgres/devices.ts'
import { createDirectory } from '../adapters/postgres/directory.ts'
import { createKeys } from '../adapters/postgres/keys.ts'
import { createLedger } from '../adapters/postgres/ledger.ts'
import { migrate } from '../adapters/postgres/migrate.ts'
import { ensurePartitions } from '../adapters/postgres/partitions.ts'
import { openPool } from '../adapters/postgres/pool.ts'
import { ensureServingRole, SERVING_ROLE, type ServingRole } from '../adapters/postgres/serving.ts'
import { WhichServer } from '../adapters/postgres/which-server.ts'
import { openPglite } from '../adapters/pglite/open.ts'
import { tendPglite } from '../adapters/pglite/tend.ts'
import type { Credentials } from '../application/credentials.ts'
import type { Devices } from '../application/devices.ts'
import type { Keys } from '../application/keys.ts'
import type { Log } from '../application/log.ts'
import type { Archive } from '../application/archive.ts'
import type { Directory } from '../application/directory.ts'
import type { Clock, Ledger } from '../application/ports.ts'

/** Connections per node: those of the recorders of its shards, of look-ups, and of what takes long: making shards anew, retention. */
const CONNECTIONS = { records: 4, lookups: 3, chores: 3 }
/** A batch is a matter of milliseconds. From a server that hangs the recorders are gone by then, to whoever has taken its address: claims are stored within 10 s of a failover. */
const RECORD_TIMEOUT_MS = 5_000
const LOOKUP_TIMEOUT_MS = 10_000
const CHORE_TIMEOUT_MS = 30_000
/** Partitions are made for months to come, so a day without Postgres does not matter. */
const PARTITIONS_EVERY_MS = 6 * 3_600_000
/** The embedded database has nobody else to do it. */
const TEND_EVERY_MS = 300_000

export interface DatabaseParts {
  /** Null: embedded. */
  databaseUrl: string | null
  dataDir: string
  clock: Clock
  log: Log
  /** The embedded one has stopped. */
  onFailure (error: Error): void
}

export interface Database {
  ledger: Ledger
  directory: Directory
  keys: Keys
  credentials: Credentials
  devices: Devices
  archive: Archive
  close (): Promise<void>
}

/** Postgres where there is an address, PGlite under `dataDir` where there is none; migrated, with the coming months' partitions. */
export async function openDatabase (parts: DatabaseParts): Promise<Database> {
  const { clock, log } = parts
  const { records, lookups, chores, close } = await openPools(parts)
  const role = await prepare(parts, chores).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const endings = [every(clock, PARTITIONS_EVERY_MS, async () => {
    await ensurePartitions(chores, clock.now()).catch((error: unknown) => log.warn({ err: error }, 'database: partitions could not be made ahead'))
  })]
  if (parts.databaseUrl === null) {
    endings.push(every(clock, TEND_EVERY_MS, async () => {
      await tendPglite(chores).catch((error: unknown) => log.warn({ err: error }, 'database: the embedded one could not be looked after'))
    }))
  }
  return {
    ledger: createLedger(records, { chores, role }),
    directory: createDirectory(lookups, role),
    keys: createKeys(lookups, role),
    credentials: createCredentials(lookups),
    devices: createDevices(lookups, role),
    archive: createArchive(chores, role),
    async close () {
      for (const end of endings) end()
      await close()
    }
  }
}

/** As whom requests are served there. The embedded database is one process's, whose user may do everything. */
async function prepare ({ databaseUrl, clock, log }: DatabaseParts, chores: Pool): Promise<ServingRole> {
  await migrate(chores)
  await ensurePartitions(chores, clock.now())
  if (databaseUrl === null) return null
  const role = await ensureServingRole(chores)
  if (role === null) log.warn({ role: SERVING_ROLE }, 'database: it does not keep organisations apart by itself, since this login has no such role; perch doctor says what to do')
  return role
}

interface Pools {
  records: Pool
  lookups: Pool
  chores: Pool
  close (): Promise<void>
}

/** The embedded one has a single connection, and one pool for everything. */
async function openPools ({ databaseUrl, dataDir, log, onFailure }: DatabaseParts): Promise<Pools> {
  const onError = (error: Error) => log.warn({ err: error }, 'database: an idle connection broke')
  if (databaseUrl === null) {
    const onProgress = (stage: string) => log.info({ stage }, 'database: the embedded one starts')
    const embedded = await openPglite({ dir: join(dataDir, 'ledger'), onProgress, onFailure })
    const pool = openPool({ statementTimeoutMs: CHORE_TIMEOUT_MS, onError, ...embedded.pool })
    return { records: pool, lookups: pool, chores: pool, close: async () => { await pool.end().finally(async () => await embedded.close()) } }
  }
  const shared = { connection: databaseUrl, onError, server: new WhichServer() }
  const records = openPool({ ...shared, max: CONNECTIONS.records, statementTimeoutMs: RECORD_TIMEOUT_MS })
  const lookups = openPool({ ...shared, max: CONNECTIONS.lookups, statementTimeoutMs: LOOKUP_TIMEOUT_MS })
  const chores = openPool({ ...shared, max: CONNECTIONS.chores, statementTimeoutMs: CHORE_TIMEOUT_MS })
  return { records, lookups, chores, close: async () => { await Promise.all([records, lookups, chores].map(async pool => { await pool.end() })) } }
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
