import { test } from 'tap'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cleanup } from '../harness/cleanup.ts'
import { temporaryFolder } from '../harness/folder.ts'
import { freePort } from '../harness/ports.ts'
import { freshDatabase, query, startPostgres } from '../harness/postgres.ts'
import { command, startRedis } from '../harness/redis.ts'
import { startRedisWithUsers } from '../harness/redis-acl.ts'
import { startRedisCluster } from '../harness/redis-cluster.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'
import { until } from '../harness/wait.ts'
import { run } from './paper.ts'

const KEYS = { SECRET: 's'.repeat(32) }
const SAFE = ['--appendfsync', 'always', '--maxmemory-policy', 'noeviction']

async function findings (environment: Record<string, string>): Promise<{ code: number, lines: string[] }> {
  const { code, out } = await run(['doctor'], environment)
  return { code, lines: out.split('\n') }
}

const failing = (lines: string[]) => lines.filter(line => line.startsWith('fail'))

/** A server as it should be, and a database that is migrated. */
async function wellKept (t: Cleanup) {
  const [live, postgres] = await Promise.all([startRedisWithUsers(t, { appendonly: true, args: SAFE }), startPostgres(t)])
  const environment = { ...KEYS, REDIS_URL: live.as('doctor'), DATABASE_URL: await freshDatabase(t, postgres) }
  await run(['migrate'], environment)
  return environment
}

test('an installation that is as it should be has nothing to mend', async t => {
  const environment = await wellKept(t)
  const locks = await Promise.all([1, 2, 3].map(async () => await startRedis(t)))
  const { code, lines } = await findings({ ...environment, LOCK_REDIS_URLS: locks.map(({ url }) => url).join(',') })
  assert.equal(code, 0)
  assert.deepEqual(lines.filter(line => !line.startsWith('ok')), [])
  for (const part of [/version 7\./, /syncs every write/, /evicts nothing/, /every migration is applied/, /on disk/]) assert.ok(lines.some(line => part.test(line)), String(part))
})

