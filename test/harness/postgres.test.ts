import { test } from 'tap'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { Client } from 'pg'
import { freshDatabase, query, startPostgres } from './postgres.ts'
import type { Cleanup } from './cleanup.ts'
import { sharedPostgres } from './shared-postgres.ts'

test('a Postgres answers once it is started, with fsync on, and is gone with its files when its test ends', async t => {
  let left = { url: '', dir: '' }
  await t.test('the owner', async owner => {
    left = await startPostgres(owner)
    const client = await connect(owner, left.url)
    assert.equal((await client.query('show fsync')).rows[0].fsync, 'on')
    assert.ok(Number((await client.query('show server_version_num')).rows[0].server_version_num) >= 150000)
  })
  await assert.rejects(query(left.url, 'select 1'))
  assert.equal(existsSync(left.dir), false)
})

test('a Postgres that is killed while a transaction is open comes back with what was committed, and no more', async t => {
  const server = await startPostgres(t)
  const client = await connect(t, server.url)
  await client.query('create table kept (id int)')
  await client.query('insert into kept values (1)')
  await client.query('begin')
  await client.query('insert into kept values (2)')
  const first = server.pid
  await server.kill()
  assert.equal(server.running, false)
  await server.restart()
  assert.notEqual(server.pid, first)
  const again = await connect(t, server.url)
  assert.deepEqual((await again.query('select id from kept')).rows, [{ id: 1 }])
})

test('settings reach the server, and a wrong one is an error with its log', async t => {
  const server = await startPostgres(t, { settings: { fsync: 'off', max_connections: '17' } })
  const client = await connect(t, server.url)
  assert.equal((await client.query('show max_connections')).rows[0].max_connections, '17')
  await assert.rejects(startPostgres(t, { settings: { max_connections: 'many' } }), /ended at its start[^]*max_connections/)
})

test('a fresh database is empty and is dropped when its test ends, even while somebody is connected', async t => {
  const server = await sharedPostgres()
  let url = ''
  await t.test('the owner', async owner => {
    url = await freshDatabase(owner, server)
    const client = await connect(t, url)
    const tables = await client.query("select 1 from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = 'public'")
    assert.equal(tables.rowCount, 0)
  })
  await assert.rejects(query(url, 'select 1'), { code: '3D000' })
})

test('all tests of a process get one shared server', async () => {
  assert.equal(await sharedPostgres(), await sharedPostgres())
})

/** Its connection may be cut by a server that is killed: that is no error of the test. */
async function connect (t: Cleanup, url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  t.after(() => client.end())
  await client.connect()
  return client
}
