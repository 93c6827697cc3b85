import assert from 'node:assert/strict'
import type { Suite } from '../store.ts'
import { commitOf, done, EPOCH, frozen, live, SHARD, withCode } from './office.ts'

export const outbox: Suite = async (t, stores) => {
  await t.test('an entry carries its commit\'s number and the new seqs of its floors', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'] })
    await done(store, { floors: ['hq-3', 'hq-4'], entry: '{"f":1,"at":"é:"}' })
    await done(store, { entry: '' })
    assert.deepEqual(await store.outbox(SHARD, EPOCH, 0, 100), [
      { n: 2, seqs: new Map([['hq-3', 2], ['hq-4', 1]]), before: 0, entry: '{"f":1,"at":"é:"}' },
      { n: 3, seqs: new Map(), before: 2, entry: '' }
    ])
  })

  await t.test('a commit without an entry counts, and leaves nothing in the outbox', async () => {
    const store = await live(stores)
    await done(store, { entry: 'a' })
    await done(store, {})
    await done(store, { entry: 'b' })
    assert.deepEqual((await store.outbox(SHARD, EPOCH, 0, 100)).map(({ n }) => n), [1, 3])
    assert.equal(await store.outboxLength(SHARD, EPOCH), 2)
  })

  await t.test('entries behind a number come in order, at most as many as asked for', async () => {
    const store = await live(stores)
    for (const entry of ['a', 'b', 'c']) await done(store, { entry })
    const texts = async (after: number, limit: number) => (await store.outbox(SHARD, EPOCH, after, limit)).map(({ entry }) => entry)
    assert.deepEqual(await texts(0, 2), ['a', 'b'])
    assert.deepEqual(await texts(1, 2), ['b', 'c'])
    assert.deepEqual(await texts(2, 100), ['c'])
    assert.deepEqual(await texts(3, 100), [])
    assert.deepEqual(await texts(0, 0), [])
  })

  await t.test('a stream that is not there is nobody\'s: it is empty, and not read while the shard lives', async () => {
    const store = await live(stores)
    await done(store, { entry: 'a' })
    for (const epoch of [EPOCH - 1, EPOCH + 1, 0]) {
      await assert.rejects(store.outbox(SHARD, epoch, 0, 100), withCode('RECOVERING'))
      await assert.rejects(store.gap(SHARD, epoch, 0), withCode('RECOVERING'))
    }
    assert.equal(await store.outboxLength(SHARD, EPOCH - 1), 0)
    await store.trimOutbox(SHARD, EPOCH - 1, 1)
    assert.equal(await store.outboxLength(SHARD, EPOCH), 1)
  })

  await t.test('trimming drops entries up to and with a number, and no other', async () => {
    const store = await live(stores)
    for (const entry of ['a', 'b', 'c']) await done(store, { entry })
    await store.trimOutbox(SHARD, EPOCH, 2)
    assert.deepEqual((await store.outbox(SHARD, EPOCH, 0, 100)).map(({ n }) => n), [3])
    await store.trimOutbox(SHARD, EPOCH, 1)
    assert.equal(await store.outboxLength(SHARD, EPOCH), 1)
    await store.trimOutbox(SHARD, EPOCH, 3)
    assert.equal(await store.outboxLength(SHARD, EPOCH), 0)
    assert.equal((await done(store, { entry: 'd' })).n, 4)
    assert.deepEqual((await store.outbox(SHARD, EPOCH, 0, 100)).map(({ n }) => n), [4])
  })

  await t.test('entries that were dropped before anybody read them are a gap, those that were read are none', async () => {
    const store = await live(stores)
    assert.equal(await store.gap(SHARD, EPOCH, 0), false)
    for (const entry of ['a', 'b', 'c']) await done(store, { entry })
    await done(store, {})
    assert.equal(await store.gap(SHARD, EPOCH, 0), false)
    await store.trimOutbox(SHARD, EPOCH, 2)
    assert.equal(await store.gap(SHARD, EPOCH, 2), false)
    await store.trimOutbox(SHARD, EPOCH, 3)
    assert.equal(await store.gap(SHARD, EPOCH, 2), true)
    assert.equal(await store.gap(SHARD, EPOCH, 3), false, 'a commit without an entry is none either')
    await done(store, { entry: 'd' })
    assert.equal(await store.gap(SHARD, EPOCH, 2), false, 'what is missing before an entry shows in its seqs')
  })

  await t.test('an entry names the one before it in its stream, also one that is gone', async () => {
    const store = await live(stores)
    for (const entry of ['a', null, 'b', 'c']) await done(store, { entry })
    await store.trimOutbox(SHARD, EPOCH, 3)
    assert.deepEqual((await store.outbox(SHARD, EPOCH, 0, 10)).map(({ n, before }) => [n, before]), [[4, 3]])
    await store.thaw((await frozen(store, EPOCH + 1)).freeze)
    await done(store, { epoch: EPOCH + 1, entry: 'd' })
    assert.deepEqual((await store.outbox(SHARD, EPOCH + 1, 0, 10)).map(({ n, before }) => [n, before]), [[5, 0]])
  })

  await t.test('an outbox without room but for the reserve is full, but not for releases and deadlines', async () => {
    const store = await live(stores)
    for (const entry of ['a', 'b', 'c']) await done(store, { entry })
    assert.equal((await store.commit(commitOf({ entry: 'd' }))).state, 'full')
    await done(store, { entry: 'd', reserve: true })
    await done(store, { entry: 'e', reserve: true })
    assert.equal((await store.commit(commitOf({ entry: 'f', reserve: true }))).state, 'full')
    assert.equal(await store.outboxLength(SHARD, EPOCH), 5)
  })

  await t.test('a commit without an entry goes on when the outbox is full', async () => {
    const store = await live(stores)
    for (let i = 0; i < 5; i++) await done(store, { entry: 'a', reserve: true })
    await done(store, {})
  })

  await t.test('trimming makes room', async () => {
    const store = await live(stores)
    for (const entry of ['a', 'b', 'c']) await done(store, { entry })
    assert.equal((await store.commit(commitOf({ entry: 'd' }))).state, 'full')
    await store.trimOutbox(SHARD, EPOCH, 1)
    await done(store, { entry: 'd' })
  })

  await t.test('the outbox is drained and trimmed while the shard is frozen', async () => {
    const store = await live(stores)
    for (const entry of ['a', 'b', 'c']) await done(store, { entry })
    const { freeze } = await frozen(store, EPOCH + 1)
    assert.deepEqual((await store.drain(freeze, EPOCH, 1, 100)).map(({ n, entry }) => [n, entry]), [[2, 'b'], [3, 'c']])
    assert.deepEqual((await store.drain(freeze, EPOCH, 1, 1)).map(({ entry }) => entry), ['b'])
    assert.deepEqual(await store.drain(freeze, EPOCH, 1, 0), [])
    assert.deepEqual(await store.drain(freeze, EPOCH - 1, 0, 100), [])
    await store.trimOutbox(SHARD, EPOCH, 2)
    assert.deepEqual((await store.drain(freeze, EPOCH, 0, 100)).map(({ entry }) => entry), ['c'])
    assert.equal(await store.outboxLength(SHARD, EPOCH), 1)
  })
}
