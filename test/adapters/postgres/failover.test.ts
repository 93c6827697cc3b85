import assert from 'node:assert/strict'
import { test } from 'tap'
import { openLink } from '../../faults/link.ts'
import { WhichServer } from '../../../src/adapters/postgres/which-server.ts'
import { startPostgres } from '../../harness/postgres.ts'
import { until } from '../../harness/wait.ts'
import { poolOf } from './database.ts'

const BEGAN = 'select pg_postmaster_start_time()::text as began'

test('connections to a server that was replaced are closed as soon as one finds the other, in every pool of the node', async t => {
  const [old, next] = await Promise.all([startPostgres(t), startPostgres(t)])
  const link = await openLink(old.port)
  t.after(async () => { await link.close() })
  const address = `postgres://postgres@127.0.0.1:${link.port}/postgres`
  const server = new WhichServer()
  const [idle, busy] = [poolOf(t, address, { server }), poolOf(t, address, { server })]
  const began = async () => (await idle.query<{ began: string }>(BEGAN)).rows[0]?.began
  const before = await began()
  const asked = assert.rejects(busy.query('select pg_sleep(60)'))
  const operator = poolOf(t, old.url)
  await until(async () => (await operator.query("select from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()")).rowCount === 1, { what: 'a statement is under way' })

  link.point(next.port)
  assert.equal(await began(), before, 'an open connection stays where it is')
  await Promise.all([busy.query('select 1'), asked])
  assert.notEqual(await began(), before)
})
