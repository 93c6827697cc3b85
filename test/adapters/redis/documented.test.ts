import { test } from 'tap'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import { checkRedis } from '../../../src/cli/doctor/check-redis.ts'
import { commitOf, done, enliven, withCode } from '../../contract/store/office.ts'
import { startChild } from '../../harness/child.ts'
import { documentedLines, documentedWords } from '../../harness/documented-redis.ts'
import { temporaryFolder } from '../../harness/folder.ts'
import { freePort } from '../../harness/ports.ts'
import { startRedisCluster } from '../../harness/redis-cluster.ts'
import { command, startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'

/** What doctor would have mended, but for who is logged in: these servers have no users. */
async function toMend (url: string): Promise<string[]> {
  return (await checkRedis(url)).findings.filter(({ level, what }) => level !== 'ok' && !what.includes('logged in as default')).map(({ what }) => what)
}

test('on servers with the lines of docs/redis.md doctor finds nothing to mend', async t => {
  const args = await documentedWords('server', 'replicated')
  const [primary, replica] = [await startRedis(t, { args }), await startRedis(t, { args })]
  await command(replica.port, client => client.replicaof('127.0.0.1', primary.port))
  await until(async () => /slave0:.*state=online/.test(await command(primary.port, client => client.info('replication'))), { what: 'the replica has caught up' })
  const found = await toMend(primary.url)
  // While it writes the first file of its copy a server does not end when it is asked to.
  await replica.kill()
  assert.deepEqual(found, [])
})

test('a primary that no replica hears grants nothing, and says RECOVERING', async t => {
  const args = await documentedWords('server', 'replicated')
  const [primary, replica] = [await startRedis(t, { args }), await startRedis(t, { args })]
  await command(replica.port, client => client.replicaof('127.0.0.1', primary.port))
  const store = redisStore({ url: primary.url })
  t.after(async () => { await store.close() })
  await until(async () => /slave0:.*state=online/.test(await command(primary.port, client => client.info('replication'))), { what: 'the primary takes writes' })
  await enliven(store)
  await done(store, { floors: ['hq-3'] })
  await replica.kill()
  await until(async () => (await command(primary.port, client => client.info('replication'))).includes('connected_slaves:0'), { what: 'the primary has noticed' })
  await assert.rejects(store.commit(commitOf({ floors: ['hq-3'] })), withCode('RECOVERING'))
  await assert.rejects(store.serve(0, ['people'], []), withCode('RECOVERING'))
})

test('a Cluster takes its lines', async t => {
  const { nodes } = await startRedisCluster(t, { args: await documentedWords('server', 'cluster') })
  assert.deepEqual(await toMend(`redis+cluster://127.0.0.1:${nodes[0]?.port ?? 0}`), [])
})

test('a lock node takes its lines', async t => {
  await startRedis(t, { args: await documentedWords('lock') })
})

test('a sentinel takes its lines', async t => {
  const [port, folder, primary] = [await freePort(), await temporaryFolder(t, 'sentinel'), await startRedis(t)]
  const file = join(folder, 'sentinel.conf')
  const lines = (await documentedLines('sentinel')).map(line => line.replace('redis-1 6379', `127.0.0.1 ${primary.port}`))
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${folder}`, ...lines].join('\n'))
  const child = await startChild('redis-server', [file, '--sentinel'], { logFile: join(folder, 'sentinel.log') })
  t.after(async () => { await child.end('SIGTERM') })
  const told = await until(async () => await command(port, client => client.call('SENTINEL', 'MASTER', 'main')), { what: 'the sentinel answers' })
  assert.ok(JSON.stringify(told).includes('"down-after-milliseconds","5000"'))
})
