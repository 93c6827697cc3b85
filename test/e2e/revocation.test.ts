import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi, callApi } from '../../src/cli/seed/api.ts'
import { run } from '../cli/paper.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { query } from '../harness/postgres.ts'
import { until } from '../harness/wait.ts'
import { WebSocketClient } from '../transports/live/web-socket-client.ts'
import { connected, portOf } from './connected.ts'
import { apiOf, openBackends, putOffice, startNodes } from './installation.ts'

/** What is promised, on every node. */
const REVOKED_MS = 1_000
/** Where the message is lost: until the next look, and what a busy machine takes. */
const NOTICED_MS = 10_000

test('two nodes on one Redis and one Postgres', async t => {
  const { env } = await openBackends(t)
  const nodes = await startNodes(t, 2, env) as [RunningPerch, RunningPerch]
  const [first, second] = nodes
  await putOffice(apiOf(first), { floors: { f1: 4 }, people: 1 })
  const make = async (name: string): Promise<string> => (await askApi(apiOf(first), 'POST', '/v1/keys', { name, role: 'manager', site: 'hq' }) as { token: string }).token
  const statuses = async (token: string) => await Promise.all(nodes.map(async ({ url }) => (await callApi({ url, token }, 'GET', '/v1/floors')).status))

  await t.test('cut off a revoked key within a second, its requests and its connections over every transport, and nobody else', async t => {
    const [token, other] = [await make('lost'), await make('kept')]
    const gone = await connected(t, nodes, token)
    const kept = await connected(t, nodes, other)
    assert.deepEqual(await statuses(token), [200, 200])
    await askApi(apiOf(first), 'DELETE', '/v1/keys/lost')
    await until(async () => {
      assert.deepEqual(gone.map(({ closed }) => closed?.code), gone.map(() => 4101))
      assert.deepEqual(await statuses(token), [401, 401])
      return true
    }, { what: 'the key is cut off on both nodes', withinMs: REVOKED_MS })
    assert.deepEqual([await statuses(other), kept.map(({ closed }) => closed)], [[200, 200], kept.map(() => null)])
    for (const { url } of nodes) {
      const again = new WebSocketClient(t, portOf(url), token)
      await until(() => again.refused?.status === 401, { what: 'nobody gets in with it again' })
    }
  })

  await t.test('let nobody in with a ticket that was made with it', async t => {
    const token = await make('tickets')
    const ticket = async () => (await askApi({ url: second.url, token }, 'POST', '/v1/tickets') as { ticket: string }).ticket
    const [good, late] = [await ticket(), await ticket()]
    const came = new WebSocketClient(t, portOf(first.url), null, { path: `/v1/live?ticket=${good}` })
    await until(() => came.of('welcome').length === 1, { what: 'a ticket of the one node is good on the other' })
    await askApi(apiOf(first), 'DELETE', '/v1/keys/tickets')
    await until(() => came.closed?.code === 4101, { what: 'who came with it is gone', withinMs: REVOKED_MS })
    const refused = new WebSocketClient(t, portOf(second.url), null, { path: `/v1/live?ticket=${late}` })
    await until(() => refused.refused?.status === 401, { what: 'the other ticket is worth nothing' })
  })

  await t.test('are told by the command line', async t => {
    const made = await run(['token', '--role', 'viewer', '--name', 'by-hand'], env)
    assert.equal(made.code, 0, made.err)
    const gone = await connected(t, nodes, made.out)
    assert.match((await run(['token', '--list'], env)).out, /^by-hand viewer /m)
    const { out } = await run(['token', '--revoke', 'by-hand'], env)
    assert.match(out, /every node has been told/)
    await until(() => gone.every(({ closed }) => closed?.code === 4101), { what: 'the key is cut off', withinMs: REVOKED_MS })
  })

  await t.test('notice by themselves where nobody tells them', async t => {
    const token = await make('unheard-of')
    const gone = await connected(t, nodes, token)
    await query(env['DATABASE_URL'] ?? '', "update perch.keys set revoked_at = now() where name = 'unheard-of'")
    await until(() => gone.every(({ closed }) => closed?.code === 4101), { what: 'the key is cut off', withinMs: NOTICED_MS })
    assert.deepEqual(await statuses(token), [401, 401])
  })
})
