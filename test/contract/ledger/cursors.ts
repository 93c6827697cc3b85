import assert from 'node:assert/strict'
import type { Suite } from '../ledger.ts'
import { claimOf, granted, openOffice, START } from './office.ts'

export const cursors: Suite = async (t, { ledger }) => {
  await t.test('a shard that nobody recorded stands at its start', async () => {
    const { shard } = openOffice(ledger)
    assert.deepEqual(await ledger.cursor(shard), START)
  })

  await t.test('raising the epoch goes one above the row and the caller, and leaves the stream and the place in it', async () => {
    const { shard, record, entry } = openOffice(ledger)
    await record(entry([]), entry([]))
    assert.deepEqual(await ledger.raiseEpoch(shard, 0), { epoch: 1, stream: 0, n: 2 })
    assert.deepEqual(await ledger.raiseEpoch(shard, 7), { epoch: 8, stream: 0, n: 2 })
    assert.deepEqual(await ledger.raiseEpoch(shard, 3), { epoch: 9, stream: 0, n: 2 })
    assert.deepEqual(await ledger.cursor(shard), { epoch: 9, stream: 0, n: 2 })
  })

  await t.test('of many that raise the epoch at once each gets another one', async () => {
    const { shard } = openOffice(ledger)
    const raised = await Promise.all(Array.from({ length: 5 }, async () => (await ledger.raiseEpoch(shard, 0)).epoch))
    assert.deepEqual(raised.sort(), [1, 2, 3, 4, 5])
  })

  await t.test('a recorder from before the epoch was raised writes nothing', async () => {
    const { org, shard, entry } = openOffice(ledger)
    const claim = claimOf()
    await ledger.raiseEpoch(shard, 0)
    assert.deepEqual(await ledger.record(shard, START, [entry([granted(claim)])]), { state: 'moved' })
    assert.deepEqual(await ledger.cursor(shard), { epoch: 1, stream: 0, n: 0 })
    assert.equal(await ledger.claim(org, claim.id), null)
    assert.deepEqual(await ledger.orgs(shard), [])
  })

  await t.test('the stream of the time before is drained under the raised epoch', async () => {
    const { org, shard, entry } = openOffice(ledger)
    const claim = claimOf()
    const cursor = await ledger.raiseEpoch(shard, 0)
    assert.deepEqual(await ledger.record(shard, cursor, [entry([granted(claim)])]), { state: 'recorded', quarantined: [] })
    assert.deepEqual(await ledger.cursor(shard), { epoch: 1, stream: 0, n: 1 })
    assert.notEqual(await ledger.claim(org, claim.id), null)
  })

  await t.test('switching the stream sets it to the epoch, at the place that is given', async () => {
    const { shard, record, entry } = openOffice(ledger)
    await record(entry([]), entry([]))
    const cursor = await ledger.raiseEpoch(shard, 4)
    assert.equal(await ledger.switchStream(shard, cursor, 40), true)
    assert.deepEqual(await ledger.cursor(shard), { epoch: 5, stream: 5, n: 40 })
    assert.deepEqual(await ledger.record(shard, { ...cursor, n: 40 }, [{ ...entry([]), n: 41 }]), { state: 'moved' })
    assert.deepEqual(await ledger.record(shard, { epoch: 5, stream: 5, n: 40 }, [{ ...entry([]), n: 41 }]), { state: 'recorded', quarantined: [] })
  })

  await t.test('switching the stream does nothing once a later recovery began', async () => {
    const { shard } = openOffice(ledger)
    const cursor = await ledger.raiseEpoch(shard, 0)
    await ledger.raiseEpoch(shard, 0)
    assert.equal(await ledger.switchStream(shard, cursor, 9), false)
    assert.deepEqual(await ledger.cursor(shard), { epoch: 2, stream: 0, n: 0 })
  })

  await t.test('what no failover takes back is what it says anyway, of a shard and of a claim', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const claim = claimOf()
    await record(entry([granted(claim)]))
    assert.deepEqual(await ledger.lastingCursor(shard), await ledger.cursor(shard))
    assert.deepEqual(await ledger.lastingClaim(org, claim.id), await ledger.claim(org, claim.id))
    assert.equal(await ledger.lastingClaim(org, claimOf().id), null)
  })

  await t.test('the ledger answers a ping', async () => {
    await ledger.ping()
  })
}
