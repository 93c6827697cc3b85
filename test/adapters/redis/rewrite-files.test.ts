import { test } from 'tap'
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import { done, enliven, SHARD } from '../../contract/store/office.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { startRedisWithUsers } from '../../harness/redis-acl.ts'
import { command, startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'

function storeAt (t: Cleanup, url: string) {
  const store = redisStore({ url })
  t.after(async () => { await store.close() })
  return store
}

/** Every file of the server but its log. */
async function files (dir: string): Promise<string> {
  const entries = (await readdir(dir, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile() && !entry.name.endsWith('.log'))
  return (await Promise.all(entries.map(async ({ parentPath, name }) => await readFile(join(parentPath, name), 'latin1').catch(() => '')))).join()
}

test('what was deleted is in no file of the server afterwards, as whom a node logs in, too', async t => {
  const { server, as } = await startRedisWithUsers(t, { appendonly: true, args: ['--save', '3600', '1'] })
  const [keeper, edge] = [storeAt(t, as('keeper')), storeAt(t, as('edge'))]
  await enliven(keeper)
  for (const store of [keeper, edge]) {
    await done(keeper, { writes: [{ key: 'space/d1', body: 'quintessa', floor: null }] })
    await command(server.port, async client => await client.bgsave())
    await until(async () => (await files(server.dir)).includes('quintessa') && /rdb_bgsave_in_progress:0/.test(await command(server.port, async client => await client.info('persistence'))), { what: 'a dump is written' })
    await done(keeper, { writes: [{ key: 'space/d1', body: null, floor: null }] })
    assert.match(await files(server.dir), /quintessa/)
    assert.deepEqual(await store.rewriteFiles(SHARD), { state: 'done', replicas: 0 })
    await until(async () => !(await files(server.dir)).includes('quintessa'), { what: 'the old files are removed' })
  }
})

test('a server without files has nothing to write', async t => {
  const server = await startRedis(t)
  assert.deepEqual(await storeAt(t, server.url).rewriteFiles(SHARD), { state: 'none' })
})

test('a server that may not be asked says so', async t => {
  const server = await startRedis(t, { appendonly: true })
  await command(server.port, async client => await client.acl('SETUSER', 'poor', 'on', '>poor', '~*', '&*', '+@all', '-bgrewriteaof'))
  const refused = await storeAt(t, `redis://poor:poor@127.0.0.1:${server.port}`).rewriteFiles(SHARD)
  assert.ok(refused.state === 'refused' && refused.reason.includes('NOPERM'))
})
