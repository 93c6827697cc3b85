import assert from 'node:assert/strict'
import type { Claim } from '../../../src/domain/claim.ts'
import { HOUR } from '../../../src/domain/time.ts'
import type { Suite } from '../ledger.ts'
import { NOW, blockOf, blocked, changed, checkedIn, claimOf, ended, endedBy, granted, movedTo, openOffice, orgIn, present } from './office.ts'

export const arbiter: Suite = async (t, { ledger }) => {
  const first = claimOf()

  /** Claims of others at the same time that must not stand beside `first`. */
  const rivals: Record<string, Partial<Claim>> = {
    'the same space at the same time': { person: 'bob' },
    'a part of its time on the same space': { person: 'bob', from: NOW + HOUR - 1_000, to: NOW + 9 * HOUR },
    'the whole of its time on the same space': { person: 'bob', from: NOW - HOUR, to: NOW + 9 * HOUR, sole: false },
    'another desk for the same person': { space: 'd2' }
  }
  for (const [what, other] of Object.entries(rivals)) {
    await t.test(`a claim to ${what} is set aside, and all else applied (INV-1, INV-2)`, async () => {
      const { org, shard, record, entry, live } = openOffice(ledger)
      const [mine, rival, after] = [{ ...first }, claimOf(other), claimOf({ space: 'd9', person: 'carl' })]
      const before = entry([granted(mine)])
      const refused = entry([blocked('d7', blockOf()), granted(rival)])
      const { quarantined } = await record(before, refused, entry([granted(after)]), entry([checkedIn(mine)]))
      assert.deepEqual(quarantined, [{ n: refused.n, org, claims: [rival] }])
      assert.deepEqual((await ledger.claim(org, mine.id))?.claim.life, present)
      assert.notEqual(await ledger.claim(org, after.id), null)
      assert.deepEqual((await ledger.cursor(shard)).n, 4)
      assert.deepEqual((await live()).seqs.get('hq-1'), 4, 'the seq of the entry set aside counts')
      assert.deepEqual((await live()).spaces, [], 'no part of the entry is applied')
    })
  }

  /** Claims that may stand beside `first`. */
  const neighbours: Record<string, Partial<Claim>> = {
    'right behind it on the same space': { person: 'bob', from: NOW + HOUR, to: NOW + 2 * HOUR },
    'right before it for the same person': { space: 'd2', from: NOW - HOUR, to: NOW },
    'another kind of space for the same person': { space: 'p1', kind: 'parking' },
    'a second desk where the policy allows several': { space: 'd2', sole: false },
    'the same space, but ended': { person: 'bob', life: ended }
  }
  for (const [what, other] of Object.entries(neighbours)) {
    await t.test(`a claim to ${what} stands beside the first`, async () => {
      const { org, record, entry } = openOffice(ledger)
      const claim = claimOf(other)
      assert.deepEqual((await record(entry([granted({ ...first })]), entry([granted(claim, 'hash')]))).quarantined, [])
      assert.deepEqual(await ledger.claim(org, claim.id), { claim, hash: 'hash' })
    })
  }

  await t.test('another org may have the same ids at the same time', async () => {
    const { shard, record, entry } = openOffice(ledger)
    assert.deepEqual((await record(entry([granted(claimOf())]), entry([granted(claimOf())], orgIn(shard, 1)))).quarantined, [])
  })

  await t.test('claims that swap their spaces in one batch are no violation, in one entry or in two', async () => {
    const { org, record, entry } = openOffice(ledger)
    const [anna, bob] = [claimOf(), claimOf({ space: 'd2', person: 'bob' })]
    const [annaThere, bobThere] = [{ ...anna, space: 'd2' }, { ...bob, space: 'd1' }]
    await record(entry([granted(anna)]), entry([granted(bob)]))
    assert.deepEqual((await record(entry([movedTo(anna, annaThere), movedTo(bob, bobThere)]))).quarantined, [])
    assert.equal((await ledger.claim(org, anna.id))?.claim.space, 'd2')
    assert.deepEqual((await record(entry([movedTo(annaThere, anna)]), entry([movedTo(bobThere, bob)]))).quarantined, [])
    assert.equal((await ledger.claim(org, anna.id))?.claim.space, 'd1')
    assert.equal((await ledger.claim(org, bob.id))?.claim.space, 'd2')
  })

  await t.test('a space passes from one claim to the next within a batch, and from batch to batch', async () => {
    const { record, entry } = openOffice(ledger)
    const [anna, bob, carl] = ['anna', 'bob', 'carl'].map(person => claimOf({ person }))
    assert.ok(anna && bob && carl)
    assert.deepEqual((await record(entry([granted(anna)]), entry([endedBy(anna)]), entry([granted(bob)]))).quarantined, [])
    assert.deepEqual((await record(entry([endedBy(bob)]), entry([granted(carl)]))).quarantined, [])
  })

  await t.test('a claim that would be moved or lengthened onto another stays as it was', async () => {
    const { org, record, entry } = openOffice(ledger)
    const [anna, bob, later] = [claimOf(), claimOf({ space: 'd2', person: 'bob' }), claimOf({ space: 'd2', person: 'carl', from: NOW + HOUR, to: NOW + 2 * HOUR })]
    await record(entry([granted(anna)]), entry([granted(bob)]), entry([granted(later)]))
    const move = entry([movedTo(anna, { floor: 'hq-1', space: 'd2' })])
    const longer = entry([changed({ ...bob, to: NOW + 90 * 60_000 })])
    const { quarantined } = await record(move, longer, entry([checkedIn(later)]))
    assert.deepEqual(quarantined.map(one => [one.n, one.claims.map(claim => claim.id)]), [[move.n, [anna.id]], [longer.n, [bob.id]]])
    assert.deepEqual((await ledger.claim(org, anna.id))?.claim, anna)
    assert.deepEqual((await ledger.claim(org, bob.id))?.claim, bob)
    assert.deepEqual((await ledger.claim(org, later.id))?.claim.life, present)
  })

  await t.test('of an entry set aside those claims are given that hold something, each once, as it left them', async () => {
    const { record, entry } = openOffice(ledger)
    const [rival, fellow, over] = [claimOf({ person: 'bob' }), claimOf({ space: 'd5', person: 'carl' }), claimOf({ space: 'd6', person: 'dora' })]
    await record(entry([granted({ ...first })]))
    const { quarantined } = await record(entry([granted(rival), checkedIn(rival), granted(fellow), granted(over), endedBy(over)]))
    assert.deepEqual(quarantined[0]?.claims, [{ ...rival, life: present }, fellow])
  })

  await t.test('a claim that was set aside is not there as a right, and its revocation is recorded', async () => {
    const { org, record, entry } = openOffice(ledger)
    const rival = claimOf({ person: 'bob' })
    await record(entry([granted({ ...first })]), entry([granted(rival, 'its hash')]))
    assert.notEqual((await ledger.claim(org, rival.id))?.claim.life.state, 'booked')
    const revoked = { ...rival, life: { state: 'ended', at: NOW + 5_000, why: 'revoked' } } as const
    assert.deepEqual((await record(entry([endedBy(rival, revoked.life)]))).quarantined, [])
    assert.deepEqual((await ledger.claim(org, rival.id))?.claim, revoked)
  })

  await t.test('what was set aside is told in order until it is said to be revoked', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const [one, two] = [claimOf({ person: 'bob' }), claimOf({ person: 'carl' })]
    await record(entry([granted({ ...first })]), entry([granted(one)]), entry([granted(claimOf({ space: 'd9', person: 'dora' }))]), entry([granted(two)]))
    const aside = [{ stream: 0, n: 2, org, claims: [one] }, { stream: 0, n: 4, org, claims: [two] }]
    assert.deepEqual(await ledger.setAside(shard, 10), aside)
    assert.deepEqual(await ledger.setAside(shard, 1), aside.slice(0, 1))
    await ledger.revoked(shard, { stream: 0, n: 3 })
    assert.deepEqual(await ledger.setAside(shard, 10), aside.slice(1))
    await ledger.revoked(shard, { stream: 1, n: 0 })
    await ledger.revoked(shard, { stream: 1, n: 0 })
    assert.deepEqual(await ledger.setAside(shard, 10), [])
  })

  const unsound: Record<string, Partial<Claim>> = {
    'a character that no text may hold': { by: 'an\u0000na' },
    'an end before its beginning': { to: NOW - HOUR },
    'a moment that no calendar has': { to: 9e17 },
    'an id that is none': { id: 'c1' }
  }
  for (const [what, other] of Object.entries(unsound)) {
    await t.test(`a claim with ${what} is set aside, and does not hold up the others`, async () => {
      const { org, shard, record, entry } = openOffice(ledger)
      const [bad, good] = [entry([granted(claimOf({ space: 'd2', person: 'bob', ...other }))]), claimOf()]
      assert.deepEqual((await record(bad, entry([granted(good)]))).quarantined.map(one => one.n), [bad.n])
      assert.notEqual(await ledger.claim(org, good.id), null)
      assert.equal((await ledger.cursor(shard)).n, 2)
    })
  }

  await t.test('a recorder that comes too late with a violation finds the cursor moved', async () => {
    const { shard, record, entry } = openOffice(ledger)
    const before = await ledger.cursor(shard)
    await record(entry([granted({ ...first })]))
    assert.deepEqual(await ledger.record(shard, before, [entry([granted(claimOf({ person: 'bob' }))])]), { state: 'moved' })
  })
}
