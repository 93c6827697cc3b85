import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Pool, PoolClient } from 'pg'
import { translated } from './failure.ts'
import { transaction } from './transaction.ts'

/** A step of the schema: an SQL file, named by its number. What was applied once is never edited: the next step changes it. */
export interface Migration {
  name: string
  sql: string
}

/** An applied migration is not what the file of that name says now. */
export class MigrationChanged extends Error {
  readonly migration: string

  constructor (migration: string) {
    super(`the migration ${migration} was changed after it had been applied`)
    this.name = 'MigrationChanged'
    this.migration = migration
  }
}

/** Any number that nobody else locks in this database: "perch" in ASCII. */
const LOCK = 0x7065726368

const FOLDER = new URL('./sql/', import.meta.url)

/** Perch's own migrations, in order. */
export async function migrations (): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter(name => name.endsWith('.sql')).sort()
  return await Promise.all(names.map(async name => ({ name, sql: await readFile(new URL(name, FOLDER), 'utf8') })))
}

/**
 * Brings the schema up to date, each migration in a transaction of its own. Many nodes may do so at once, and any may be killed: one works, the others wait. Migrations that
 * only the database knows are left alone: a newer node runs beside this one. Resolves to the names of those applied.
 * @throws MigrationChanged, LEDGER_BEHIND
 */
export async function migrate (pool: Pool, steps?: readonly Migration[]): Promise<string[]> {
  const applied: string[] = []
  for (const step of steps ?? await migrations()) {
    if (await translated(async () => await transaction(pool, async client => await apply(client, step)))) applied.push(step.name)
  }
  return applied
}

/** False: it had been applied. */
async function apply (client: PoolClient, { name, sql }: Migration): Promise<boolean> {
  const checksum = createHash('sha256').update(sql).digest('hex')
  // A migration takes as long as it takes; until the lock is had nothing may be created, for "if not exists" alone does not keep two nodes apart.
  await client.query('set local statement_timeout = 0')
  await client.query('select pg_advisory_xact_lock($1)', [LOCK])
  await client.query(`
    create schema if not exists perch;
    create table if not exists perch.migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())`)
  const { rows: [known] } = await client.query<{ checksum: string }>('select checksum from perch.migrations where name = $1', [name])
  if (known !== undefined && known.checksum !== checksum) throw new MigrationChanged(name)
  if (known !== undefined) return false
  await client.query('insert into perch.migrations (name, checksum) values ($1, $2)', [name, checksum])
  await client.query(sql)
  return true
}
