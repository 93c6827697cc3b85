import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import assert from 'node:assert/strict'
import { test } from 'tap'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { postgresBinaries } from '../../harness/postgres-binaries.ts'
import { startPostgres } from '../../harness/postgres.ts'
import { poolOf } from './database.ts'

const run = promisify(execFile)
const DUMP = new URL('../../schema.sql', import.meta.url)

/** The server whose pg_dump wrote the file: another one's words differ. */
const MAJOR = 15

const HEADER = `-- The schema as the migrations leave it, for reviews. Made by pg_dump ${MAJOR}; after a new migration: WRITE_SCHEMA=1 npx tap test/adapters/postgres/schema.test.ts
`

test('test/schema.sql is the schema that the migrations make', async t => {
  const server = await startPostgres(t, { settings: { fsync: 'off' } })
  const pool = poolOf(t, server.url)
  await migrate(pool)
  const { rows: [{ major }] } = await pool.query("select current_setting('server_version_num')::integer / 10000 as major")
  if (major !== MAJOR) return
  const { stdout } = await run(join(postgresBinaries(), 'pg_dump'), ['--schema-only', '--no-owner', '--no-privileges', '--schema=perch', '--extension=btree_gist', server.url])
  const schema = HEADER + withoutNoise(stdout)
  if (process.env['WRITE_SCHEMA'] === '1') await writeFile(DUMP, schema)
  assert.equal(await readFile(DUMP, 'utf8'), schema)
})

/** What is left has no comments (they name versions), no settings, and none of the random words of \\restrict. */
function withoutNoise (dump: string): string {
  const lines = dump.split('\n').filter(line => !/^(--|SET |SELECT pg_catalog\.set_config|\\)/.test(line))
  return lines.join('\n').replace(/\n{3,}/g, '\n\n').trim() + '\n'
}
