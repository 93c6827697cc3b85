import { migrate } from '../adapters/postgres/migrate.ts'
import { ensurePartitions } from '../adapters/postgres/partitions.ts'
import { openPool } from '../adapters/postgres/pool.ts'
import { ensureServingRole } from '../adapters/postgres/serving.ts'
import { readConfig } from '../config.ts'
import type { Terminal } from './terminal.ts'

/** A single statement of a migration may take long on a big ledger; the migrations themselves lift even this. */
const STATEMENT_TIMEOUT_MS = 600_000

/** Brings the tables of DATABASE_URL up to date. Nodes do the same at their start; this does it ahead, where a rollout wants it so. */
export async function migrateDatabase (terminal: Terminal): Promise<void> {
  const { databaseUrl } = readConfig(terminal.environment)
  if (databaseUrl === null) {
    terminal.out('nothing to do: without DATABASE_URL the ledger is embedded, and brought up to date at every start')
    return
  }
  const pool = openPool({ connection: databaseUrl, max: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS, onError: error => terminal.err(error.message) })
  try {
    const applied = await migrate(pool)
    for (const name of applied) terminal.out(`applied ${name}`)
    if (applied.length === 0) terminal.out('every migration had been applied')
    await ensurePartitions(pool, Date.now())
    await ensureServingRole(pool)
  } finally {
    await pool.end()
  }
}
