import { collapse, EVENTS } from '../src/adapters/postgres/batch.ts'
import { openPool } from '../src/adapters/postgres/pool.ts'
import { columnwise, unnest } from '../src/adapters/postgres/unnest.ts'
import type { OutboxEntry } from '../src/application/ports.ts'
import { parseEntry } from '../src/application/recorder.ts'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { freshDatabase, type PostgresServer } from '../test/harness/postgres.ts'

const COLUMNS = Object.keys(EVENTS).join(', ')
const INSERT = `insert into events (${COLUMNS}) select ${COLUMNS} from ${unnest(EVENTS, 1)}`
const SCHEMA = `create table events (${Object.entries(EVENTS).map(([name, type]) => `${name} ${type}`).join(', ')})`

/**
 * The floor under any recorder: the same events from memory into one table without partitions, keys and constraints, one prepared insert of as many entries at a time.
 * Events per second.
 */
export async function insertRate (t: Cleanup, server: PostgresServer, entries: readonly OutboxEntry[], batch: number): Promise<number> {
  const pool = openPool({ connection: await freshDatabase(t, server), max: 1, statementTimeoutMs: 30_000, onError: () => {} })
  t.after(async () => await pool.end())
  await pool.query(SCHEMA)
  const parsed = entries.map(parseEntry)
  let events = 0
  const startedAt = performance.now()
  for (let i = 0; i < parsed.length; i += batch) {
    const rows = collapse(parsed.slice(i, i + batch)).events
    await pool.query({ name: 'insert', text: INSERT, values: columnwise(EVENTS, rows) })
    events += rows.length
  }
  return events / ((performance.now() - startedAt) / 1000)
}
