import assert from 'node:assert/strict'
import type { Store } from '../../../src/application/ports.ts'
import { BREAK_MS, NEVER, type Presence } from '../../../src/domain/served.ts'
import { until } from '../../harness/wait.ts'
import type { Suite } from '../store.ts'
import { done, enliven, EPOCH, frozen, live, SHARD, withCode } from './office.ts'

/** What is told of the name `people`. */
async function said (store: Store): Promise<Presence> {
  return (await store.serve(SHARD, ['people'], [])).presences.get('people') ?? NEVER
}

async function told (store: Store): Promise<Presence> {
  return (await store.serve(SHARD, [], ['people'])).presences.get('people') ?? NEVER
}

export const served: Suite = async (t, stores) => {
  await t.test('what is said first is so from then on; what nobody said was never so', async () => {
    const store = await live(stores)
    const before = await store.now(SHARD)
    const { epoch, now, presences } = await store.serve(SHARD, ['people', 'acme/hq'], ['acme/west'])
    assert.equal(epoch, EPOCH)
    assert.ok(now >= before)
    assert.deepEqual([...presences], [
      ['people', { goneAt: 0, backAt: now, lastAt: now }], ['acme/hq', { goneAt: 0, backAt: now, lastAt: now }], ['acme/west', NEVER]
    ])
  })

  await t.test('what is said again is so since the first time, for whoever asks', async () => {
    const store = await live(stores)
    const first = await said(store)
    const later = await until(async () => {
      const again = await said(store)
      return again.lastAt > first.lastAt && again
    }, { what: 'it is written again' })
    assert.equal(later.backAt, first.backAt)
    assert.deepEqual(await told(store), later)
  })

  await t.test('asking says nothing', async () => {
    const store = await live(stores)
    await told(store)
    assert.deepEqual(await told(store), NEVER)
  })

  await t.test('what nobody said for long has had a break when it is said again', async () => {
    const store = await live(stores)
    const first = await said(store)
    // The shard's clock is never before its last commit.
    const now = first.lastAt + BREAK_MS + 1_000
    await done(store, { at: now })
    assert.deepEqual(await told(store), first)
    const { goneAt, backAt, lastAt } = await said(store)
    assert.equal(goneAt, first.lastAt)
    assert.equal(backAt, lastAt)
    assert.ok(backAt >= now)
  })

  await t.test('a new epoch is a break, also while nobody has said so in it', async () => {
    const store = await live(stores)
    const first = await said(store)
    const { freeze } = await frozen(store, EPOCH + 1)
    await store.thaw(freeze)
    const asked = await told(store)
    assert.equal(asked.goneAt, first.lastAt)
    assert.ok(asked.backAt >= first.lastAt)
    const again = await said(store)
    assert.equal(again.goneAt, first.lastAt)
    assert.ok(again.backAt >= asked.backAt)
    assert.equal((await said(store)).backAt, again.backAt)
  })

  await t.test('what was said outlives a rebuild of the shard', async () => {
    const store = await live(stores)
    const first = await said(store)
    await enliven(store, EPOCH + 1)
    assert.equal((await said(store)).goneAt, first.lastAt)
  })

  await t.test('nothing is said of a shard that is missing or frozen', async () => {
    const store = await stores.fresh()
    await assert.rejects(store.serve(SHARD, ['people'], []), withCode('RECOVERING'))
    await frozen(store, EPOCH)
    await assert.rejects(store.serve(SHARD, ['people'], []), withCode('RECOVERING'))
  })
}
