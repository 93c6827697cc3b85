import { test } from 'tap'
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { Cluster, Redis } from 'ioredis'
import { temporaryFolder } from './folder.ts'
import { startRedisCluster } from './redis-cluster.ts'
import { startRedisSentinel } from './redis-sentinel.ts'
import { command, startRedis } from './redis.ts'

test('a Redis answers on loopback once it is started, and is gone with its files when its test ends', async t => {
  let left = { port: 0, dir: '' }
  await t.test('the owner', async owner => {
    left = await startRedis(owner)
    assert.equal(await command(left.port, client => client.set('a', '1')), 'OK')
    assert.ok(existsSync(left.dir))
  })
  await assert.rejects(command(left.port, client => client.ping()))
  assert.equal(existsSync(left.dir), false)
})

test('a Redis that is killed and restarted keeps its port, and its data when its file is append-only', async t => {
  const server = await startRedis(t, { appendonly: true, args: ['--appendfsync', 'always'] })
  const first = server.pid
  const client = new Redis(server.url)
  t.after(() => client.disconnect())
  client.on('error', () => {})
  await client.set('a', '1')
  await server.kill()
  await server.restart()
  assert.notEqual(server.pid, first)
  assert.equal(await client.get('a'), '1')
})

test('a Redis without an append-only file comes back empty, under another replication id', async t => {
  const server = await startRedis(t)
  const replid = async () => /master_replid:(\w+)/.exec(await command(server.port, client => client.info('replication')))?.[1]
  const before = await replid()
  await command(server.port, client => client.set('a', '1'))
  await server.restart()
  assert.equal(await command(server.port, client => client.dbsize()), 0)
  assert.notEqual(await replid(), before)
})

test('a folder that the caller gave is kept, and a second Redis may start from it', async t => {
  const dir = await temporaryFolder(t, 'given')
  await t.test('the first', async owner => {
    const server = await startRedis(owner, { dir, appendonly: true })
    await command(server.port, client => client.set('a', '1'))
  })
  const server = await startRedis(t, { dir, appendonly: true })
  assert.equal(await command(server.port, client => client.get('a')), '1')
})

test('a Redis that cannot start is an error with its log', async t => {
  await assert.rejects(startRedis(t, { args: ['--no-such-word', '1'] }), /ended at its start[^]*no-such-word/)
})

test('a cluster of three masters takes keys in every slot as soon as it is started', async t => {
  const { nodes, urls } = await startRedisCluster(t)
  assert.deepEqual(urls, nodes.map(node => node.url))
  const client = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })))
  t.after(() => client.disconnect())
  for (let shard = 0; shard < 64; shard++) assert.equal(await client.set(`perch:{s${shard}}`, '1'), 'OK')
  const keys = await Promise.all(nodes.map(node => command(node.port, one => one.dbsize())))
  assert.equal(keys.reduce((sum, count) => sum + count), 64)
  assert.ok(keys.every(count => count > 0))
})

test('three sentinels make the replica the primary when the primary is gone, and a replica of it when it is back', async t => {
  // On a busy machine a sound server may be silent for a second.
  const sentinel = await startRedisSentinel(t, { downAfterMs: 3_000 })
  const [first, second] = sentinel.servers
  assert.equal(await sentinel.primary(), first)
  await command(first.port, async client => {
    await client.set('a', '1')
    await client.wait(1, 5_000)
  })
  await first.kill()
  assert.equal(await sentinel.failedOver(first), second)
  assert.equal(await command(second.port, client => client.get('a')), '1')
  await first.restart()
  await sentinel.replicated()
  assert.equal(await sentinel.primary(), second)
})
