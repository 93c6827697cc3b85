import { test } from 'tap'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import { commitOf, done, enliven, EPOCH, frozen, hear, SHARD } from '../../contract/store/office.ts'
import { startChild } from '../../harness/child.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { makeFolder, removeFolder } from '../../harness/folder.ts'
import { freePort } from '../../harness/ports.ts'
import { command, startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'

/** A sentinel of its own that watches the server on `primary` under the name main; its port. */
async function startSentinel (t: Cleanup, primary: number): Promise<number> {
  const [port, dir] = [await freePort(), await makeFolder('sentinel')]
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, [
    `port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, `sentinel monitor main 127.0.0.1 ${primary} 1`,
    'sentinel down-after-milliseconds main 500', 'sentinel failover-timeout main 5000'
  ].join('\n'))
  const child = await startChild('redis-server', [file, '--sentinel'], { logFile: join(dir, 'sentinel.log') })
  t.after(async () => {
    await child.end('SIGTERM')
    await removeFolder(dir)
  })
  await until(() => command(port, client => client.ping()), { what: 'the sentinel answers' })
  return port
}

test('behind Sentinel the store finds the primary, and after a failover the next one, where the shard is foreign', async t => {
  const args = ['--repl-diskless-sync-delay', '0']
  const [primary, replica] = [await startRedis(t, { args }), await startRedis(t, { args })]
  await command(replica.port, client => client.replicaof('127.0.0.1', primary.port))
  const port = await startSentinel(t, primary.port)
  await until(async () => {
    const replicas = await command(port, client => client.call('SENTINEL', 'REPLICAS', 'main'))
    return Array.isArray(replicas) && replicas.length === 1 && JSON.stringify(replicas).includes('"master-link-status","ok"')
  }, { what: 'the sentinel knows the replica', withinMs: 20_000 })

  const store = redisStore({ url: `redis+sentinel://127.0.0.1:${port}/main` })
  t.after(() => store.close())
  await enliven(store)
  const ledger = await hear(t, store, 'ledger')
  await done(store, { floors: ['hq-3'], entry: 'a' })
  await command(primary.port, client => client.wait(1, 5_000))

  await primary.kill()
  await until(async () => (await store.state(SHARD)).state === 'foreign', { what: 'the store has found the new primary', withinMs: 30_000 })
  assert.equal((await store.commit(commitOf({}))).state, 'stale')
  const { freeze, was } = await frozen(store, EPOCH + 1)
  assert.equal(was, EPOCH)
  await store.thaw(freeze)
  await done(store, { epoch: EPOCH + 1 })
  await until(async () => {
    await store.announce(SHARD, 'ledger', EPOCH + 1, 'hello')
    return ledger.told.length > 0
  }, { what: 'subscribers hear the new primary', withinMs: 20_000 })
})