test('it is told as whom Perch is logged in, and whether the users of docs/redis-acl.conf may do what they have to', async t => {
  const redis = await startRedisWithUsers(t, { appendonly: true, args: SAFE })
  const linesFor = async (url: string) => (await findings({ ...KEYS, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', REDIS_URL: url })).lines.filter(line => / redis 127/.test(line))
  const has = (lines: string[], part: RegExp) => assert.ok(lines.some(line => part.test(line)), `${String(part)}\n${lines.join('\n')}`)
  has(await linesFor(redis.server.url), /^warn .*logged in as default, who may do everything — .*docs\/redis-acl\.conf/)
  const asKeeper = await linesFor(redis.as('keeper'))
  has(asKeeper, /^ok .*logged in as perch-keeper$/)
  has(asKeeper, /^warn .*does not tell how often it is synced/)
  const asDoctor = await linesFor(redis.as('doctor'))
  has(asDoctor, /^ok .*logged in as perch-doctor$/)
  for (const user of ['edge', 'keeper']) has(asDoctor, new RegExp(`^ok .*the user perch-${user} may do what it has to, and no more$`))

  await command(redis.server.port, async client => {
    await client.call('ACL', 'SETUSER', 'perch-edge', '-spublish', '+flushall')
    await client.call('ACL', 'SETUSER', 'perch-keeper', '+flushall')
  })
  const changed = await linesFor(redis.as('doctor'))
  has(changed, /^fail .*the user perch-edge may not do all that it has to: SPUBLISH/)
  has(changed, /^warn .*the user perch-keeper may do more than it has to: FLUSHALL/)
  has(await linesFor(redis.as('keeper')), /^ok .*logged in as perch-keeper$/)
  await command(redis.server.port, client => client.call('ACL', 'DELUSER', 'perch-edge'))
  has(await linesFor(redis.as('doctor')), /^warn .*has no user perch-edge/)
})

test('a login that may not make the role that requests are served as is told what an administrator has to do', async t => {
  const server = await startPostgres(t, { settings: { fsync: 'off' } })
  await query(server.url, 'create role "Clerk" login')
  await query(server.url, 'create database ours owner "Clerk"')
  const environment = { ...KEYS, DATABASE_URL: server.url.replace('postgres@', 'Clerk@').replace(/postgres$/, 'ours') }
  const line = async () => {
    await run(['migrate'], environment)
    return (await findings(environment)).lines.find(line => /perch_edge/.test(line)) ?? ''
  }
  const [, statements] = /^warn postgres: row-level security does not .* as an administrator: (.*;) then perch migrate/.exec(await line()) ?? []
  await query(server.url, statements ?? '')
  assert.match(await line(), /^ok +postgres: requests are held to their organisation's rows/)
})

test('a Postgres whose commits wait for a standby that is not there is told apart from one that has it', async t => {
  const primary = await startPostgres(t, { settings: { fsync: 'off' } })
  const environment = { ...KEYS, DATABASE_URL: await freshDatabase(t, primary) }
  await run(['migrate'], environment)
  const line = async () => (await findings(environment)).lines.find(line => /standby/.test(line)) ?? ''
  const setNames = async (names: string) => {
    await query(primary.url, `alter system set synchronous_standby_names = '${names}'`)
    await query(primary.url, 'select pg_reload_conf()')
  }
  assert.equal(await line(), '')
  await setNames('standby')
  t.after(async () => { await primary.kill() }) // A database cannot be dropped where no standby answers.
  assert.match(await line(), /^fail postgres: every commit waits for a synchronous standby \(standby\), and none follows — start it, or/)
  await startPostgres(t, { settings: { fsync: 'off' }, standbyOf: primary })
  await until(async () => /^ok +postgres: waits for synchronous standbys \(standby\)/.test(await line()), { what: 'the standby follows' })
  await setNames('ANY 2 (standby, other)')
  assert.match(await line(), /^fail .*\(ANY 2 \(standby, other\)\), and only 1 follows —/)
})

test('the embedded form is warned about, and does not fail', async () => {
  const { code, lines } = await findings({})
  assert.equal(code, 0)
  assert.deepEqual(lines.map(line => line.slice(0, 4)), ['ok  ', 'warn', 'warn', 'warn'])
})

test('a configuration that cannot be used fails and nothing else is looked at', async () => {
  const { code, lines } = await findings({ PORT: 'http', REDIS_URL: 'redis://127.0.0.1:1' })
  assert.equal(code, 1)
  assert.deepEqual(lines, ['fail configuration: PORT must be a whole number — see .env.example'])
})

test('a Redis that forgets, evicts or syncs lazily is told apart from a safe one', async t => {
  const [forgetful, lazy] = await Promise.all([
    startRedis(t, { args: ['--maxmemory-policy', 'allkeys-lru'] }),
    startRedis(t, { appendonly: true, args: ['--maxmemory-policy', 'noeviction', '--appendfsync', 'everysec'] })
  ])
  const database = { ...KEYS, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const first = await findings({ ...database, REDIS_URL: forgetful.url })
  assert.equal(first.code, 1)
  assert.ok(failing(first.lines).some(line => /keeps nothing on disk — set appendonly yes/.test(line)))
  assert.ok(failing(first.lines).some(line => /maxmemory-policy is allkeys-lru/.test(line)))
  const second = await findings({ ...database, REDIS_URL: lazy.url })
  assert.ok(second.lines.some(line => /^warn .*appendfsync is everysec/.test(line)))
  assert.deepEqual(failing(second.lines).map(line => line.slice(0, 14)), ['fail postgres:'])
})

test('a primary with replicas should not take writes that none of them has', async t => {
  const primary = await startRedis(t, { appendonly: true, args: SAFE })
  const replica = await startRedis(t, { args: ['--replicaof', '127.0.0.1', String(primary.port)] })
  const base = { ...KEYS, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const { lines } = await findings({ ...base, REDIS_URL: primary.url })
  assert.ok(lines.some(line => /^warn .*min-replicas-to-write 1/.test(line)), lines.join('\n'))
  assert.ok(lines.some(line => /^warn .*repl-backlog-ttl 0/.test(line)))
  assert.ok(failing((await findings({ ...base, REDIS_URL: replica.url })).lines).some(line => /is a replica, which takes no writes/.test(line)))
})

test('every master of a cluster is looked at', async t => {
  const cluster = await startRedisCluster(t)
  const nodes = cluster.nodes.map(({ port }) => `127.0.0.1:${port}`)
  const { lines } = await findings({ ...KEYS, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', REDIS_URL: `redis+cluster://${nodes.join(',')}`, GUARD: 'off' })
  assert.ok(lines.some(line => /^ok {3}redis: the cluster serves every slot/.test(line)), lines.join('\n'))
  for (const node of nodes) assert.ok(lines.some(line => line.startsWith(`ok   redis ${node}: version`)), node)
})

test('lock nodes that are one server, away, or the live state\'s are named', async t => {
  const [live, lock] = await Promise.all([startRedis(t, { appendonly: true, args: SAFE }), startRedis(t)])
  const away = await freePort()
  const { lines } = await findings({
    ...KEYS,
    REDIS_URL: live.url,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    LOCK_REDIS_URLS: [lock.url, `redis://localhost:${lock.port}`, live.url, `redis://127.0.0.1:${away}`, `redis://127.0.0.1:${away}/1`].join(',')
  })
  assert.ok(failing(lines).some(line => /lock nodes 127\.0\.0\.1:\d+ and localhost:\d+ are one server/.test(line)), lines.join('\n'))
  assert.ok(lines.some(line => line.startsWith(`warn lock node 127.0.0.1:${live.port}: is also the live state's server`)))
  assert.ok(failing(lines).some(line => line.startsWith(`fail lock node 127.0.0.1:${away}: cannot be reached`)))
})

test('servers that are away are said to be so, without their passwords', async () => {
  const { code, lines } = await findings({ ...KEYS, REDIS_URL: 'redis://:hunter2@127.0.0.1:1', DATABASE_URL: 'postgres://perch:hunter2@127.0.0.1:1/perch' })
  assert.equal(code, 1)
  assert.equal(failing(lines).length, 3)
  assert.doesNotMatch(lines.join('\n'), /hunter2/)
})

test('a Postgres without the tables, with others or with lazy commits is told apart', async t => {
  const server = await sharedPostgres()
  const database = await freshDatabase(t, server)
  const environment = { ...KEYS, DATABASE_URL: database }
  const empty = await findings(environment)
  assert.ok(failing(empty.lines).some(line => /tables are not there — run perch migrate/.test(line)))
  assert.ok(failing(empty.lines).some(line => /fsync is off/.test(line)))
  await run(['migrate'], environment)
  assert.ok((await findings(environment)).lines.some(line => /every migration is applied/.test(line)))
  await query(database, "update perch.migrations set checksum = 'x' where name like '0001%'; delete from perch.migrations where name like '0002%'")
  const changed = failing((await findings(environment)).lines)
  assert.ok(changed.some(line => /migration 0001-directory\.sql is not the one that was applied/.test(line)))
  assert.ok(changed.some(line => /migrations are missing: 0002-ledger\.sql/.test(line)))
})

test('a certificate that is no pair with its key, or ends soon, is named', async t => {
  const folder = await temporaryFolder(t, 'tls')
  const make = async (name: string, days: number) => {
    await promisify(execFile)('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', String(days), '-subj', '/CN=perch',
      '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)
    ])
  }
  await Promise.all([make('good', 90), make('short', 5)])
  const tls = async (cert: string, key: string) => (await findings({ TLS_CERT: join(folder, cert), TLS_KEY: join(folder, key) })).lines.find(line => line.includes('tls:'))
  assert.match(await tls('good.pem', 'good.key') ?? '', /^ok {3}tls: the certificate is good for (89|90) days/)
  assert.match(await tls('short.pem', 'short.key') ?? '', /^warn tls: the certificate ends in [45] days/)
  assert.match(await tls('good.pem', 'short.key') ?? '', /^fail tls: the key is not the certificate's/)
  assert.match(await tls('none.pem', 'none.key') ?? '', /^fail tls: cannot be used/)
})

test('doctor --json says the same for programs', async () => {
  const { code, out } = await run(['doctor', '--json'])
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out)[0], { level: 'ok', what: 'configuration: every variable can be used', mend: null })
})
