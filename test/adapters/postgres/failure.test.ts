import assert from 'node:assert/strict'
import { test } from 'tap'
import { createDirectory } from '../../../src/adapters/postgres/directory.ts'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { claimOf, granted, idAt, NOW, openOffice, START } from '../../contract/ledger/office.ts'
import { floorOf, personOf, refused, siteOf } from '../../contract/directory/office.ts'
import { query, startPostgres } from '../../harness/postgres.ts'
import { until } from '../../harness/wait.ts'
import { poolOf } from './database.ts'

test('a Postgres in trouble', async t => {
  const server = await startPostgres(t)
  const quiet = poolOf(t, server.url)
  await migrate(quiet)

  await t.test('every call says that the ledger is behind while Postgres is away, and works when it is back', async t => {
    const pool = poolOf(t, server.url)
    const [ledger, directory] = [createLedger(pool), createDirectory(pool)]
    const calls: Record<string, () => Promise<unknown>> = {
      cursor: async () => await ledger.cursor(0),
      lastingCursor: async () => await ledger.lastingCursor(0),
      raiseEpoch: async () => await ledger.raiseEpoch(0, 0),
      record: async () => await ledger.record(0, START, [{ n: 1, seqs: new Map(), entry: { f: 1, org: 'acme', at: NOW, by: 'anna', events: [granted(claimOf())] } }]),
      switchStream: async () => await ledger.switchStream(0, START, 0),
      orgs: async () => await ledger.orgs(0),
      claimsToLoad: async () => await ledger.claimsToLoad('acme', NOW, null, 1),
      claims: async () => await ledger.claims('acme', { from: 0, to: NOW, limit: 1 }),
      claim: async () => await ledger.claim('acme', idAt(NOW)),
      lastingClaim: async () => await ledger.lastingClaim('acme', idAt(NOW)),
      ping: async () => { await ledger.ping() },
      org: async () => await directory.org('acme'),
      putSite: async () => await directory.putSite('acme', siteOf()),
      putFloor: async () => await directory.putFloor('acme', floorOf(), 0),
      floorsOf: async () => await directory.floorsOf('acme', ['d1']),
      putPeople: async () => { await directory.putPeople('acme', [personOf('anna')]) },
      groups: async () => await directory.groups('acme')
    }
    await ledger.ping()
    await server.stop()
    for (const call of Object.values(calls)) await refused('LEDGER_BEHIND', call())
    await server.restart()
    await until(async () => { await ledger.ping(); return true }, { what: 'the pool has connected again' })
    assert.deepEqual(await ledger.cursor(0), START)
  })

  await t.test('a connection that is cut while nobody uses it is told of, and replaced', async t => {
    const broken: Error[] = []
    const pool = poolOf(t, server.url, { max: 1, onError: error => broken.push(error) })
    const ledger = createLedger(pool)
    await ledger.ping()
    const { rows: [{ pid }] } = await pool.query('select pg_backend_pid() as pid')
    await query(server.url, `select pg_terminate_backend(${Number(pid)})`)
    await until(() => broken.length === 1, { what: 'the pool has told of the cut' })
    await ledger.ping()
  })

  await t.test('a connection that is cut at work fails its call alone', async t => {
    const pool = poolOf(t, server.url, { max: 1 })
    const ledger = createLedger(pool)
    const { rows: [{ pid }] } = await pool.query('select pg_backend_pid() as pid')
    const holder = poolOf(t, server.url, { max: 1 })
    const client = await holder.connect()
    await client.query('begin')
    await client.query('select from perch.shards where shard = 1 for update')
    const waiting = ledger.raiseEpoch(1, 0)
    const checked = refused('LEDGER_BEHIND', waiting)
    await until(async () => (await quiet.query("select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'", [pid])).rowCount === 1, { what: 'the call waits for the row' })
    await query(server.url, `select pg_terminate_backend(${Number(pid)})`)
    await checked
    await client.query('rollback')
    client.release()
    assert.deepEqual(await ledger.cursor(1), START)
  })

  await t.test('a statement that takes too long is given up, and writes nothing', async t => {
    const pool = poolOf(t, server.url, { max: 1, statementTimeoutMs: 100 })
    const { shard, entry } = openOffice(createLedger(pool))
    const holder = await quiet.connect()
    await holder.query('begin')
    await holder.query('select from perch.shards where shard = $1 for update', [shard])
    await refused('LEDGER_BEHIND', createLedger(pool).record(shard, START, [entry([granted(claimOf())])]))
    await holder.query('rollback')
    holder.release()
    assert.deepEqual(await createLedger(quiet).cursor(shard), START)
  })

  await t.test('a caller waits for a free connection for a while only', async t => {
    const pool = poolOf(t, server.url, { max: 1, connectTimeoutMs: 50 })
    const client = await pool.connect()
    await refused('LEDGER_BEHIND', createLedger(pool).ping())
    client.release()
  })

  await t.test('a server that only reads says that the ledger is behind', async t => {
    const pool = poolOf(t, `${server.url}?options=-cdefault_transaction_read_only%3Don`, { max: 1 })
    const ledger = createLedger(pool)
    await ledger.ping()
    await refused('LEDGER_BEHIND', ledger.raiseEpoch(0, 0))
    await refused('LEDGER_BEHIND', createDirectory(pool).putOrg({ id: 'acme', name: 'Acme', policy: {} }))
  })

  await t.test('a database that is not there says that the ledger is behind', async t => {
    await refused('LEDGER_BEHIND', createLedger(poolOf(t, new URL('/nothing', server.url).href)).ping())
  })

  await t.test('a deadlock is tried again until it is through', async () => {
    const directory = createDirectory(quiet)
    await directory.putOrg({ id: 'busy', name: 'Busy', policy: {} })
    const list = (ids: number[]) => ids.map(i => personOf(`p${i}`, { groups: [`g${i}`], badges: [`b${i}`] }))
    const ids = Array.from({ length: 50 }, (_, i) => i)
    // People go by their ids, badges and groups do not always: these lists pass badges around.
    const swapped = ids.map(i => personOf(`p${i}`, { groups: [`g${49 - i}`], badges: [`b${49 - i}`] }))
    await Promise.all([list(ids), swapped, list(ids), swapped].map(async people => { await directory.putPeople('busy', people) }))
    assert.equal((await directory.people('busy', { after: null, limit: 100 })).length, 50)
  })

  await t.test('an error of the program stays what it is', async () => {
    await assert.rejects(createLedger(quiet).cursor(64), RangeError)
  })
})
