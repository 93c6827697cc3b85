import assert from 'node:assert/strict'
import { test } from 'tap'
import type { Pool } from 'pg'
import pg from 'pg'
import { openDatabase } from '../../../src/app/database.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { ensureServingRole, SERVING_ROLE, servedOn, servingRole } from '../../../src/adapters/postgres/serving.ts'
import { freshDatabase, query, startPostgres } from '../../harness/postgres.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { poolOf } from './database.ts'

const [ACME, GLOBEX] = ['acme', 'globex']

interface Table {
  name: string
  /** It has a row of ACME and one of GLOBEX. */
  ofOrgs: boolean
}

interface Column {
  name: string
  type: string
}

/** Every table that there is, partitions among them. */
async function tables (pool: Pool): Promise<Table[]> {
  const { rows } = await pool.query<Table>(`
    select c.relname as name, not c.relispartition and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org') as "ofOrgs"
    from pg_class c where c.relnamespace = 'perch'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`)
  return rows
}

async function columns (pool: Pool, table: string): Promise<Column[]> {
  const { rows } = await pool.query<Column>(`
    select attname as name, format_type(atttypid, null) as type from pg_attribute
    where attrelid = ('perch.' || $1)::regclass and attnum > 0 and not attisdropped and attnotnull and not atthasdef and attidentity = ''`, [table])
  return rows
}

/** Something of each type, the org's name where that may be. */
function valueOf ({ name, type }: Column, org: string): string {
  const values: Record<string, string> = {
    text: name === 'state' ? "'booked'" : `'${org}'`,
    uuid: 'gen_random_uuid()',
    jsonb: "'{}'",
    'timestamp with time zone': "'2026-03-02T08:00:00Z'",
    boolean: 'true',
    'text[]': "'{}'",
    smallint: '1',
    integer: '1',
    bigint: '1',
    'double precision': '1'
  }
  const value = values[type]
  if (value === undefined) throw new TypeError(`a value is needed for columns of type ${type}`)
  return value
}

async function insertion (pool: Pool, table: string, org: string): Promise<string> {
  const all = await columns(pool, table)
  return `insert into perch.${table} (${all.map(({ name }) => `"${name}"`).join(', ')}) values (${all.map(column => valueOf(column, org)).join(', ')})`
}

/** In every table a row of each, whatever else would have to be there for it. */
async function fill (pool: Pool): Promise<void> {
  for (const { name } of (await tables(pool)).filter(({ ofOrgs }) => ofOrgs)) {
    for (const org of [ACME, GLOBEX]) await pool.query(`set session_replication_role = replica; ${await insertion(pool, name, org)}; set session_replication_role = origin`)
  }
}

/** What came of a statement: its rows' orgs, or how it was refused. Nothing is left of it. */
type Attempt = (statement: string) => Promise<string[] | string>

const NOTHING_LEFT = new Error('the statement was tried')

function attempts (run: <T>(of: (db: Pick<Pool, 'query'>) => Promise<T>) => Promise<T>): Attempt {
  return async statement => {
    let found: string[] = []
    try {
      await run(async db => {
        found = (await db.query<{ org: string }>(statement)).rows.map(({ org }) => org)
        throw NOTHING_LEFT
      })
    } catch (error) {
      if (error instanceof pg.DatabaseError) return error.code ?? ''
      if (error !== NOTHING_LEFT) throw error
    }
    return found
  }
}

const isRefused = (result: string[] | string): boolean => result === '42501'
const isEmpty = (result: string[] | string): boolean => isRefused(result) || result.length === 0
const isOwn = (result: string[] | string): boolean => result.length === 1 && result[0] === ACME

