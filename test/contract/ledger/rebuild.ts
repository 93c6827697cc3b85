import assert from 'node:assert/strict'
import { DAY, HOUR } from '../../../src/domain/time.ts'
import type { ClaimLife } from '../../../src/domain/claim.ts'
import type { Suite } from '../ledger.ts'
import { NOW, claimOf, ended, granted, idAt, openOffice } from './office.ts'

export const rebuild: Suite = async (t, { ledger, directory }) => {
  await t.test('a shard has the orgs that hash to it and no others, also those without a commit', async () => {
    const [one, other] = [openOffice(ledger), openOffice(ledger)]
    await directory.putOrg({ id: one.org, name: 'One', policy: {} })
    await other.record(other.entry([granted(claimOf())]))
    assert.deepEqual(await ledger.orgs(one.shard), [{ org: one.org, seqs: new Map(), spaces: [] }])
    assert.deepEqual((await ledger.orgs(other.shard)).map(found => found.org), [other.org])
  })

  await t.test('an active claim is loaded, however old its id', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf({ id: idAt(NOW - 40 * DAY) })
    await record(entry([granted(claim, 'its hash')]))
    assert.deepEqual(await ledger.claimsToLoad(org, NOW, null, 10), [{ claim, hash: 'its hash' }])
  })

  const endings: Record<string, { id: number, at: number, known: boolean }> = {
    'is known until eight days after its id': { id: NOW - 8 * DAY + 1, at: NOW - 7 * DAY, known: true },
    'is forgotten eight days after its id': { id: NOW - 8 * DAY, at: NOW - 7 * DAY, known: false },
    'whose id is old is forgotten at its end': { id: NOW - 20 * DAY, at: NOW, known: false },
    'whose id is old is known until its end': { id: NOW - 20 * DAY, at: NOW + 1, known: true }
  }
  for (const [what, { id, at, known }] of Object.entries(endings)) {
    await t.test(`an ended claim ${what}`, async () => {
      const { org, record, entry } = openOffice(ledger)
      const life: ClaimLife = { state: 'ended', at, why: 'over' }
      await record(entry([granted(claimOf({ id: idAt(id), from: at - HOUR, to: at, life }))]))
      assert.equal((await ledger.claimsToLoad(org, NOW, null, 10)).length, known ? 1 : 0)
    })
  }

  await t.test('pages of claims follow each other in the order of ids, without a gap or a double', async () => {
    const { org, record, entry } = openOffice(ledger)
    const ages = [0, 1, 2, 7, 9, 10, 30, 40].flatMap(days => [days * DAY, days * DAY + 1])
    const claims = ages.map((age, i) => claimOf({ id: idAt(NOW - age), space: `d${i}`, person: `p${i}`, ...(i % 4 === 3 && { life: ended }) }))
    await record(...claims.map(claim => entry([granted(claim)])))
    const all = (await ledger.claimsToLoad(org, NOW, null, 100)).map(one => one.claim.id)
    assert.deepEqual(all, [...all].sort())
    assert.equal(all.length, claims.length, 'ended in an hour: all are known')
    for (const limit of [1, 3, 16]) {
      const paged: string[] = []
      for (;;) {
        const page = await ledger.claimsToLoad(org, NOW, paged.at(-1) ?? null, limit)
        assert.ok(page.length <= limit)
        if (page.length === 0) break
        paged.push(...page.map(one => one.claim.id))
      }
      assert.deepEqual(paged, all)
    }
  })
}
