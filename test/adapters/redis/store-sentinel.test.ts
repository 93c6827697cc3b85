import { test } from 'tap'
import assert from 'node:assert/strict'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import { commitOf, done, enliven, EPOCH, frozen, hear, SHARD } from '../../contract/store/office.ts'
import { startRedisSentinel } from '../../harness/redis-sentinel.ts'
import { command } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'

test('behind Sentinel the store finds the primary, and after a failover the next one, where the shard is foreign', async t => {
  const sentinel = await startRedisSentinel(t)
  const [primary] = sentinel.servers
  const store = redisStore({ url: sentinel.url })
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
