import assert from 'node:assert/strict'
import { test } from 'tap'
import { putAdminKey } from '../harness/admin-key.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { SHARD } from '../harness/core.ts'
import { documentedLines } from '../harness/documented-redis.ts'
import { startPerch } from '../harness/perch.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { usersFile } from '../harness/redis-acl.ts'
import { startRedisCluster } from '../harness/redis-cluster.ts'
import { startRedisSentinel } from '../harness/redis-sentinel.ts'
import { selfSigned } from '../harness/self-signed.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'
import { SlotMove } from '../harness/slot-move.ts'
import { apiOf, desksOf, putOffice } from './installation.ts'
import { Load } from './load.ts'
import { assertPromisesKept, claimsWork } from './promises.ts'
import { haveSeen, openScreen } from './screens.ts'

const FLOORS = { f1: 20, f2: 20 }
const WORKERS = 12
/** Answers that say `persisted: true` before a fault and after it. */
const ENOUGH = 40
/** What docs/redis.md says of every server. */
const ARGS = ['--appendfsync', 'always', '--repl-backlog-ttl', '0']

/** Two nodes at work on that Redis; what they promise before the fault and after it is kept. */
async function survives (t: Cleanup, redisUrl: string, fault: (load: Load) => Promise<void>, variables: Readonly<Record<string, string>> = {}): Promise<Load> {
  const database = await sharedPostgres().then(async server => await freshDatabase(t, server))
  await putAdminKey(database)
  const env = { SECRET: 'the-secret-of-these-tests', REDIS_URL: redisUrl, DATABASE_URL: database, GUARD: 'off', ...variables }
  const nodes = await Promise.all([startPerch(t, env), startPerch(t, env)])
  await Promise.all(nodes.map(async node => await node.ready()))
  const servers = nodes.map(apiOf)
  const [first = apiOf({ url: '' }), second = first] = servers
  await putOffice(first, { floors: FLOORS, people: 2 * WORKERS })
  const screens = servers.map(server => openScreen(t, { transport: 'websocket', floors: Object.keys(FLOORS), server: () => server }))
  await haveSeen(screens)
  const load = new Load({ servers: () => servers, people: Array.from({ length: WORKERS }, (_, i) => `p${i}`), spaces: desksOf(FLOORS) })
  load.start()
  await load.morePersisted(ENOUGH)
  await fault(load)
  await Promise.all(servers.map(async (server, i) => await claimsWork(server, `p${WORKERS + i}`)))
  await load.morePersisted(ENOUGH)
  await load.stop()
  await assertPromisesKept(second, load, screens, desksOf(FLOORS))
  return load
}

test('behind Sentinel claims go on after a failover, also back again, and what was persisted is kept', async t => {
  const sentinel = await startRedisSentinel(t, { appendonly: true, args: [...ARGS, '--min-replicas-to-write', '0'] })
  const [one, other] = sentinel.servers
  await survives(t, sentinel.url, async load => {
    await one.kill()
    assert.equal(await sentinel.failedOver(one), other)
    await load.morePersisted(ENOUGH)
    await one.restart()
    await sentinel.replicated()
    await other.kill()
    assert.equal(await sentinel.failedOver(other), one)
  })
})

test('behind Sentinel over TLS, with the least rights for nodes, replicas and sentinels, and other passwords at the sentinels, claims go on after a failover', async t => {
  const { certificate, key } = await selfSigned(t)
  // As in the documentation; the harness comes as somebody who may do everything.
  const lines = [...await documentedLines('users'), 'user operator on nopass ~* &* +@all']
  const args = [...ARGS, '--min-replicas-to-write', '0', '--masteruser', 'perch-replica', '--masterauth', 'change-me-replica']
  const sentinel = await startRedisSentinel(t, {
    appendonly: true, args, each: [{ config: await usersFile(t) }, { config: await usersFile(t) }], access: { lines, username: 'operator' }, tls: { certificate, key }
  })
  const [one, other] = sentinel.servers
  const url = `${sentinel.url.replace('://', '://perch-keeper:change-me-keeper@')}?sentinels=perch-node:change-me-node`
  await survives(t, url, async load => {
    await one.kill()
    assert.equal(await sentinel.failedOver(one), other)
    await load.morePersisted(ENOUGH)
    await one.restart()
    await sentinel.replicated()
  }, { NODE_EXTRA_CA_CERTS: certificate })
})

test('on a Cluster claims go on after the slot of their shard has moved, and no answer says that its outcome is not known', async t => {
  const { nodes } = await startRedisCluster(t, { appendonly: true, args: ARGS })
  const load = await survives(t, `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, async load => {
    const move = await SlotMove.of(nodes, SHARD)
    await move.begin()
    await load.morePersisted(ENOUGH)
    // One key after the other: now this one is missing here, now that one there.
    while (await move.keys(1) > 0);
    await move.end()
  })
  assert.equal(load.answers.get('OUTCOME_UNKNOWN'), undefined, JSON.stringify([...load.answers]))
  assert.ok((load.answers.get('RECOVERING') ?? 0) > 0, 'somebody asked meanwhile')
})

test('on a Cluster claims go on after the master of their shard was away', async t => {
  const { nodes } = await startRedisCluster(t, { appendonly: true, args: ARGS })
  await survives(t, `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, async () => {
    const { from } = await SlotMove.of(nodes, SHARD)
    await from.kill()
    await from.restart()
  })
})
