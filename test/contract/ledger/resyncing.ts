import assert from 'node:assert/strict'
import type { Resync } from '../../../src/application/ports.ts'
import type { Suite } from '../ledger.ts'
import { NOW, blockOf, blocked, claimOf, ended, granted, openOffice, read, readingOf } from './office.ts'

export const resyncing: Suite = async (t, { ledger }) => {
  const part = (org: string, parts: Partial<Resync>): Resync => ({ org, at: NOW, claims: [], spaces: [], floors: [], ...parts })

  await t.test('what a store still has is in the ledger as it is given, and the cursor stays', async () => {
    const { org, shard, record, entry, live } = openOffice(ledger)
    const [old, fresh] = [claimOf(), claimOf({ space: 'd2', person: 'bob' })]
    await record(entry([granted(old, 'its hash'), blocked('d1', blockOf()), read('d2', readingOf())]))
    const cursor = await ledger.cursor(shard)
    const claims = [{ claim: { ...old, life: ended }, hash: 'its hash' }, { claim: fresh, hash: 'another' }]
    const spaces = [{ space: 'd1', block: null, reading: readingOf({ value: 'vacant' }) }, { space: 'd3', block: blockOf(), reading: null }]
    assert.equal(await ledger.resync(shard, cursor, part(org, { claims, spaces })), 'done')
    assert.equal(await ledger.resync(shard, cursor, part(org, { claims, spaces })), 'done', 'again')
    for (const known of claims) assert.deepEqual(await ledger.claim(org, known.claim.id), known)
    assert.deepEqual((await live()).spaces, [spaces[0], { space: 'd2', block: null, reading: readingOf() }, spaces[1]])
    assert.deepEqual([...(await live()).seqs], [['hq-1', 1]])
    assert.deepEqual(await ledger.cursor(shard), cursor)
  })

  await t.test('floors stand where the store has come, and what follows on that is recorded', async () => {
    const { org, shard, record, entry, live } = openOffice(ledger)
    await record(entry([granted(claimOf())]))
    for (let i = 0; i < 4; i++) entry([{ type: 'settled', floor: 'hq-1', space: 'd1' }])
    const cursor = await ledger.cursor(shard)
    assert.equal(await ledger.resync(shard, cursor, part(org, { floors: [{ floor: 'hq-1', from: 1, to: 5 }, { floor: 'hq-9', from: 0, to: 7 }] })), 'done')
    assert.deepEqual([...(await live()).seqs].sort(), [['hq-1', 5], ['hq-9', 7]])
    assert.equal((await record(entry([{ type: 'settled', floor: 'hq-1', space: 'd1' }]))).state, 'recorded')
  })

  await t.test('claims that have changed places are written at once', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const [one, two] = [claimOf(), claimOf({ space: 'd2', person: 'bob' })]
    await record(entry([granted(one)]), entry([granted(two)]))
    const claims = [{ claim: { ...one, space: 'd2' }, hash: 'h' }, { claim: { ...two, space: 'd1' }, hash: 'h' }]
    assert.equal(await ledger.resync(shard, await ledger.cursor(shard), part(org, { claims })), 'done')
    assert.equal((await ledger.claim(org, one.id))?.claim.space, 'd2')
  })

  await t.test('a part with a claim that stands in another\'s way is refused whole (INV-1)', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    await record(entry([granted(claimOf())]))
    const [rival, other] = [claimOf({ person: 'bob' }), claimOf({ space: 'd2', person: 'carl' })]
    const claims = [{ claim: other, hash: 'h' }, { claim: rival, hash: 'h' }]
    assert.equal(await ledger.resync(shard, await ledger.cursor(shard), part(org, { claims })), 'refused')
    assert.equal(await ledger.claim(org, other.id), null)
  })

  await t.test('a recovery that a later one took over writes nothing', async () => {
    const { org, shard } = openOffice(ledger)
    const cursor = await ledger.raiseEpoch(shard, 0)
    await ledger.raiseEpoch(shard, 0)
    const claim = claimOf()
    assert.equal(await ledger.resync(shard, cursor, part(org, { claims: [{ claim, hash: 'h' }] })), 'moved')
    assert.equal(await ledger.claim(org, claim.id), null)
  })
}
