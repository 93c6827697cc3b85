import { test } from 'tap'
import assert from 'node:assert/strict'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import type { Store } from '../../../src/application/ports.ts'
import { SHARDS } from '../../../src/domain/ids.ts'
import { commitOf, done, enliven, EPOCH, frozen, hear, ORG, PAST, SHARD, withCode } from '../../contract/store/office.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { startRedisCluster } from '../../harness/redis-cluster.ts'
import { command } from '../../harness/redis.ts'
import type { RedisServer } from '../../harness/redis.ts'
import { SlotMove } from '../../harness/slot-move.ts'
import { until } from '../../harness/wait.ts'

const write = { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }], due: [{ name: 'over/acme/a', at: PAST }], entry: 'a' } as const

interface Office {
  nodes: RedisServer[]
  store: Store
}

async function open (t: Cleanup): Promise<Office> {
  const { nodes } = await startRedisCluster(t)
  const store = redisStore({ url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}` })
  t.after(() => store.close())
  return { nodes, store }
}

test('shards are spread over all masters', async t => {
  const { nodes, store } = await open(t)
  for (let shard = 0; shard < SHARDS; shard++) await enliven(store, EPOCH, shard)
  for (const { port } of nodes) assert.ok(await command(port, client => client.dbsize()) > SHARDS)
})

test('a shard goes on while its slot is about to move, and is foreign once it has moved', async t => {
  const { nodes, store } = await open(t)
  await enliven(store)
  await done(store, write)
  const move = await SlotMove.of(nodes, SHARD)

  await move.begin()
  await done(store, write)
  assert.equal((await store.read(ORG, [], ['hq-3'])).seqs.get('hq-3'), 2)

  await move.keys(4)
  await assert.rejects(store.commit(commitOf(write)), withCode('RECOVERING'))
  await assert.rejects(store.read(ORG, ['space/d1']), withCode('RECOVERING'))

  await move.keys(100)
  assert.equal((await store.commit(commitOf(write))).state, 'stale')
  assert.deepEqual(await store.state(SHARD), { state: 'foreign', epoch: EPOCH })

  await move.end()
  assert.deepEqual(await store.state(SHARD), { state: 'foreign', epoch: EPOCH })
  const { freeze, was } = await frozen(store, EPOCH + 1)
  assert.equal(was, EPOCH)
  assert.deepEqual(await store.positions(freeze), { n: 2, seqs: new Map([['acme/hq-3', 2]]) })
  assert.equal((await store.drain(freeze, EPOCH, 0, 10)).length, 2)
  await store.thaw(freeze)
  await done(store, { ...write, epoch: EPOCH + 1, checks: [{ key: 'space/d1', version: 2 }] })
})

test('a shard whose slot is being imported is not frozen: recovery would meet keys that are still to come', async t => {
  const { nodes, store } = await open(t)
  await enliven(store)
  await done(store, write)
  const move = await SlotMove.of(nodes, SHARD)
  await move.begin()
  await move.keys(4)
  await move.keys(100)
  await assert.rejects(store.freeze(SHARD, EPOCH + 1, 'k1'), withCode('RECOVERING'))
  const other = (SHARD + 1) % SHARDS
  await frozen(store, EPOCH + 1, { shard: other })
  await move.end()
  await frozen(store, EPOCH + 1)
})

test('subscribers of a shard that moved hear again', async t => {
  const { nodes, store } = await open(t)
  await enliven(store)
  const floor = await hear(t, store, 'floor/acme/hq-3')
  const move = await SlotMove.of(nodes, SHARD)
  await move.begin()
  await move.keys(100)
  await move.end()
  await until(async () => {
    await store.announce(SHARD, 'floor/acme/hq-3', EPOCH, 'hello')
    return floor.told.length > 0
  }, { what: 'the floor hears', withinMs: 20_000 })
})

test('a master that is away takes its shards with it, and they are back when it is', async t => {
  const { nodes, store } = await open(t)
  await enliven(store)
  const floor = await hear(t, store, 'floor/acme/hq-3')
  const { from } = await SlotMove.of(nodes, SHARD)
  await from.kill()
  await assert.rejects(store.read(ORG, []), withCode('RECOVERING'))
  await assert.rejects(store.commit(commitOf(write)))
  await from.restart()
  await until(async () => (await store.state(SHARD)).state === 'missing', { what: 'the shard can be asked' })
  await enliven(store, EPOCH + 1)
  await until(async () => {
    await store.announce(SHARD, 'floor/acme/hq-3', EPOCH, 'hello')
    return floor.told.length > 0
  }, { what: 'the floor hears', withinMs: 20_000 })
})
