import assert from 'node:assert/strict'
import type { Freeze, Store } from '../../../src/application/ports.ts'
import { shardOf } from '../../../src/domain/ids.ts'
import { claimKey, spaceKey } from '../../../src/domain/keys.ts'
import type { Suite } from '../store.ts'
import { commitOf, done, ELSEWHERE, enliven, EPOCH, frozen, live, NEIGHBOUR, ORG, PAST, SHARD, withCode } from './office.ts'

const NOTHING = { records: [], due: [], seqs: new Map(), n: 0 }

async function refusesAll (store: Store, freeze: Freeze): Promise<void> {
  await assert.rejects(store.drain(freeze, EPOCH, 0, 10), withCode('RECOVERING'))
  await assert.rejects(store.positions(freeze), withCode('RECOVERING'))
  await assert.rejects(store.scan(freeze, 'claim', null, 10), withCode('RECOVERING'))
  await assert.rejects(store.peek(freeze, ORG, ['c1']), withCode('RECOVERING'))
  await assert.rejects(store.load(freeze, NOTHING), withCode('RECOVERING'))
  await assert.rejects(store.clear(freeze), withCode('RECOVERING'))
  await assert.rejects(store.thaw(freeze), withCode('RECOVERING'))
}

async function isOutOfUse (store: Store): Promise<void> {
  await assert.rejects(store.read(ORG, ['space/d1'], ['hq-3']), withCode('RECOVERING'))
  await assert.rejects(store.due(SHARD, 1), withCode('RECOVERING'))
  for (const epoch of [EPOCH, EPOCH + 1]) {
    await assert.rejects(store.outbox(SHARD, epoch, 0, 10), withCode('RECOVERING'))
    await assert.rejects(store.gap(SHARD, epoch, 0), withCode('RECOVERING'))
  }
  for (const epoch of [0, EPOCH, EPOCH + 1]) assert.equal((await store.commit(commitOf({ epoch }))).state, 'stale')
}

