import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { test } from 'tap'
import { WebSocket } from 'ws'
import { askApi, callApi } from '../../src/cli/seed/api.ts'
import { GAUGES } from '../../src/application/metrics.ts'
import { runPerch } from '../harness/perch.ts'
import { until } from '../harness/wait.ts'
import { httpClient } from './http.ts'
import { ADMIN_KEY, apiOf, inMinutes, openBackends, putOffice, startNodes } from './installation.ts'
import { haveSeen, openScreen, TRANSPORTS } from './screens.ts'

const KEYS = { SECRET: 'the-secret-of-these-tests' }

/** What cannot work, and all that is said about it, line by line. */
const REFUSED: ReadonlyArray<readonly [env: Record<string, string>, ...lines: RegExp[]]> = [
  [{ HOST: '0.0.0.0' }, /^perch: SECRET is needed with this HOST/],
  [{ ...KEYS, REDIS_URL: 'redis://127.0.0.1:1' }, /^perch: DATABASE_URL is needed with REDIS_URL/],
  [{ OIDC_ISSUER: 'https://login.example/' }, /^perch: OIDC_AUDIENCE is needed/, /^perch: SECRET is needed with OIDC_ISSUER/],
  [{ PORT: 'http', GUARD: 'sometimes', LOG_LEVEL: 'loud' }, /^perch: PORT must be a whole number/, /^perch: GUARD must be one of/, /^perch: LOG_LEVEL must be one of/],
  [{ ROLES: 'keeper', TLS_CERT: 'chain.pem' }, /^perch: TLS_KEY is needed/, /^perch: ROLES must be both/],
  [{ TLS_CERT: '/nowhere/chain.pem', TLS_KEY: '/nowhere/key.pem' }, /^perch: TLS_CERT cannot be read/, /^perch: TLS_KEY cannot be read/],
  [{ DATA_DIR: '/dev/null/perch' }, /^perch: DATA_DIR cannot be used/],
  [{ ...KEYS, REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgres://perch:hidden-password@127.0.0.1:1/perch' }, /^perch: DATABASE_URL cannot be used: .*ECONNREFUSED/],
  [{ ...KEYS, REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgres://perch@h/perch', LOCK_REDIS_URLS: 'redis://a:1,redis://b:1' }, /^perch: LOCK_REDIS_URLS must name 1, 3 or 5/]
]

test('a node that cannot work says in a line for each problem what to mend, and ends with 1', async t => {
  await Promise.all(REFUSED.map(async ([env, ...lines]) => {
    const { code, output } = await runPerch(t, env)
    const said = output.split('\n').filter(line => line !== '' && !line.startsWith('{"level":"info"'))
    assert.equal(code, 1, output)
    assert.equal(said.length, lines.length, output)
    for (const [i, line] of lines.entries()) assert.match(said[i] ?? '', line)
    assert.doesNotMatch(output, /hidden-password/)
  }))
})

test('a node whose port another process has says so and ends with 1', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.after(() => taken.close())
  await once(taken, 'listening')
  const { env } = await openBackends(t)
  const port = await runPerch(t, { ...env, PORT: String((taken.address() as AddressInfo).port) })
  assert.equal(port.code, 1)
  assert.match(port.output, /^perch: PORT \d+ is taken by another process/m)
})

test('a node that was told to end ends, though something in its process has left a timer behind', async t => {
  const { env } = await openBackends(t)
  const [node] = await startNodes(t, 1, { ...env, NODE_OPTIONS: '--import=data:text/javascript,setInterval(()=>{},1000)' })
  const ended = node?.kill('SIGTERM').then(code => ({ code }))
  const { code } = await until(async () => await ended, { what: 'the process is gone', withinMs: 30_000 })
  assert.equal(code, 0)
})

test('a running node', async t => {
  const { env, redis } = await openBackends(t)
  const [node] = await startNodes(t, 1, { ...env, LOG_LEVEL: 'trace', LIMITS: 'on' })
  assert.ok(node)
  const server = apiOf(node)
  await putOffice(server, { floors: { f1: 10 }, people: 10 })
  const client = httpClient(t, { url: node.url, token: null })
  const statusOf = async (path: string) => (await client.ask('GET', path)).status

  await t.test('lives while Redis hangs, is not ready then, and is again when Redis goes on', async () => {
    assert.deepEqual(await Promise.all(['/healthz', '/readyz'].map(statusOf)), [200, 200])
    process.kill(redis.pid, 'SIGSTOP')
    try {
      const { status, body, headers } = await client.ask('GET', '/readyz')
      assert.deepEqual([status, body['ready']], [503, false])
      assert.ok(Number(headers['retry-after']) > 0)
      assert.equal(await statusOf('/healthz'), 200)
      const refused = await callApi(server, 'POST', '/v1/claims', { space: 'f1-d0', person: 'p0', to: inMinutes(60) })
      assert.equal(refused.status, 503)
    } finally {
      process.kill(redis.pid, 'SIGCONT')
    }
    await until(async () => await statusOf('/readyz') === 200, { what: 'the node is ready again' })
    await until(async () => (await callApi(server, 'POST', '/v1/claims', { space: 'f1-d1', person: 'p1', to: inMinutes(60) })).status === 201, { what: 'claims work again' })
  })

  await t.test('counts everything that is bounded', async t => {
    const screens = TRANSPORTS.map(transport => openScreen(t, { transport, floors: ['f1'], server: () => server }))
    await haveSeen(screens)
    await askApi(server, 'POST', '/v1/claims', { space: 'f1-d6', person: 'p6', to: inMinutes(60) })
    const text = (await client.ask('GET', '/metrics')).bytes.toString()
    const value = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? NaN)
    for (const name of Object.keys(GAUGES)) assert.ok(value(`perch_${name}`) >= 0, name)
    assert.equal(value('perch_sessions'), screens.length)
    assert.equal(value('perch_watchers'), screens.length)
    assert.equal(value('perch_replicas'), 1)
    assert.equal(value('perch_shards_held'), 64)
    for (const name of ['frames_sent_total', 'frame_bytes_total', 'ledger_commits_total', 'ledger_lag_seconds_count', 'snapshots_encoded_total']) assert.ok(value(`perch_${name}`) > 0, name)
    for (const name of ['passed_by_total', 'closed_slow_total', 'replica_gaps_total', 'commit_conflicts_total', 'quarantined_claims_total', 'clock_jumps_total']) assert.ok(value(`perch_${name}`) >= 0, name)
    assert.match(text, /^perch_commands_total\{operation="claim",code="ok"\} [1-9]/m)
    assert.match(text, /^perch_guard_answers_total\{state="held"\} [1-9]/m)
    assert.match(text, /^perch_http_requests_total\{method="POST",route="\/v1\/claims",status="201"\} [1-9]/m)
    assert.doesNotMatch(text, /f1-d\d|Person|\bp\d\b/)
    const forwarded = await client.ask('GET', '/metrics', { headers: { 'x-forwarded-for': '203.0.113.7' } })
    assert.equal(forwarded.status, 401, 'what a proxy passes on is not from this machine')
  })

  await t.test('writes no name, badge or token into its log, whatever is asked of it', async t => {
    const secrets = ['Quetzal', 'p-xylander', 'badge-4711-qz', 'wrong-token-8c1f', ADMIN_KEY, env['SECRET'] ?? '', 'free-text-qq']
    const person = { id: 'p-xylander', name: 'Quetzal Xylander', badges: ['badge-4711-qz'] }
    await askApi(server, 'PUT', '/v1/people', { people: [person] })
    await askApi(server, 'POST', '/v1/claims', { space: 'f1-d2', person: { badge: 'badge-4711-qz' }, checkIn: true })
    await askApi(server, 'PUT', `/v1/people/${person.id}`, { name: 'Quetzal Yardley', visibility: 'hidden' })
    await askApi(server, 'PUT', '/v1/spaces/f1-d3/block', { reason: 'free-text-qq' })
    for (const [method, path, body] of [
      ['POST', '/v1/claims', { space: 'f1-d2', person: person.id }],
      ['POST', '/v1/claims', { space: 'f1-d4', person: { badge: 'badge-4711-qz', more: 'Quetzal' } }],
      ['POST', '/v1/claims', '{"person": "p-xylander", "Quetzal'],
      ['POST', '/v1/claims', { space: 'f1-d4', person: 'p-xylander\u0000Quetzal' }],
      ['PUT', '/v1/people', { people: [{ ...person, id: 'p0' }] }],
      ['PUT', '/v1/people/p-xylander', { name: 'Quetzal\u0000', badges: ['badge-4711-qz'] }],
      ['GET', '/v1/claims?person=p-xylander&Quetzal=1'],
      ['GET', '/v1/people/p-xylander/Quetzal'],
      ['GET', '/v1/people/p-xylander'],
      ['DELETE', '/v1/people/p-xylander']
    ] as const) await httpClient(t, server).ask(method, path, body === undefined ? {} : { body })
    for (const header of ['Bearer wrong-token-8c1f', 'Basic wrong-token-8c1f', `Bearer ${ADMIN_KEY}x`]) {
      assert.equal((await client.ask('GET', '/v1/people/p-xylander', { headers: { authorization: header } })).status, 401)
      const socket = new WebSocket(`${node.url.replace('http', 'ws')}/v1/live?token=wrong-token-8c1f`, { headers: { authorization: header } })
      socket.on('error', () => {})
      await new Promise(resolve => socket.once('close', resolve))
    }
    const screens = TRANSPORTS.map(transport => openScreen(t, { transport, floors: ['f1'], server: () => server }))
    await haveSeen(screens)
    // Trouble with the servers behind is logged with its cause.
    await redis.restart()
    await until(async () => (await callApi(server, 'POST', '/v1/claims', { space: 'f1-d5', person: person.id, to: inMinutes(60) })).status !== 503, { what: 'claims are decided again' })
    assert.equal(await node.kill('SIGTERM'), 0)
    const output = await node.output()
    assert.match(output, /"msg":"ended"/)
    for (const secret of secrets) assert.ok(!output.includes(secret), `${secret} in ${output.split('\n').find(line => line.includes(secret)) ?? ''}`)
  })
})