/** What can be done to rows of other organisations that should not be. `reads`: what a table may show when it is read without a condition. */
async function leaks (pool: Pool, attempt: Attempt, reads: (result: string[] | string) => boolean): Promise<string[]> {
  const found: string[] = []
  for (const { name, ofOrgs } of await tables(pool)) {
    const look = async (what: string, statement: string, isSafe: (result: string[] | string) => boolean): Promise<void> => {
      const result = await attempt(statement)
      if (!isSafe(result)) found.push(`${what} ${name}: ${String(result)}`)
    }
    if (!ofOrgs) {
      await look('read', `select '' as org from perch.${name}`, isRefused)
      await look('delete', `delete from perch.${name} returning '' as org`, isRefused)
      continue
    }
    await look('read', `select org from perch.${name}`, reads)
    await look('read', `select org from perch.${name} where org <> '${ACME}'`, isEmpty)
    await look('update', `update perch.${name} set org = org where org <> '${ACME}' returning org`, isEmpty)
    await look('delete', `delete from perch.${name} where org <> '${ACME}' returning org`, isEmpty)
    await look('give away', `update perch.${name} set org = 'initech' where org = '${ACME}' returning org`, isEmpty)
    await look('insert', `${await insertion(pool, name, 'initech')} returning org`, isRefused)
  }
  return found
}

