import assert from 'node:assert/strict'
import { test } from 'tap'
import type { Pool } from 'pg'
import { migrate, MigrationChanged, migrations } from '../../../src/adapters/postgres/migrate.ts'
import { freshDatabase, startPostgres } from '../../harness/postgres.ts'
import { poolOf } from './database.ts'

const applied = async (pool: Pool): Promise<string[]> => (await pool.query<{ name: string }>('select name from perch.migrations order by name')).rows.map(row => row.name)

test('migrations', async t => {
  const server = await startPostgres(t, { settings: { fsync: 'off' } })

  await t.test('an empty database gets every migration, in order, and the next start none', async t => {
    const pool = poolOf(t, await freshDatabase(t, server))
    const names = (await migrations()).map(one => one.name)
    assert.deepEqual(await migrate(pool), names)
    assert.deepEqual(await migrate(pool), [])
    assert.deepEqual(await applied(pool), names)
  })

  await t.test('of many nodes that start at once one applies each migration', async t => {
    const url = await freshDatabase(t, server)
    const nodes = Array.from({ length: 6 }, () => poolOf(t, url, { max: 1 }))
    const done = await Promise.all(nodes.map(async pool => await migrate(pool)))
    assert.deepEqual(done.flat().sort(), (await migrations()).map(one => one.name))
  })

  await t.test('a migration that was changed after it had been applied is refused by name', async t => {
    const pool = poolOf(t, await freshDatabase(t, server))
    const steps = [{ name: '0001-a.sql', sql: 'create table perch.a ()' }, { name: '0002-b.sql', sql: 'create table perch.b ()' }]
    await migrate(pool, steps)
    const changed = [{ name: '0001-a.sql', sql: 'create table perch.a (x integer)' }, ...steps.slice(1)]
    const error: unknown = await migrate(pool, changed).catch((error: unknown) => error)
    assert.ok(error instanceof MigrationChanged)
    assert.equal(error.migration, '0001-a.sql')
  })

  await t.test('a migration that fails leaves nothing behind, and those before it stay', async t => {
    const pool = poolOf(t, await freshDatabase(t, server))
    const steps = [{ name: '0001-a.sql', sql: 'create table perch.a ()' }, { name: '0002-b.sql', sql: 'create table perch.b (); select 1 / 0' }]
    await assert.rejects(migrate(pool, steps))
    assert.deepEqual(await applied(pool), ['0001-a.sql'])
    assert.equal((await pool.query("select to_regclass('perch.b') as b")).rows[0].b, null)
    assert.deepEqual(await migrate(pool, [...steps.slice(0, 1), { name: '0002-b.sql', sql: 'create table perch.b ()' }]), ['0002-b.sql'])
  })

  await t.test('a node that is older than the database leaves the migrations alone that it does not know', async t => {
    const pool = poolOf(t, await freshDatabase(t, server))
    await migrate(pool, [...await migrations(), { name: '9999-of-a-newer-node.sql', sql: 'select 1' }])
    assert.deepEqual(await migrate(pool), [])
  })

  await t.test('no search path is needed, neither to migrate nor afterwards', async t => {
    const url = await freshDatabase(t, server)
    const pool = poolOf(t, `${url}?options=-csearch_path%3Dnowhere`)
    assert.deepEqual((await pool.query('show search_path')).rows, [{ search_path: 'nowhere' }])
    assert.equal((await migrate(pool)).length, (await migrations()).length)
  })
})
