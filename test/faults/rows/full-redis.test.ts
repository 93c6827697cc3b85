import { test } from 'tap'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import { ADMIN, openCore, openDatabase, placeFloor, rowOfDesks, SHARD } from '../../harness/core.ts'
import { command, startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'

for (const [what, restart] of [['the nodes were', false], ['Redis was', true]] as const) {
  test(`a Redis that the outbox has filled is emptied into the ledger, also when ${what} restarted meanwhile (INV-5)`, async t => {
    const database = await openDatabase(t)
    const redis = await startRedis(t, { appendonly: true, args: ['--appendfsync', 'always'] })
    const open = () => {
      const store = redisStore({ url: redis.url })
      t.after(async () => { await store.close() })
      return store
    }
    const store = open()
    const first = await openCore(t, { ...database, store })
    await until(async () => (await store.state(SHARD)).state === 'live', { what: 'the shard lives' })
    await placeFloor(first, database.directory, rowOfDesks('f1', 10))
    await first.stop()

    const unkept = await openCore(t, { ...database, store, keeps: [], id: 'node-2' })
    const { claim } = await unkept.commands.claim(ADMIN, { space: 'f1-d0', person: 'p0', await: 'accepted' })
    if (restart) await redis.restart()
    await command(redis.port, async client => await client.config('SET', 'maxmemory', '1'))
    const again = open()
    await openCore(t, { ...database, store: again, id: 'node-3' })
    await until(async () => await database.ledger.claim('demo', claim.id), { what: 'the claim is in the ledger' })
    await until(async () => await again.outboxLength(SHARD, (await database.ledger.cursor(SHARD)).stream) === 0, { what: 'the outbox is empty' })
  })
}
