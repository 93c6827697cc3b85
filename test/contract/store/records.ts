import assert from 'node:assert/strict'
import type { Key } from '../../../src/domain/keys.ts'
import { dayKey, floorKey, spaceKey } from '../../../src/domain/keys.ts'
import type { Suite } from '../store.ts'
import { commitOf, done, ELSEWHERE, enliven, EPOCH, frozen, live, NEIGHBOUR, ORG, PAST, SHARD } from './office.ts'
import { shardOf } from '../../../src/domain/ids.ts'

export const records: Suite = async (t, stores) => {
  await t.test('a record that nobody wrote has version 0 and no body, a floor that nobody touched seq 0', async () => {
    const store = await live(stores)
    const read = await store.read(ORG, ['space/d1'], ['hq-3'])
    assert.equal(read.epoch, EPOCH)
    assert.deepEqual(read.records, new Map([['space/d1', { version: 0, body: null }]]))
    assert.deepEqual(read.seqs, new Map([['hq-3', 0]]))
  })

  await t.test('a read gives the keys and floors that were asked for and no other', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3', 'hq-4'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }, { key: 'space/d2', body: 'b', floor: 'hq-4' }] })
    const one = await store.read(ORG, ['space/d2'])
    assert.deepEqual([...one.records.keys()], ['space/d2'])
    assert.equal(one.seqs.size, 0)
    const none = await store.read(ORG, [], ['hq-3'])
    assert.equal(none.records.size, 0)
    assert.deepEqual(none.seqs, new Map([['hq-3', 1]]))
  })

  await t.test('records of every type are told apart, though their names are the same', async () => {
    const store = await live(stores)
    const keys: Key[] = ['claim/x', 'person/x/1', 'floor/x', 'day/x/1', 'space/x']
    await done(store, { writes: keys.map(key => ({ key, body: `of ${key}`, floor: null })) })
    const { records } = await store.read(ORG, keys)
    assert.deepEqual(records, new Map(keys.map(key => [key, { version: 1, body: `of ${key}` }])))
  })

  await t.test('a body is kept to the letter', async () => {
    const store = await live(stores)
    const bodies = ['', ':', '12:34:', '{"a":"é😀"}', 'two\r\nlines', '\0', ' ']
    await done(store, { writes: bodies.map((body, i) => ({ key: spaceKey(`d${i}`), body, floor: null })) })
    const { records } = await store.read(ORG, bodies.map((_, i) => spaceKey(`d${i}`)))
    assert.deepEqual([...records.values()].map(({ body }) => body), bodies)
  })

  await t.test('several thousand records are read at one moment', async () => {
    const store = await live(stores)
    const keys = Array.from({ length: 2_500 }, (_, i) => dayKey(`d${i}`, '2026-01-31'))
    await done(store, { writes: keys.map((key, i) => ({ key, body: String(i), floor: null })) })
    const { records, seqs } = await store.read(ORG, [...keys, floorKey('hq-3')], ['hq-3'])
    assert.equal(records.size, 2_501)
    assert.deepEqual(keys.map(key => records.get(key)?.body), keys.map((_, i) => String(i)))
    assert.deepEqual(records.get('floor/hq-3'), { version: 0, body: null })
    assert.deepEqual(seqs, new Map([['hq-3', 0]]))
  })

  await t.test('a record of a floor takes the floor\'s new seq as its version', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-4'] })
    await done(store, { floors: ['hq-3'] })
    const { seqs } = await done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }] })
    assert.deepEqual(seqs, new Map([['hq-3', 2]]))
    assert.deepEqual((await store.read(ORG, ['space/d1'])).records.get('space/d1'), { version: 2, body: 'a' })
  })

  await t.test('a record without a floor takes the commit\'s number as its version', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'] })
    await done(store, {})
    const { n } = await done(store, { floors: ['hq-3'], writes: [{ key: 'person/ann/2026-01-31', body: 'a', floor: null }] })
    assert.equal(n, 3)
    assert.deepEqual((await store.read(ORG, ['person/ann/2026-01-31'])).records.get('person/ann/2026-01-31'), { version: 3, body: 'a' })
  })

  await t.test('the deadlines at one moment are told by name, in every state of the shard', async () => {
    const store = await live(stores)
    const NEVER = 8_640_000_000_000_000
    await done(store, { due: [{ name: 'confirm/acme/d2', at: NEVER }, { name: 'confirm/acme/d1', at: NEVER }, { name: 'space/acme/d1', at: PAST }, { name: 'space/acme/d2', at: NEVER - 1 }] })
    assert.deepEqual(await store.dueAt(SHARD, NEVER, 10), ['confirm/acme/d1', 'confirm/acme/d2'])
    assert.deepEqual(await store.dueAt(SHARD, NEVER, 1), ['confirm/acme/d1'])
    assert.deepEqual(await store.dueAt(SHARD, PAST + 1, 10), [])
    assert.deepEqual((await store.due(SHARD, 10)).names, [{ name: 'space/acme/d1', at: PAST }])
    await done(store, { due: [{ name: 'confirm/acme/d2', at: null }] })
    await frozen(store, EPOCH + 1)
    assert.deepEqual(await store.dueAt(SHARD, NEVER, 10), ['confirm/acme/d1'])
  })

  await t.test('each floor of a commit gets its own next seq, and no other floor does', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-1', 'hq-2'] })
    const { seqs } = await done(store, {
      floors: ['hq-3', 'hq-2'],
      writes: [{ key: 'space/d2', body: 'b', floor: 'hq-2' }, { key: 'space/d3', body: 'c', floor: 'hq-3' }]
    })
    assert.deepEqual([...seqs], [['hq-3', 1], ['hq-2', 2]])
    const read = await store.read(ORG, ['space/d2', 'space/d3'], ['hq-1', 'hq-2', 'hq-3'])
    assert.deepEqual([...read.seqs], [['hq-1', 1], ['hq-2', 2], ['hq-3', 1]])
    assert.equal(read.records.get('space/d2')?.version, 2)
    assert.equal(read.records.get('space/d3')?.version, 1)
  })

  await t.test('a null body deletes, with or without a floor, and also what is not there', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }, { key: 'claim/c1', body: 'b', floor: null }] })
    await done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body: null, floor: 'hq-3' }, { key: 'claim/c1', body: null, floor: null }, { key: 'claim/c2', body: null, floor: null }] })
    const { records } = await store.read(ORG, ['space/d1', 'claim/c1', 'claim/c2'])
    assert.deepEqual([...records.values()], Array(3).fill({ version: 0, body: null }))
  })

  await t.test('a record that was deleted comes back with a version it never had', async () => {
    const store = await live(stores)
    const write = (body: string | null) => done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body, floor: 'hq-3' }] })
    await write('a')
    await write(null)
    await write('b')
    assert.deepEqual((await store.read(ORG, ['space/d1'])).records.get('space/d1'), { version: 3, body: 'b' })
  })

  await t.test('orgs of one shard share its number and nothing else', async () => {
    const store = await live(stores)
    const writes = [{ key: 'space/d1', body: 'ours', floor: 'hq-3' }] as const
    await done(store, { floors: ['hq-3'], writes })
    const theirs = await store.read(NEIGHBOUR, ['space/d1'], ['hq-3'])
    assert.deepEqual(theirs.records.get('space/d1'), { version: 0, body: null })
    assert.deepEqual(theirs.seqs, new Map([['hq-3', 0]]))
    const { n, seqs } = await done(store, { org: NEIGHBOUR, floors: ['hq-3'] })
    assert.equal(n, 2)
    assert.deepEqual(seqs, new Map([['hq-3', 1]]))
  })

  await t.test('shards count on their own', async () => {
    const store = await live(stores)
    await enliven(store, 3, shardOf(ELSEWHERE))
    await done(store, {})
    const { n } = await done(store, { org: ELSEWHERE, epoch: 3 })
    assert.equal(n, 1)
    assert.equal((await store.read(ELSEWHERE, [])).epoch, 3)
  })

  await t.test('the clock is never before the last commit, whoever asks', async () => {
    const store = await live(stores)
    const later = await store.now(shardOf(ORG)) + 3_600_000
    assert.equal((await done(store, { at: later })).now, later)
    assert.equal(await store.now(shardOf(ORG)), later)
    assert.equal((await store.read(ORG, [])).now, later)
    assert.equal((await store.due(shardOf(ORG), 1)).now, later)
    const conflict = await store.commit(commitOf({ checks: [{ key: 'space/d1', version: 9 }] }))
    assert.equal(conflict.state === 'conflict' && conflict.now, later)
  })

  await t.test('a commit for an earlier moment does not turn the clock back', async () => {
    const store = await live(stores)
    const later = await store.now(shardOf(ORG)) + 3_600_000
    await done(store, { at: later })
    assert.equal((await done(store, { at: later - 1 })).now, later)
    assert.equal(await store.now(shardOf(ORG)), later)
  })

  await t.test('the clock goes on by itself', async () => {
    const store = await live(stores)
    await done(store, { at: 0 })
    const first = await store.now(shardOf(ORG))
    assert.ok(Math.abs(first - Date.now()) < 60_000, 'it is the time of day')
    assert.ok(await store.now(shardOf(ORG)) >= first)
  })
}
