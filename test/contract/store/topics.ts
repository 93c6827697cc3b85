import assert from 'node:assert/strict'
import { shardOf } from '../../../src/domain/ids.ts'
import type { Suite } from '../store.ts'
import { done, ELSEWHERE, EPOCH, hear, live, PAST, SHARD } from './office.ts'

export const topics: Suite = async (t, stores) => {
  await t.test('a message carries the epoch and its floor\'s new seq, or without a floor the commit\'s number', async t => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'] })
    await done(store, {})
    const [floor, people] = [await hear(t, store, 'floor/acme/hq-3'), await hear(t, store, 'people/acme')]
    await done(store, {
      floors: ['hq-3'],
      messages: [{ topic: 'floor/acme/hq-3', floor: 'hq-3', body: '{"é":":1:"}' }, { topic: 'people/acme', floor: null, body: '' }]
    })
    await floor.ends('{"é":":1:"}')
    await people.ends('')
    assert.deepEqual(floor.told, [{ epoch: EPOCH, seq: 2, body: '{"é":":1:"}' }])
    assert.deepEqual(people.told, [{ epoch: EPOCH, seq: 3, body: '' }])
  })

  await t.test('messages arrive in the order of the commits, and within one in its order', async t => {
    const store = await live(stores)
    const org = await hear(t, store, 'org/acme')
    const bodies = Array.from({ length: 60 }, (_, i) => String(i))
    for (let i = 0; i < 60; i += 3) {
      await done(store, { messages: bodies.slice(i, i + 3).map(body => ({ topic: 'org/acme', floor: null, body })) })
    }
    await org.ends('59')
    assert.deepEqual(org.told.map(({ body }) => body), bodies)
    assert.deepEqual(org.told.map(({ seq }) => seq), bodies.map((_, i) => Math.floor(i / 3) + 1))
  })

  await t.test('a topic hears its own messages only, and only those of its shard', async t => {
    const store = await live(stores)
    const three = await hear(t, store, 'floor/acme/hq-3')
    const elsewhere = await hear(t, store, 'floor/acme/hq-3', shardOf(ELSEWHERE))
    await done(store, {
      floors: ['hq-3', 'hq-33'],
      messages: [{ topic: 'floor/acme/hq-33', floor: 'hq-33', body: 'other' }, { topic: 'floor/acme/hq-3', floor: 'hq-3', body: 'mine' }]
    })
    await three.ends('mine')
    assert.equal(three.told.length, 1)
    await store.announce(shardOf(ELSEWHERE), 'floor/acme/hq-3', EPOCH, 'end')
    await elsewhere.ends('end')
    assert.equal(elsewhere.told.length, 1)
  })

  await t.test('whoever unsubscribed hears no more, whoever stayed does', async t => {
    const store = await live(stores)
    const [leaves, stays] = [await hear(t, store, 'ledger'), await hear(t, store, 'ledger')]
    await store.announce(SHARD, 'ledger', EPOCH, 'first')
    await leaves.ends('first')
    await stays.ends('first')
    leaves.stop()
    leaves.stop()
    await store.announce(SHARD, 'ledger', EPOCH, 'second')
    await stays.ends('second')
    assert.equal(leaves.told.length, 1)
  })

  await t.test('whoever comes back hears again', async t => {
    const store = await live(stores)
    const first = await hear(t, store, 'ledger')
    first.stop()
    const second = await hear(t, store, 'ledger')
    await store.announce(SHARD, 'ledger', EPOCH, 'hello')
    await second.ends('hello')
    assert.deepEqual([first.told.length, second.told.length], [0, 1])
  })

  await t.test('an announcement has seq 0 and needs no live shard', async t => {
    const store = await stores.fresh()
    const ledger = await hear(t, store, 'ledger')
    await store.announce(SHARD, 'ledger', 12, '{"n":4}')
    await ledger.ends('{"n":4}')
    assert.deepEqual(ledger.told, [{ epoch: 12, seq: 0, body: '{"n":4}' }])
  })

  await t.test('the keeper is told when an empty outbox gets an entry, and not again while it has some', async t => {
    const store = await live(stores)
    const keeper = await hear(t, store, 'keeper')
    await done(store, {})
    await done(store, { entry: 'a' })
    await done(store, { entry: 'b' })
    await store.trimOutbox(SHARD, EPOCH, 3)
    await done(store, { entry: 'c', messages: [{ topic: 'keeper', floor: null, body: 'before' }] })
    await store.announce(SHARD, 'keeper', EPOCH, 'end')
    await keeper.ends('end')
    assert.deepEqual(keeper.told.slice(0, -1), [
      { epoch: EPOCH, seq: 2, body: 'outbox' },
      { epoch: EPOCH, seq: 4, body: 'before' },
      { epoch: EPOCH, seq: 4, body: 'outbox' }
    ])
  })

  await t.test('the keeper is told once when a commit sets a deadline before all others', async t => {
    const store = await live(stores)
    const keeper = await hear(t, store, 'keeper')
    const set = async (...due: Array<[string, number | null]>) => await done(store, { due: due.map(([name, at]) => ({ name, at })) })
    await set(['over/acme/a', PAST])
    await set(['over/acme/b', PAST])
    await set(['over/acme/c', PAST + 1])
    await set(['over/acme/d', PAST - 1], ['over/acme/e', PAST - 2])
    await set(['over/acme/e', null], ['over/acme/d', PAST + 5])
    await store.announce(SHARD, 'keeper', EPOCH, 'end')
    await keeper.ends('end')
    assert.deepEqual(keeper.told.slice(0, -1), [{ epoch: EPOCH, seq: 1, body: 'due' }, { epoch: EPOCH, seq: 4, body: 'due' }])
  })
}
