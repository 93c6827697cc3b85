import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { migrations } from '../../adapters/postgres/migrate.ts'
import { openPool } from '../../adapters/postgres/pool.ts'
import { SERVING_ROLE, servingRole } from '../../adapters/postgres/serving.ts'
import { clockFinding, fail, ok, reasonOf, warn, type Finding } from './finding.ts'

const TIMEOUT_MS = 5_000
/** `server_version_num` of PostgreSQL 15. */
const OLDEST = 150_000

interface Facts {
  version: string
  number: number
  fsync: string
  synchronous_commit: string
  full_page_writes: string
  standby: boolean
  synchronous_names: string
  now: number
}

const FACTS = `
select current_setting('server_version') as version, current_setting('server_version_num')::integer as number, current_setting('fsync') as fsync,
  current_setting('synchronous_commit') as synchronous_commit, current_setting('full_page_writes') as full_page_writes, pg_is_in_recovery() as standby,
  current_setting('synchronous_standby_names') as synchronous_names, (extract(epoch from clock_timestamp()) * 1000)::double precision as now`

/** The ledger. */
export async function checkPostgres (url: string): Promise<Finding[]> {
  const pool = openPool({ connection: url, max: 1, statementTimeoutMs: TIMEOUT_MS, connectTimeoutMs: TIMEOUT_MS, onError () {} })
  try {
    const before = Date.now()
    const { rows: [facts] } = await pool.query<Facts>(FACTS)
    if (facts === undefined) return [fail('postgres: gave no answer', 'see its log')]
    const askedAt = (before + Date.now()) / 2
    return [
      versionFinding(facts), ...durabilityFindings(facts), ...facts.standby ? [standbyFinding] : await standbyFindings(pool, facts), ...await migrationFindings(pool),
      clockFinding('postgres', facts.now, askedAt)
    ]
  } catch (error) {
    return [fail(`postgres: cannot be used: ${reasonOf(error)}`, 'start it, or mend DATABASE_URL')]
  } finally {
    await pool.end()
  }
}

const standbyFinding = fail('postgres: is a standby, which takes no writes', 'point DATABASE_URL at the primary')

function versionFinding ({ version, number }: Facts): Finding {
  return number >= OLDEST ? ok(`postgres: version ${version}`) : fail(`postgres: version ${version}`, 'install PostgreSQL 15 or newer')
}

/** `persisted: true` is a promise that these settings keep. */
function durabilityFindings (facts: Facts): Finding[] {
  const findings: Finding[] = []
  if (facts.fsync !== 'on') findings.push(fail('postgres: fsync is off', 'set fsync on: a power loss would take claims that were answered as persisted, or the database'))
  if (facts.full_page_writes !== 'on') findings.push(fail('postgres: full_page_writes is off', 'set full_page_writes on: a power loss may leave torn pages'))
  if (facts.synchronous_commit === 'off') findings.push(fail('postgres: synchronous_commit is off', 'set synchronous_commit on: commits would be answered before they are on disk'))
  return findings.length === 0 ? [ok('postgres: a commit that was answered is on disk')] : findings
}

async function standbyFindings (pool: Pool, { synchronous_names: names, synchronous_commit: commit }: Facts): Promise<Finding[]> {
  const { rows: [row] } = await pool.query<{ standbys: number }>('select count(*)::integer as standbys from pg_stat_replication')
  const standbys = row?.standbys ?? 0
  if (names !== '' && commit !== 'off' && commit !== 'local' && standbys < waitedFor(names)) {
    return [fail(`postgres: every commit waits for a synchronous standby (${names}), and ${standbys === 0 ? 'none follows' : `only ${standbys} follow${standbys === 1 ? 's' : ''}`}`, 'start it, or take it out of synchronous_standby_names: until then nothing is stored')]
  }
  if (standbys === 0) return []
  if (names === '') return [warn(`postgres: has ${standbys} standby${standbys === 1 ? '' : 's'}, none of them synchronous`, 'set synchronous_standby_names for one that may be promoted: else a failover loses claims that were answered as persisted')]
  if (commit === 'local') return [warn('postgres: synchronous_commit is local: no standby is waited for', 'set synchronous_commit on')]
  return [ok(`postgres: waits for synchronous standbys (${names})`)]
}

/** How many standbys have to have a commit: `a, b` is one of them, `ANY 2 (a, b, c)`, `FIRST 2 (…)` and `2 (…)` are two. */
function waitedFor (names: string): number {
  return Number(/^\s*(?:any\b|first\b)?\s*(\d+)\s*\(/i.exec(names)?.[1] ?? 1)
}

async function migrationFindings (pool: Pool): Promise<Finding[]> {
  const steps = await migrations()
  const { rows: [there] } = await pool.query<{ found: boolean }>("select to_regclass('perch.migrations') is not null as found")
  if (there?.found !== true) return [fail('postgres: Perch\'s tables are not there', 'run perch migrate'), ...await extensionFindings(pool)]
  const { rows } = await pool.query<{ name: string, checksum: string }>('select name, checksum from perch.migrations')
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  const missing = steps.filter(({ name }) => !applied.has(name))
  const changed = steps.filter(({ name, sql }) => applied.has(name) && applied.get(name) !== createHash('sha256').update(sql).digest('hex'))
  return [
    ...missing.length === 0 ? [] : [fail(`postgres: migrations are missing: ${missing.map(({ name }) => name).join(', ')}`, 'run perch migrate')],
    ...changed.map(({ name }) => fail(`postgres: the migration ${name} is not the one that was applied`, 'install the release that fits the database')),
    ...missing.length + changed.length === 0 ? [ok('postgres: every migration is applied'), await servingFinding(pool)] : []
  ]
}

/** Nothing is made here. */
async function servingFinding (pool: Pool): Promise<Finding> {
  if (await servingRole(pool) !== null) return ok(`postgres: requests are held to their organisation's rows (as ${SERVING_ROLE})`)
  const { rows: [row] } = await pool.query<{ login: string }>('select quote_ident(current_user) as login')
  return warn('postgres: row-level security does not hold requests to their organisation\'s rows',
    `as an administrator: create role ${SERVING_ROLE} nologin; grant ${SERVING_ROLE} to ${row?.login ?? ''}; then perch migrate, and start the nodes again`)
}

/** The exclusion constraints stand on it. */
async function extensionFindings (pool: Pool): Promise<Finding[]> {
  const { rows } = await pool.query("select from pg_available_extensions where name = 'btree_gist'")
  return rows.length > 0 ? [] : [fail('postgres: the extension btree_gist is not there', 'install postgresql-contrib')]
}
