import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import { test } from 'tap'
import { FolderInUse } from '../../../src/adapters/pglite/lock.ts'
import { openPglite } from '../../../src/adapters/pglite/open.ts'
import { tendPglite } from '../../../src/adapters/pglite/tend.ts'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { openPool } from '../../../src/adapters/postgres/pool.ts'
import { claimOf, granted, openOffice } from '../../contract/ledger/office.ts'
import { temporaryFolder } from '../../harness/folder.ts'
import { until } from '../../harness/wait.ts'
import { pgliteOn } from './database.ts'

const failed = (error: Error): void => { throw error }

test('PGlite on a folder', async t => {
  const dir = await temporaryFolder(t, 'pglite')
  const stages: string[] = []
  const open = async (): ReturnType<typeof openPglite> => await openPglite({ dir, onProgress: stage => stages.push(stage), onFailure: failed })

  await t.test('says how its first start comes along, and that later ones need not create anything', async () => {
    await (await open()).close()
    await (await open()).close()
    assert.deepEqual(stages, ['creating', 'ready', 'opening', 'ready'])
  })

  await t.test('keeps what was written when it is closed and opened again', async t => {
    const first = await pgliteOn(t, dir)
    await migrate(first.pool)
    const { org, record, entry } = openOffice(createLedger(first.pool))
    const claim = claimOf()
    await record(entry([granted(claim, 'its hash')]))
    await first.close()
    const second = await pgliteOn(t, dir)
    assert.deepEqual(await createLedger(second.pool).claim(org, claim.id), { claim, hash: 'its hash' })
    await second.close()
  })

  await t.test('is refused to a second user within the process, until the first has closed it', async t => {
    const { close } = await pgliteOn(t, dir)
    await assert.rejects(open(), FolderInUse)
    await close()
    await (await open()).close()
  })

  await t.test('serves a new connection after an old one as if it were the first', async t => {
    const { pglite, pool, close } = await pgliteOn(t, dir)
    const office = openOffice(createLedger(pool))
    await office.record(office.entry([granted(claimOf())]))
    const other = openPool({ ...pglite.pool, statementTimeoutMs: 30_000, onError: failed })
    await pool.end()
    await office.ledger.close()
    const { ledger } = { ledger: createLedger(other) }
    const cursor = await ledger.cursor(office.shard)
    assert.equal((await ledger.record(office.shard, cursor, [office.entry([granted(claimOf({ space: 'd2', person: 'bob' }))])])).state, 'recorded')
    await other.end()
    await close()
  })

  await t.test('rolls back what a lost connection had begun, and frees what it held', async t => {
    const { pool, close } = await pgliteOn(t, dir)
    const client = await pool.connect()
    await client.query('begin')
    await client.query("insert into perch.orgs (org, name, shard, policy) values ('half', 'Half', 0, '{}')")
    client.release(true)
    await until(async () => (await pool.query("select from perch.orgs where org = 'half'")).rowCount === 0, { what: 'the insert is rolled back' })
    await close()
  })

  await t.test('is looked after: what was written is checkpointed, and what was changed is vacuumed', async t => {
    const { pool, close } = await pgliteOn(t, dir)
    const wal = async (): Promise<number> => Number((await pool.query('select pg_current_wal_lsn() - redo_lsn as behind from pg_control_checkpoint()')).rows[0].behind)
    const neglected = async (): Promise<number> => (await pool.query("select n_dead_tup as dead from pg_stat_user_tables where relname = 'orgs'")).rows[0].dead
    await pool.query("insert into perch.orgs (org, name, shard, policy) select 'tended-' || i, 'Tended', 0, '{}' from generate_series(1, 3000) i")
    await pool.query("delete from perch.orgs where org like 'tended-%'")
    await until(async () => await neglected() > 2_000 && await wal() > 100_000, { what: 'the statistics know of the rows' })
    await tendPglite(pool)
    assert.ok(await neglected() < 100)
    assert.ok(await wal() < 100_000)
    await close()
  })

  await t.test('whose data are damaged fails to open, and is given back', async t => {
    const damaged = await temporaryFolder(t, 'pglite')
    await (await openPglite({ dir: damaged, onProgress: () => {}, onFailure: failed })).close()
    await writeFile(join(damaged, 'data', 'global', 'pg_control'), 'damaged')
    for (let attempt = 1; attempt <= 2; attempt++) {
      await assert.rejects(openPglite({ dir: damaged, onProgress: () => {}, onFailure: failed }), error => !(error instanceof FolderInUse))
    }
  })
})
