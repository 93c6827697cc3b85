import assert from 'node:assert/strict'
import { until } from '../../harness/wait.ts'
import type { Suite } from '../store.ts'
import { commitOf, done, EPOCH, live, PAST, SHARD } from './office.ts'

const LONG_MS = 60_000
const SHORT_MS = 30

export const keepers: Suite = async (t, stores) => {
  await t.test('deadlines that have come are given earliest first, equal ones by name', async () => {
    const store = await live(stores)
    await done(store, { due: [{ name: 'over/acme/z', at: PAST }, { name: 'over/acme/b', at: PAST + 1 }, { name: 'begins/acme/y', at: PAST + 1 }, { name: 'over/acme/a', at: PAST + 10 }] })
    const { epoch, names, next } = await store.due(SHARD, 100)
    assert.equal(epoch, EPOCH)
    assert.deepEqual(names, [
      { name: 'over/acme/z', at: PAST }, { name: 'begins/acme/y', at: PAST + 1 }, { name: 'over/acme/b', at: PAST + 1 }, { name: 'over/acme/a', at: PAST + 10 }
    ])
    assert.equal(next, null)
  })

  await t.test('deadlines to come are not given, but the first of them is told', async () => {
    const store = await live(stores)
    const later = await store.now(SHARD) + LONG_MS
    await done(store, { due: [{ name: 'over/acme/a', at: later + 1 }, { name: 'over/acme/b', at: later }, { name: 'over/acme/c', at: PAST }] })
    const { names, next } = await store.due(SHARD, 100)
    assert.deepEqual(names.map(({ name }) => name), ['over/acme/c'])
    assert.equal(next, later)
  })

  await t.test('no more deadlines are given than asked for, and the first one left over is told', async () => {
    const store = await live(stores)
    await done(store, { due: ['a', 'b', 'c'].map((id, i) => ({ name: `over/acme/${id}`, at: PAST + i })) })
    const { names, next } = await store.due(SHARD, 2)
    assert.deepEqual(names.map(({ name }) => name), ['over/acme/a', 'over/acme/b'])
    assert.equal(next, PAST + 2)
  })

  await t.test('a deadline has come at its very moment', async () => {
    const store = await live(stores)
    const later = await store.now(SHARD) + LONG_MS
    await done(store, { due: [{ name: 'over/acme/a', at: later }] })
    assert.equal((await store.due(SHARD, 100)).names.length, 0)
    await done(store, { at: later })
    assert.equal((await store.due(SHARD, 100)).names.length, 1)
  })

  await t.test('a deadline that is set again has moved, one that is taken away is gone', async () => {
    const store = await live(stores)
    await done(store, { due: [{ name: 'over/acme/a', at: PAST }, { name: 'over/acme/b', at: PAST }] })
    await done(store, { due: [{ name: 'over/acme/a', at: PAST + 5 }, { name: 'over/acme/b', at: null }, { name: 'over/acme/c', at: null }] })
    assert.deepEqual((await store.due(SHARD, 100)).names, [{ name: 'over/acme/a', at: PAST + 5 }])
  })

  await t.test('a shard without deadlines has none', async () => {
    const store = await live(stores)
    const { names, next } = await store.due(SHARD, 100)
    assert.deepEqual([names, next], [[], null])
  })

  await t.test('a lease that somebody holds is refused to others, and prolonged for its holder', async () => {
    const store = await stores.fresh()
    assert.equal(await store.lease(SHARD, 'k1', LONG_MS), true)
    assert.equal(await store.lease(SHARD, 'k2', LONG_MS), false)
    assert.equal(await store.lease(SHARD, 'k1', LONG_MS), true)
    assert.equal(await store.lease(SHARD + 1, 'k2', LONG_MS), true)
  })

  await t.test('a lease ends when its time is over', async () => {
    const store = await stores.fresh()
    assert.equal(await store.lease(SHARD, 'k1', SHORT_MS), true)
    await until(() => store.lease(SHARD, 'k2', LONG_MS), { what: 'the lease is free' })
    assert.equal(await store.lease(SHARD, 'k1', LONG_MS), false)
  })

  await t.test('a lease that was prolonged lasts from then on', async () => {
    const store = await stores.fresh()
    await store.lease(SHARD, 'k1', SHORT_MS)
    await store.lease(SHARD, 'k1', LONG_MS)
    await store.lease(SHARD + 1, 'k1', SHORT_MS)
    await until(() => store.lease(SHARD + 1, 'k2', LONG_MS), { what: 'a lease as short as the first one is over' })
    assert.equal(await store.lease(SHARD, 'k2', LONG_MS), false)
  })

  await t.test('a lease is given back by its holder alone', async () => {
    const store = await stores.fresh()
    await store.lease(SHARD, 'k1', LONG_MS)
    await store.endLease(SHARD, 'k2')
    assert.equal(await store.lease(SHARD, 'k2', LONG_MS), false)
    await store.endLease(SHARD, 'k1')
    await store.endLease(SHARD, 'k1')
    assert.equal(await store.lease(SHARD, 'k2', LONG_MS), true)
  })

  await t.test('keepers that say they live are listed by name until they leave', async () => {
    const store = await stores.fresh()
    assert.deepEqual(await store.heartbeat('k2', LONG_MS), ['k2'])
    assert.deepEqual(await store.heartbeat('k1', LONG_MS), ['k1', 'k2'])
    await store.leave('k2')
    assert.deepEqual(await store.heartbeat('k1', LONG_MS), ['k1'])
    await store.leave('k3')
  })

  await t.test('a keeper that is silent for its time is listed no more', async () => {
    const store = await stores.fresh()
    await store.heartbeat('k2', SHORT_MS)
    assert.deepEqual(await store.heartbeat('k1', LONG_MS), ['k1', 'k2'])
    await until(async () => (await store.heartbeat('k1', LONG_MS)).length === 1, { what: 'k2 is forgotten' })
    assert.deepEqual(await store.heartbeat('k2', LONG_MS), ['k1', 'k2'])
  })

  await t.test('leases and keepers need no live shard and change none', async () => {
    const store = await stores.fresh()
    await store.lease(SHARD, 'k1', LONG_MS)
    await store.heartbeat('k1', LONG_MS)
    assert.deepEqual(await store.state(SHARD), { state: 'missing' })
    assert.equal((await store.commit(commitOf({}))).state, 'stale')
  })

  await t.test('a store that is there answers a ping', async () => {
    await (await stores.fresh()).ping()
  })
}