export const recovery: Suite = async (t, stores) => {
  await t.test('a new shard is missing: it gives RECOVERING for reads and takes no commit', async () => {
    const store = await stores.fresh()
    assert.deepEqual(await store.state(SHARD), { state: 'missing' })
    await isOutOfUse(store)
    assert.ok(await store.now(SHARD) > PAST)
  })

  await t.test('a frozen shard gives RECOVERING for reads and takes no commit', async () => {
    const store = await live(stores)
    await frozen(store, EPOCH + 1)
    assert.deepEqual(await store.state(SHARD), { state: 'frozen', epoch: EPOCH + 1 })
    await isOutOfUse(store)
  })

  await t.test('a thawed shard lives in the freeze\'s epoch', async () => {
    const store = await live(stores)
    assert.deepEqual(await store.state(SHARD), { state: 'live', epoch: EPOCH })
    assert.equal((await store.read(ORG, [])).epoch, EPOCH)
    assert.equal((await store.due(SHARD, 1)).epoch, EPOCH)
  })

  await t.test('freezing tells the stream of the epoch that was live', async () => {
    const store = await live(stores)
    assert.deepEqual(await store.freeze(SHARD, EPOCH + 3, 'k2'), { frozen: true, freeze: { shard: SHARD, epoch: EPOCH + 3, keeper: 'k2' }, was: EPOCH })
  })

  await t.test('what was missing is void, and so it stays until it is thawed', async () => {
    const store = await stores.fresh()
    assert.equal((await frozen(store, 1)).was, null)
    assert.equal((await frozen(store, 2)).was, null)
    await enliven(store)
    assert.equal((await frozen(store, EPOCH + 1)).was, EPOCH)
  })

  await t.test('what was frozen and not touched still is the state of the epoch that was live', async () => {
    const store = await live(stores)
    for (const later of [1, 2, 3]) assert.equal((await frozen(store, EPOCH + later, { keeper: `k${later}` })).was, EPOCH)
    const { freeze } = await frozen(store, EPOCH + 4)
    await store.thaw(freeze)
    assert.equal((await frozen(store, EPOCH + 5)).was, EPOCH + 4)
  })

  await t.test('what was cleared is void: it may be half loaded', async () => {
    const store = await live(stores)
    const { freeze } = await frozen(store, EPOCH + 1)
    await store.clear(freeze)
    await store.load(freeze, { ...NOTHING, n: 1 })
    assert.equal((await frozen(store, EPOCH + 2)).was, null)
    assert.equal((await frozen(store, EPOCH + 3)).was, null)
  })

  await t.test('a frozen shard\'s records are looked at by claim, and type by type until each was there', async () => {
    const store = await live(stores)
    const ids = Array.from({ length: 2_500 }, (_, i) => `c${i}`)
    for (let i = 0; i < ids.length; i += 250) await done(store, { writes: ids.slice(i, i + 250).map(id => ({ key: claimKey(id), body: `of ${id}`, floor: null })) })
    await done(store, { org: NEIGHBOUR, writes: [{ key: 'claim/c1', body: 'theirs', floor: null }, { key: 'space/d1', body: 'a space', floor: null }] })
    const { freeze } = await frozen(store, EPOCH + 1)
    const found = new Map<string, string | null>()
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<Store['scan']>> = await store.scan(freeze, 'claim', after, 100)
      for (const { org, key, stored } of page.records) found.set(`${org} ${key}`, stored.body)
      after = page.next
    } while (after !== null)
    assert.equal(found.size, 2_501)
    for (const id of ids) assert.equal(found.get(`${ORG} claim/${id}`), `of ${id}`)
    assert.equal(found.get(`${NEIGHBOUR} claim/c1`), 'theirs')
    assert.deepEqual((await store.scan(freeze, 'space', null, 100)).records, [{ org: NEIGHBOUR, key: 'space/d1', stored: { version: 11, body: 'a space' } }])
    assert.deepEqual(await store.scan(freeze, 'floor', null, 100), { records: [], next: null })

    assert.deepEqual(await store.peek(freeze, NEIGHBOUR, ['c1', 'c2']), new Map([['c1', { version: 11, body: 'theirs' }], ['c2', { version: 0, body: null }]]))
    assert.equal((await store.peek(freeze, ORG, ids)).size, 2_500)
    assert.equal((await store.peek(freeze, ORG, [])).size, 0)
  })

  await t.test('a live shard is not frozen in its own epoch, nor in a lower one', async () => {
    const store = await live(stores)
    for (const epoch of [EPOCH, EPOCH - 1, 0]) assert.deepEqual(await store.freeze(SHARD, epoch, 'k2'), { frozen: false })
    assert.deepEqual(await store.state(SHARD), { state: 'live', epoch: EPOCH })
    await done(store, {})
  })

  await t.test('a frozen shard is not frozen in the same epoch, nor in a lower one, by nobody', async () => {
    const store = await live(stores)
    const { freeze } = await frozen(store, EPOCH + 4)
    for (const epoch of [EPOCH + 4, EPOCH + 3, EPOCH]) {
      for (const keeper of ['k1', 'k2']) assert.deepEqual(await store.freeze(SHARD, epoch, keeper), { frozen: false })
    }
    await store.thaw(freeze)
  })

  await t.test('epochs are compared as numbers', async () => {
    const store = await stores.fresh()
    await enliven(store, 9)
    await enliven(store, 10)
    assert.deepEqual(await store.freeze(SHARD, 9, 'k1'), { frozen: false })
    await frozen(store, 100)
  })

  await t.test('a freeze that a later one took over can do nothing', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'], entry: 'a' })
    const older = await frozen(store, EPOCH + 1, { keeper: 'k1' })
    const newer = await frozen(store, EPOCH + 2, { keeper: 'k2' })
    await refusesAll(store, older.freeze)
    assert.deepEqual(await store.positions(newer.freeze), { n: 1, seqs: new Map([['acme/hq-3', 1]]) })
    await store.thaw(newer.freeze)
  })

  await t.test('a freeze belongs to its keeper and its epoch', async () => {
    const store = await live(stores)
    const { freeze } = await frozen(store, EPOCH + 1, { keeper: 'k1' })
    await refusesAll(store, { ...freeze, keeper: 'k2' })
    await refusesAll(store, { ...freeze, keeper: '' })
    await refusesAll(store, { ...freeze, epoch: EPOCH })
    await refusesAll(store, { ...freeze, shard: (SHARD + 1) % 64 })
    await store.thaw(freeze)
  })

  await t.test('a freeze is used up by its thaw', async () => {
    const store = await live(stores)
    const { freeze } = await frozen(store, EPOCH + 1)
    await store.thaw(freeze)
    await refusesAll(store, freeze)
    assert.deepEqual(await store.state(SHARD), { state: 'live', epoch: EPOCH + 1 })
  })

  await t.test('a keeper\'s name may have any separator in it', async () => {
    const store = await live(stores)
    const { freeze } = await frozen(store, EPOCH + 1, { keeper: 'host:7/a:' })
    await refusesAll(store, { ...freeze, keeper: 'host' })
    await store.positions(freeze)
    await store.thaw(freeze)
  })

  await t.test('positions are the number of the last commit and every floor\'s seq, of all orgs', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3', 'hq-4'] })
    await done(store, { floors: ['hq-4'] })
    await done(store, { org: NEIGHBOUR, floors: ['hq-4'] })
    const { freeze } = await frozen(store, EPOCH + 1)
    assert.deepEqual(await store.positions(freeze), { n: 3, seqs: new Map([['acme/hq-3', 1], ['acme/hq-4', 2], [`${NEIGHBOUR}/hq-4`, 1]]) })
  })

  await t.test('a missing shard has no positions', async () => {
    const store = await stores.fresh()
    const { freeze } = await frozen(store, 1)
    assert.deepEqual(await store.positions(freeze), { n: 0, seqs: new Map() })
  })

  await t.test('a shard that is thawed as it was keeps records, versions, deadlines, seqs and number', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }], due: [{ name: 'over/acme/a', at: PAST }] })
    const { freeze } = await frozen(store, EPOCH + 1)
    await store.thaw(freeze)
    const { n, seqs } = await done(store, { epoch: EPOCH + 1, checks: [{ key: 'space/d1', version: 1 }], floors: ['hq-3'], entry: 'b' })
    assert.equal(n, 2)
    assert.deepEqual(seqs, new Map([['hq-3', 2]]))
    assert.equal((await store.due(SHARD, 1)).names.length, 1)
  })

  await t.test('a thawed shard has an empty outbox of its epoch, and the stream before it is gone', async () => {
    const store = await live(stores)
    await done(store, { entry: 'a' })
    const { freeze } = await frozen(store, EPOCH + 1)
    assert.equal(await store.outboxLength(SHARD, EPOCH), 1, 'until then it can be drained')
    await store.thaw(freeze)
    assert.equal(await store.outboxLength(SHARD, EPOCH), 0)
    assert.equal(await store.outboxLength(SHARD, EPOCH + 1), 0)
    await done(store, { epoch: EPOCH + 1, entry: 'b' })
    assert.deepEqual((await store.outbox(SHARD, EPOCH + 1, 0, 10)).map(({ n, entry }) => [n, entry]), [[2, 'b']])
  })

  await t.test('a commit whose records were read in the epoch before is stale', async () => {
    const store = await live(stores)
    await enliven(store, EPOCH + 1)
    assert.equal((await store.commit(commitOf({ epoch: EPOCH }))).state, 'stale')
    await done(store, { epoch: EPOCH + 1 })
  })

  await t.test('a cleared shard has no record, deadline, seq, entry or number left', async () => {
    const store = await live(stores)
    await done(store, {
      floors: ['hq-3'],
      writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }, { key: 'claim/c1', body: 'a', floor: null }],
      due: [{ name: 'over/acme/a', at: PAST }],
      entry: 'a'
    })
    const { freeze } = await frozen(store, EPOCH + 1)
    await store.clear(freeze)
    assert.deepEqual(await store.positions(freeze), { n: 0, seqs: new Map() })
    assert.deepEqual(await store.drain(freeze, EPOCH, 0, 10), [])
    await store.thaw(freeze)
    const read = await store.read(ORG, ['space/d1', 'claim/c1'], ['hq-3'])
    assert.deepEqual([...read.records.values()], Array(2).fill({ version: 0, body: null }))
    assert.equal(read.seqs.get('hq-3'), 0)
    assert.deepEqual((await store.due(SHARD, 10)).names, [])
    assert.equal((await done(store, { epoch: EPOCH + 1, entry: 'b' })).n, 1)
  })

  await t.test('the clock of a cleared shard is still not before its last commit', async () => {
    const store = await live(stores)
    const later = await store.now(SHARD) + 3_600_000
    await done(store, { at: later })
    await enliven(store, EPOCH + 1)
    assert.equal(await store.now(SHARD), later)
  })

  await t.test('a shard may be cleared twice, and thawed without having been cleared', async () => {
    const store = await stores.fresh()
    const { freeze } = await frozen(store, 1)
    await store.clear(freeze)
    await store.clear(freeze)
    await store.thaw(freeze)
    await store.thaw((await frozen(store, 2)).freeze)
    const elsewhere = await frozen(store, 1, { shard: shardOf(ELSEWHERE) })
    await store.thaw(elsewhere.freeze)
    await done(store, { org: ELSEWHERE, epoch: 1, entry: 'a' })
  })

  await t.test('what is loaded is read as it was given, and counted on from there', async () => {
    const store = await stores.fresh()
    const { freeze } = await frozen(store, EPOCH)
    await store.clear(freeze)
    await store.load(freeze, {
      records: [{ org: ORG, key: 'space/d1', stored: { version: 40, body: 'a:b' } }, { org: NEIGHBOUR, key: 'claim/c1', stored: { version: 99, body: '' } }],
      due: [{ name: 'over/acme/a', at: PAST }],
      seqs: new Map([['acme/hq-3', 41]]),
      n: 100
    })
    assert.deepEqual(await store.positions(freeze), { n: 100, seqs: new Map([['acme/hq-3', 41]]) })
    await store.thaw(freeze)
    assert.deepEqual((await store.read(ORG, ['space/d1'], ['hq-3'])).records.get('space/d1'), { version: 40, body: 'a:b' })
    assert.deepEqual((await store.read(NEIGHBOUR, ['claim/c1'])).records.get('claim/c1'), { version: 99, body: '' })
    assert.deepEqual((await store.due(SHARD, 10)).names, [{ name: 'over/acme/a', at: PAST }])
    const { n, seqs } = await done(store, { checks: [{ key: 'space/d1', version: 40 }], floors: ['hq-3'], entry: 'next' })
    assert.equal(n, 101)
    assert.deepEqual(seqs, new Map([['hq-3', 42]]))
    assert.deepEqual((await store.outbox(SHARD, EPOCH, 0, 10)).map(({ n }) => n), [101])
  })

  await t.test('loads add up, and a later one wins', async () => {
    const store = await stores.fresh()
    const { freeze } = await frozen(store, EPOCH)
    await store.clear(freeze)
    const record = (id: string, version: number, body: string | null) => ({ org: ORG, key: spaceKey(id), stored: { version, body } })
    await store.load(freeze, { records: [record('d1', 1, 'a'), record('d2', 1, 'b'), record('d3', 1, 'c')], due: [{ name: 'over/acme/a', at: PAST }], seqs: new Map([['acme/hq-3', 1]]), n: 1 })
    await store.load(freeze, { records: [record('d2', 2, 'bb'), record('d3', 0, null)], due: [{ name: 'over/acme/a', at: PAST + 1 }], seqs: new Map([['acme/hq-4', 2]]), n: 2 })
    await store.thaw(freeze)
    const { records, seqs } = await store.read(ORG, ['space/d1', 'space/d2', 'space/d3'], ['hq-3', 'hq-4'])
    assert.deepEqual([...records.values()], [{ version: 1, body: 'a' }, { version: 2, body: 'bb' }, { version: 0, body: null }])
    assert.deepEqual([...seqs.values()], [1, 2])
    assert.deepEqual((await store.due(SHARD, 10)).names, [{ name: 'over/acme/a', at: PAST + 1 }])
    assert.equal((await done(store, {})).n, 3)
  })

  await t.test('several thousand records, deadlines and seqs are loaded in one call', async () => {
    const store = await stores.fresh()
    const { freeze } = await frozen(store, EPOCH)
    await store.clear(freeze)
    const ids = Array.from({ length: 2_500 }, (_, i) => `d${i}`)
    await store.load(freeze, {
      records: ids.map((id, i) => ({ org: ORG, key: spaceKey(id), stored: { version: i + 1, body: id } })),
      due: ids.map((id, i) => ({ name: `over/acme/${id}`, at: PAST + i })),
      seqs: new Map(ids.map((id, i) => [`acme/${id}`, i + 1])),
      n: 5_000
    })
    assert.deepEqual(await store.positions(freeze), { n: 5_000, seqs: new Map(ids.map((id, i) => [`acme/${id}`, i + 1])) })
    await store.thaw(freeze)
    const { records } = await store.read(ORG, ids.map(spaceKey))
    assert.deepEqual([...records.values()], ids.map((body, i) => ({ version: i + 1, body })))
    assert.equal((await store.due(SHARD, 10_000)).names.length, 2_500)
  })

  await t.test('freezing one shard leaves the others alone', async () => {
    const store = await live(stores)
    await enliven(store, 1, shardOf(ELSEWHERE))
    await frozen(store, 2, { shard: shardOf(ELSEWHERE) })
    assert.deepEqual(await store.state(SHARD), { state: 'live', epoch: EPOCH })
    await done(store, {})
  })
}
