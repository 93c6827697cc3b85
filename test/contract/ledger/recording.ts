import assert from 'node:assert/strict'
import type { Claim } from '../../../src/domain/claim.ts'
import type { Event } from '../../../src/domain/event.ts'
import { HOUR } from '../../../src/domain/time.ts'
import type { Suite } from '../ledger.ts'
import {
  NOW, START, blockOf, blocked, changed, checkedIn, claimOf, ended, endedBy, granted, idAt, movedTo, openOffice, orgIn, present, read, readingOf, unblocked
} from './office.ts'

export const recording: Suite = async (t, { ledger }) => {
  await t.test('recording moves the cursor to the number of the last entry', async () => {
    const { shard, entry } = openOffice(ledger)
    assert.deepEqual(await ledger.record(shard, START, [entry([]), entry([]), { ...entry([]), n: 9 }]), { state: 'recorded', quarantined: [] })
    assert.deepEqual(await ledger.cursor(shard), { ...START, n: 9 })
  })

  await t.test('recording nothing leaves the cursor where it is', async () => {
    const { shard } = openOffice(ledger)
    assert.deepEqual(await ledger.record(shard, START, []), { state: 'recorded', quarantined: [] })
    assert.deepEqual(await ledger.cursor(shard), START)
  })

  await t.test('the same entries a second time find the cursor moved, and change nothing', async () => {
    const { org, shard, record, entry, live } = openOffice(ledger)
    const claim = claimOf()
    const first = entry([granted(claim)])
    await record(first)
    await record(entry([checkedIn(claim)]))
    const before = await live()
    assert.deepEqual(await ledger.record(shard, START, [first]), { state: 'moved' })
    assert.deepEqual(await ledger.cursor(shard), { ...START, n: 2 })
    assert.deepEqual(await live(), before)
    assert.deepEqual((await ledger.claim(org, claim.id))?.claim.life, present)
  })

  await t.test('of two recorders at once one records', async () => {
    const { shard, entry } = openOffice(ledger)
    const entries = [entry([granted(claimOf())])]
    const states = (await Promise.all([ledger.record(shard, START, entries), ledger.record(shard, START, entries)])).map(one => one.state)
    assert.deepEqual(states.sort(), ['moved', 'recorded'])
  })

  await t.test('a granted claim is there as it was granted, to the millisecond, with the hash of its content', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf({ by: 'kiosk:lobby', createdAt: NOW - 1, life: { state: 'booked', releaseAt: NOW + 899_999 } })
    const lasting = claimOf({ space: 'd2', person: 'bob', kind: 'room', sole: false, life: { state: 'booked', releaseAt: null } })
    await record(entry([granted(claim, 'one'), granted(lasting, 'two')]))
    assert.deepEqual(await ledger.claim(org, claim.id), { claim, hash: 'one' })
    assert.deepEqual(await ledger.claim(org, lasting.id), { claim: lasting, hash: 'two' })
  })

  const told: Record<string, (claim: Claim) => { event: Event, after: Claim }> = {
    began: claim => ({ event: { type: 'began', floor: 'hq-1', space: 'd1', claim }, after: claim }),
    disowned: claim => ({ event: { type: 'disowned', floor: 'hq-1', space: 'd1', claim: { ...claim, by: 'person' } }, after: { ...claim, by: 'person' } }),
    'checked-in': claim => ({ event: checkedIn(claim), after: { ...claim, life: present } }),
    changed: claim => ({ event: changed({ ...claim, to: NOW + 2 * HOUR }), after: { ...claim, to: NOW + 2 * HOUR } }),
    moved: claim => ({ event: movedTo(claim, { floor: 'hq-2', space: 'e1' }), after: { ...claim, floor: 'hq-2', space: 'e1' } }),
    ended: claim => ({ event: endedBy(claim), after: { ...claim, life: ended } })
  }
  for (const [type, tell] of Object.entries(told)) {
    await t.test(`a claim is as the event "${type}" left it, and keeps its hash`, async () => {
      const { org, record, entry } = openOffice(ledger)
      const claim = claimOf()
      const { event, after } = tell(claim)
      await record(entry([granted(claim, 'its hash')]))
      await record(entry([event]))
      assert.deepEqual(await ledger.claim(org, claim.id), { claim: after, hash: 'its hash' })
    })
  }

  await t.test('of several events of one claim in a batch the last counts', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf()
    await record(entry([granted(claim, 'its hash'), checkedIn(claim)]), entry([movedTo({ ...claim, life: present }, { floor: 'hq-2', space: 'e1' })]), entry([endedBy(claim)]))
    assert.deepEqual(await ledger.claim(org, claim.id), { claim: { ...claim, life: ended }, hash: 'its hash' })
  })

  await t.test('a block is there from its event until it is lifted, in one batch or several', async () => {
    const { record, entry, live } = openOffice(ledger)
    const [short, lasting] = [blockOf(), blockOf({ until: null, reason: null })]
    await record(entry([blocked('d1', short), blocked('d2', short), unblocked('d2'), blocked('d3', short)]), entry([blocked('d3', lasting)]))
    assert.deepEqual((await live()).spaces, [{ space: 'd1', block: short, reading: null }, { space: 'd3', block: lasting, reading: null }])
    await record(entry([unblocked('d1'), unblocked('d3'), blocked('d3', short)]))
    assert.deepEqual((await live()).spaces, [{ space: 'd3', block: short, reading: null }])
  })

  await t.test('a reading is there as it was last told', async () => {
    const { record, entry, live } = openOffice(ledger)
    const [first, last] = [readingOf(), readingOf({ value: 'vacant', at: NOW + 99, since: NOW + 99, staleAt: null, marks: false })]
    await record(entry([read('d1', first), read('d2', first)]), entry([read('d2', last)]))
    await record(entry([blocked('d1', blockOf())]))
    assert.deepEqual((await live()).spaces, [{ space: 'd1', block: blockOf(), reading: first }, { space: 'd2', block: null, reading: last }])
  })

  await t.test('every floor has the last seq that was recorded, also by entries that change nothing else', async () => {
    const { record, entry, live } = openOffice(ledger)
    await record(entry([{ type: 'planned', floor: 'hq-1', plan: 1, policy: 1 }, { type: 'placed', floor: 'hq-1', space: 'd1' }]), entry([granted(claimOf({ floor: 'hq-2' }))]))
    await record(entry([{ type: 'settled', floor: 'hq-1', space: 'd1' }]), entry([{ type: 'removed', floor: 'hq-1', space: 'd1' }, { type: 'placed', floor: 'hq-3', space: 'd9' }]))
    assert.deepEqual([...(await live()).seqs].sort(), [['hq-1', 3], ['hq-2', 1], ['hq-3', 1]])
  })

  await t.test('orgs of one shard do not mix, even where their ids are the same', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const other = orgIn(shard, 1)
    const [mine, theirs] = [claimOf(), claimOf({ by: 'them' })]
    const { quarantined } = await record(entry([granted(mine)]), entry([granted({ ...theirs, id: mine.id })], other), entry([read('d1', readingOf())], other))
    assert.deepEqual(quarantined, [])
    assert.equal((await ledger.claim(org, mine.id))?.claim.by, 'anna')
    assert.equal((await ledger.claim(other, mine.id))?.claim.by, 'them')
    assert.deepEqual((await ledger.orgs(shard)).map(one => [one.org, one.seqs.get('hq-1'), one.spaces.length]).sort(), [[org, 1, 0], [other, 2, 1]].sort())
  })

  await t.test('a claim that nobody granted here is looked up in vain', async () => {
    const { org } = openOffice(ledger)
    assert.equal(await ledger.claim(org, idAt(NOW)), null)
    assert.equal(await ledger.claim(org, 'not an id'), null)
  })

  await t.test('a batch of a thousand entries is recorded whole', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const claims = Array.from({ length: 1_000 }, (_, i) => claimOf({ space: `d${i}`, person: `p${i}` }))
    await record(...claims.map(claim => entry([granted(claim)])))
    assert.equal((await ledger.cursor(shard)).n, 1_000)
    assert.equal((await ledger.claimsToLoad(org, NOW, null, 2_000)).length, 1_000)
  })

  await t.test('an entry that does not follow on what is recorded of its floor is a gap, and nothing is written (INV-5)', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const claim = claimOf()
    await record(entry([granted(claim)]))
    const before = await ledger.cursor(shard)
    entry([checkedIn(claim)])
    const late = entry([endedBy(claim)])
    assert.deepEqual(await ledger.record(shard, before, [late]), { state: 'gap', n: 1, quarantined: [] })
    assert.deepEqual(await ledger.cursor(shard), before)
    assert.deepEqual((await ledger.claim(org, claim.id))?.claim, claim)
    assert.deepEqual(await ledger.record(shard, { ...before, n: 0 }, [late]), { state: 'moved' })
  })

  await t.test('the entries before a gap are recorded, and those behind it are not', async () => {
    const { org, shard, record, entry, live } = openOffice(ledger)
    const claim = claimOf()
    await record(entry([granted(claim)]))
    const [there, elsewhere] = [entry([checkedIn(claim)]), entry([granted(claimOf({ floor: 'hq-2', space: 'e1', person: 'bob' }))])]
    entry([{ type: 'settled', floor: 'hq-2', space: 'e1' }])
    const late = [entry([{ type: 'settled', floor: 'hq-2', space: 'e1' }]), entry([endedBy(claim)])]
    assert.deepEqual(await ledger.record(shard, await ledger.cursor(shard), [there, elsewhere, ...late]), { state: 'gap', n: elsewhere.n, quarantined: [] })
    assert.equal((await ledger.cursor(shard)).n, elsewhere.n)
    assert.deepEqual((await ledger.claim(org, claim.id))?.claim.life, present)
    assert.deepEqual([...(await live()).seqs].sort(), [['hq-1', 2], ['hq-2', 1]])
  })

  await t.test('claims are looked up many at a time', async () => {
    const { org, record, entry } = openOffice(ledger)
    const [one, two] = [claimOf(), claimOf({ space: 'd2', person: 'bob' })]
    await record(entry([granted(one, 'a')]), entry([granted(two, 'b')]))
    const found = await ledger.known(org, [two.id, idAt(NOW), 'not an id', one.id])
    assert.deepEqual(found.sort((a, b) => a.claim.id < b.claim.id ? -1 : 1), [{ claim: one, hash: 'a' }, { claim: two, hash: 'b' }])
    assert.deepEqual(await ledger.known(org, []), [])
  })
}