test('row-level security', async t => {
  const server = await startPostgres(t, { settings: { fsync: 'off' } })
  const filled = async (t: Parameters<typeof freshDatabase>[0]): Promise<Pool> => {
    const pool = poolOf(t, await freshDatabase(t, server))
    await migrate(pool)
    await ensureServingRole(pool)
    await fill(pool)
    return pool
  }
  /** As one that may do everything with every table that requests have to do with: what holds for it no grant can take away. */
  const nosy = async (pool: Pool, run: (db: Pick<Pool, 'query'>) => Promise<unknown>, settings = `set local perch.org = '${ACME}'`): Promise<void> => {
    const client = await pool.connect()
    try {
      await client.query(`begin; set local session_replication_role = replica; set local role nosy; ${settings}`)
      await run(client)
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
  await query(server.url, 'create role nosy nologin')
  const letIn = async (pool: Pool): Promise<void> => {
    const ofOrgs = (await tables(pool)).filter(table => table.ofOrgs).map(({ name }) => `perch.${name}`)
    await pool.query(`grant usage on schema perch to nosy; grant all on ${ofOrgs.join(', ')} to nosy`)
  }

  await t.test('a request of one organisation can read and write nothing of another one in any table', async t => {
    const pool = await filled(t)
    assert.deepEqual((await leaks(pool, attempts(async run => await servedOn(pool, SERVING_ROLE)(ACME, run)), result => isRefused(result) || isOwn(result))), [])
  })

  await t.test('whoever may do everything with the tables sees the rows of the organisation that is set, and no other', async t => {
    const pool = await filled(t)
    await letIn(pool)
    assert.deepEqual(await leaks(pool, attempts(async run => { await nosy(pool, run); throw NOTHING_LEFT }), isOwn), [])
  })

  await t.test('with no organisation set there is nothing at all', async t => {
    const pool = await filled(t)
    await letIn(pool)
    for (const settings of ['', "set local perch.org = ''"]) {
      const attempt = attempts(async run => { await nosy(pool, run, settings); throw NOTHING_LEFT })
      for (const { name, ofOrgs } of await tables(pool)) if (ofOrgs) assert.deepEqual(await attempt(`select org from perch.${name}`), [], name)
      assert.deepEqual(await leaks(pool, attempt, isEmpty), [])
    }
  })

  await t.test('a new table that has no policy is found', async t => {
    const pool = await filled(t)
    await pool.query(`create table perch.desks (org text not null); insert into perch.desks values ('${ACME}'), ('${GLOBEX}')`)
    await pool.query(`grant select on perch.desks, perch.shards to ${SERVING_ROLE}`)
    const found = await leaks(pool, attempts(async run => await servedOn(pool, SERVING_ROLE)(ACME, run)), result => isRefused(result) || isOwn(result))
    assert.deepEqual(found.map(line => line.split(':')[0]), ['read desks', 'read desks', 'read shards'])
  })

  await t.test('nothing in the schema runs with more rights than who calls it, and no policy lets anybody past', async t => {
    const pool = await filled(t)
    assert.deepEqual((await pool.query("select proname from pg_proc where pronamespace = 'perch'::regnamespace and prosecdef")).rows, [])
    assert.deepEqual((await pool.query('select distinct polname, polcmd, pg_get_expr(polqual, polrelid) as using from pg_policy')).rows,
      [{ polname: 'of_org', polcmd: '*', using: "(org = current_setting('perch.org'::text, true))" }])
  })

  await t.test('a connection keeps neither role nor organisation', async t => {
    const pool = poolOf(t, await freshDatabase(t, server), { max: 1 })
    await migrate(pool)
    const ofOrg = servedOn(pool, await ensureServingRole(pool))
    const who = "select current_user::text as role, current_setting('perch.org', true) as org"
    assert.deepEqual(await ofOrg("o'acme", async db => (await db.query(who)).rows), [{ role: SERVING_ROLE, org: "o'acme" }])
    await assert.rejects(ofOrg(ACME, async () => { throw new TypeError('it fails under way') }))
    assert.deepEqual((await pool.query(who)).rows, [{ role: 'postgres', org: '' }])
  })

  await t.test('what a node asks for a request it asks as that role', async t => {
    const clock = systemClock()
    const url = await freshDatabase(t, server)
    const { ledger, directory, keys, devices, archive, credentials, close } = await openDatabase({
      databaseUrl: url, dataDir: '', clock, log: { debug () {}, info () {}, warn () {}, error () {} } as never, onFailure () {}
    })
    t.after(close)
    const pool = poolOf(t, url)
    await fill(pool)
    const id = '00000000-0000-7000-8000-000000000000'
    await pool.query("update perch.claims set id = $1 where org = 'acme'", [id])
    const span = { from: 0, to: Date.UTC(2030, 0), limit: 10 }
    const everything = async () => [
      await directory.org(ACME), await directory.site(ACME, ACME), await directory.floor(ACME, ACME), await directory.person(ACME, ACME), await ledger.claim(ACME, id),
      ...(await Promise.all([
        directory.sites(ACME), directory.floors(ACME), directory.people(ACME, { after: null, limit: 9 }), directory.groups(ACME), keys.keys(ACME, 0), devices.devices(ACME, null), ledger.claims(ACME, span),
        archive.audit(ACME, { ...span, before: null })
      ])).map(list => list[0] ?? null),
      (await directory.floorsOf(ACME, [ACME])).get(ACME) ?? null
    ]
    assert.ok((await everything()).every(one => one !== null))
    for (const { name, ofOrgs } of await tables(pool)) if (ofOrgs) await pool.query(`alter policy of_org on perch.${name} using (false)`)
    assert.ok((await everything()).every(one => one === null))
    assert.notEqual(await credentials.credential(ACME, 0), null, 'of which organisation a key is nobody knows before it is found')
    await assert.rejects(directory.putOrg({ id: ACME, name: 'Acme', policy: {} }), { code: '42501' })
    await assert.rejects(archive.note(ACME, [{ at: 0, by: 'perch', action: 'org-put', person: null, what: null, detail: {} }]), { code: '42501' })
  })

  await t.test('a login that may make no roles serves as itself until it was given the role', async t => {
    const other = await startPostgres(t, { settings: { fsync: 'off' } })
    await query(other.url, 'create role clerk login')
    await query(other.url, 'create database ours owner clerk')
    const pool = poolOf(t, other.url.replace('postgres@', 'clerk@').replace(/postgres$/, 'ours'))
    await migrate(pool)
    assert.deepEqual([await ensureServingRole(pool), await servingRole(pool)], [null, null])
    await query(other.url, `create role ${SERVING_ROLE} nologin; grant ${SERVING_ROLE} to clerk`)
    assert.equal(await servingRole(pool), null, 'it may touch no table yet')
    assert.deepEqual([await ensureServingRole(pool), await servingRole(pool)], [SERVING_ROLE, SERVING_ROLE])
  })

  await t.test('of many nodes that start at once each gets the role', async t => {
    const url = await freshDatabase(t, server)
    const nodes = Array.from({ length: 6 }, () => poolOf(t, url, { max: 1 }))
    assert.deepEqual(await Promise.all(nodes.map(async pool => { await migrate(pool); return await ensureServingRole(pool) })), nodes.map(() => SERVING_ROLE))
  })
})
