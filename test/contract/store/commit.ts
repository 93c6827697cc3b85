import assert from 'node:assert/strict'
import type { Commit, Store } from '../../../src/application/ports.ts'
import type { Suite } from '../store.ts'
import { commitOf, done, EPOCH, hear, live, ORG, PAST, SHARD, withCode } from './office.ts'

/** Writes all that a commit can write. */
const everything: Partial<Commit> = {
  floors: ['hq-3'],
  writes: [{ key: 'space/d1', body: 'new', floor: 'hq-3' }, { key: 'claim/c1', body: 'new', floor: null }],
  due: [{ name: 'over/acme/c1', at: PAST }],
  entry: 'new',
  messages: [{ topic: 'floor/acme/hq-3', floor: 'hq-3', body: 'new' }]
}

/** All that a shard knows, but the time. */
async function stateOf (store: Store): Promise<object> {
  const { records, seqs } = await store.read(ORG, ['space/d1', 'claim/c1', 'day/d1/2026-01-31'], ['hq-3'])
  const { names, next } = await store.due(SHARD, 10)
  return { records, seqs, names, next, outbox: await store.outbox(SHARD, EPOCH, 0, 100) }
}

export const commits: Suite = async (t, stores) => {
  /** Whatever refuses it, a commit leaves no trace: not in the records, the seqs, the outbox, the deadlines, nor with those who listen. */
  async function leavesNoTrace (t: Parameters<typeof hear>[0], store: Store, commit: Commit, state: string): Promise<void> {
    const [floor, keeper] = [await hear(t, store, 'floor/acme/hq-3'), await hear(t, store, 'keeper')]
    const before = await stateOf(store)
    assert.equal((await store.commit(commit)).state, state)
    assert.deepEqual(await stateOf(store), before)
    await store.announce(SHARD, 'floor/acme/hq-3', EPOCH, 'end')
    await store.announce(SHARD, 'keeper', EPOCH, 'end')
    await floor.ends('end')
    await keeper.ends('end')
    assert.deepEqual([floor.told.length, keeper.told.length], [1, 1])
    const { n } = await done(store, {})
    assert.equal(n, (await store.outbox(SHARD, EPOCH, 0, 100)).length + 1, 'no number was spent')
  }

  await t.test('a commit whose checks hold is done', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }] })
    await done(store, { ...everything, checks: [{ key: 'space/d1', version: 1 }, { key: 'claim/c1', version: 0 }] })
    assert.deepEqual((await store.read(ORG, ['space/d1'])).records.get('space/d1'), { version: 2, body: 'new' })
  })

  await t.test('a conflict gives every checked record as it is now, also those that were right', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a:b', floor: 'hq-3' }] })
    const checks = [{ key: 'claim/c1', version: 0 }, { key: 'space/d1', version: 0 }, { key: 'day/d1/2026-01-31', version: 4 }] as const
    const answer = await store.commit(commitOf({ ...everything, checks }))
    assert.equal(answer.state, 'conflict')
    assert.deepEqual(answer.state === 'conflict' && [...answer.current], [
      ['claim/c1', { version: 0, body: null }],
      ['space/d1', { version: 1, body: 'a:b' }],
      ['day/d1/2026-01-31', { version: 0, body: null }]
    ])
  })

  await t.test('a commit in conflict leaves no trace', async t => {
    const store = await live(stores)
    await done(store, { ...everything, writes: [{ key: 'space/d1', body: 'old', floor: 'hq-3' }], due: [], messages: [] })
    await leavesNoTrace(t, store, commitOf({ ...everything, checks: [{ key: 'space/d1', version: 2 }] }), 'conflict')
  })

  await t.test('a commit for which the outbox is full leaves no trace', async t => {
    const store = await live(stores)
    for (let i = 0; i < 3; i++) await done(store, { entry: 'old' })
    await leavesNoTrace(t, store, commitOf(everything), 'full')
  })

  await t.test('a commit of another epoch is stale and leaves no trace', async t => {
    for (const epoch of [EPOCH - 1, EPOCH + 1, EPOCH * 10]) await leavesNoTrace(t, await live(stores), commitOf({ ...everything, epoch }), 'stale')
  })

  await t.test('a record that is there is not version 0, one that is not is no other', async () => {
    const store = await live(stores)
    await done(store, { writes: [{ key: 'space/d1', body: 'a', floor: null }] })
    assert.equal((await store.commit(commitOf({ checks: [{ key: 'space/d1', version: 0 }] }))).state, 'conflict')
    assert.equal((await store.commit(commitOf({ checks: [{ key: 'space/d2', version: 1 }] }))).state, 'conflict')
  })

  await t.test('version 1 is not version 12, nor the other way round', async () => {
    const store = await live(stores)
    await done(store, { writes: [{ key: 'space/d1', body: 'a', floor: null }] })
    for (let n = 2; n < 12; n++) await done(store, {})
    await done(store, { writes: [{ key: 'space/d12', body: '2:a', floor: null }] })
    assert.equal((await store.commit(commitOf({ checks: [{ key: 'space/d12', version: 1 }] }))).state, 'conflict')
    assert.equal((await store.commit(commitOf({ checks: [{ key: 'space/d1', version: 12 }] }))).state, 'conflict')
    await done(store, { checks: [{ key: 'space/d1', version: 1 }, { key: 'space/d12', version: 12 }] })
  })

  await t.test('a commit without checks writes what it is told', async () => {
    const store = await live(stores)
    await done(store, everything)
    await done(store, { ...everything, writes: [{ key: 'space/d1', body: 'again', floor: 'hq-3' }] })
    assert.deepEqual((await store.read(ORG, ['space/d1'])).records.get('space/d1'), { version: 2, body: 'again' })
  })

  await t.test('the epoch is looked at first, then the versions, then the room in the outbox', async () => {
    const store = await live(stores)
    for (let i = 0; i < 3; i++) await done(store, { entry: 'old' })
    const wrong = { ...everything, checks: [{ key: 'space/d1', version: 9 }] } as const
    assert.equal((await store.commit(commitOf({ ...wrong, epoch: 1 }))).state, 'stale')
    assert.equal((await store.commit(commitOf(wrong))).state, 'conflict')
    assert.equal((await store.commit(commitOf(everything))).state, 'full')
  })

  await t.test('of 64 rivals who read the same, one commits', async () => {
    const store = await live(stores)
    const rivals = Array.from({ length: 64 }, (_, i) => store.commit(commitOf({
      checks: [{ key: 'day/d1/2026-01-31', version: 0 }],
      floors: ['hq-3'],
      writes: [{ key: 'day/d1/2026-01-31', body: `rival ${i}`, floor: 'hq-3' }]
    })))
    const states = (await Promise.all(rivals)).map(({ state }) => state)
    assert.equal(states.filter(state => state === 'ok').length, 1)
    assert.equal(states.filter(state => state === 'conflict').length, 63)
    assert.deepEqual((await store.read(ORG, [], ['hq-3'])).seqs, new Map([['hq-3', 1]]))
  })

  await t.test('a commit that names a floor it does not touch is refused, and leaves no trace', async () => {
    const store = await live(stores)
    const before = await stateOf(store)
    await assert.rejects(store.commit(commitOf({ ...everything, writes: [{ key: 'space/d1', body: 'a', floor: 'hq-4' }] })), withCode('INTERNAL'))
    await assert.rejects(store.commit(commitOf({ ...everything, messages: [{ topic: 'ledger', floor: 'hq-4', body: 'a' }] })), withCode('INTERNAL'))
    assert.deepEqual(await stateOf(store), before)
  })

  await t.test('an addition goes behind the body that is there, as a line of its own', async () => {
    const store = await live(stores)
    await done(store, { floors: ['hq-3'], writes: [{ key: 'day/d1/2026-01-31', body: 'a:b', floor: 'hq-3' }] })
    for (const [version, addition] of [[1, 'c'], [2, 'd']] as const) {
      await done(store, { checks: [{ key: 'day/d1/2026-01-31', version }], floors: ['hq-3'], writes: [{ key: 'day/d1/2026-01-31', addition, floor: 'hq-3' }] })
    }
    assert.deepEqual((await store.read(ORG, ['day/d1/2026-01-31'])).records.get('day/d1/2026-01-31'), { version: 3, body: 'a:b\nc\nd' })
  })

  await t.test('an addition to what was not found is refused, and leaves no trace', async () => {
    const store = await live(stores)
    const [before, writes] = [await stateOf(store), [{ key: 'space/d1', addition: 'a', floor: null }] as const]
    await assert.rejects(store.commit(commitOf({ writes })), withCode('INTERNAL'))
    await assert.rejects(store.commit(commitOf({ writes, checks: [{ key: 'space/d1', version: 0 }] })), withCode('INTERNAL'))
    await assert.rejects(store.commit(commitOf({ writes: [{ key: 'space/d1', body: '\na', floor: null }] })), withCode('INTERNAL'))
    assert.deepEqual(await stateOf(store), before)
  })

  await t.test('commits sent at once are each as if it were alone: done, in conflict or refused by itself, in the order of sending', async t => {
    const store = await live(stores)
    const floor = await hear(t, store, 'floor/acme/hq-3')
    const step = (version: number, i: number): Partial<Commit> => ({
      checks: [{ key: 'space/d1', version }],
      floors: ['hq-3'],
      writes: [{ key: 'space/d1', body: `of ${i}`, floor: 'hq-3' }],
      entry: `entry ${i}`,
      messages: [{ topic: 'floor/acme/hq-3', floor: 'hq-3', body: `told ${i}` }]
    })
    // Each second one saw what the one before it did; the others are late. One is of an epoch that is over.
    const sent = Array.from({ length: 100 }, (_, i) => store.commit(commitOf({ ...step(Math.floor(i / 2), i), epoch: i === 50 ? EPOCH - 1 : EPOCH })))
    const answers = await Promise.all(sent)
    assert.equal(answers[50]?.state, 'stale')
    const done = answers.flatMap((answer, i) => answer.state === 'ok' ? [{ i, n: answer.n, seq: answer.seqs.get('hq-3') }] : [])
    assert.deepEqual(done.map(({ n, seq }) => [n, seq]), done.map((_, place) => [place + 1, place + 1]), 'numbers and seqs have no gap')
    const late = answers.flatMap(answer => answer.state === 'conflict' ? [answer.current.get('space/d1')?.version ?? 0] : [])
    assert.ok(late.length > 0 && late.every((version, i) => version >= (late[i - 1] ?? 0)), 'who is late is told what is there by then')
    assert.deepEqual((await store.outbox(SHARD, EPOCH, 0, 200)).map(({ n, entry }) => [n, entry]), done.map(({ i, n }) => [n, `entry ${i}`]))
    await floor.ends(`told ${done.at(-1)?.i ?? 0}`)
    assert.deepEqual(floor.told.map(({ seq, body }) => [seq, body]), done.map(({ i, seq }) => [seq, `told ${i}`]))
  })

  await t.test('a commit of 200 spaces with their days, people and claims is done as one', async () => {
    const store = await live(stores)
    const spaces = Array.from({ length: 200 }, (_, i) => `d${i}`)
    const { n } = await done(store, {
      floors: ['hq-3'],
      checks: spaces.map(id => ({ key: `space/${id}`, version: 0 })),
      writes: spaces.flatMap(id => [
        { key: `space/${id}`, body: id, floor: 'hq-3' }, { key: `day/${id}/2026-01-31`, body: id, floor: 'hq-3' },
        { key: `person/${id}/2026-01-31`, body: id, floor: null }, { key: `claim/${id}`, body: id, floor: null }
      ]),
      due: spaces.map(id => ({ name: `over/acme/${id}`, at: PAST })),
      entry: 'all of them'
    })
    assert.equal(n, 1)
    const { records } = await store.read(ORG, spaces.map(id => `person/${id}/2026-01-31` as const))
    assert.deepEqual([...records.values()], spaces.map(body => ({ version: 1, body })))
    assert.equal((await store.due(SHARD, 1_000)).names.length, 200)
  })
}
