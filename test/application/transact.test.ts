import { test } from 'tap'
import assert from 'node:assert/strict'
import { PerchError } from '../../src/domain/errors.ts'
import type { ClaimSpace } from '../../src/domain/command.ts'
import { HOUR } from '../../src/domain/time.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import { ADMIN, openBuilding, ORG, rowOfDesks, withSite, type Building } from '../stand-ins/building.ts'
import type { Cleanup } from '../harness/cleanup.ts'

/** Two nodes that know the same desk and its day. */
async function twoNodes (t: Cleanup): Promise<readonly [Building, Building]> {
  const first = await openBuilding(t)
  await withSite(first)
  await first.admin.putFloor(ADMIN, 'hq-1', rowOfDesks(['d1']), { release: false })
  const second = await openBuilding(t, first)
  await first.transact(ORG, claim(first, 'ann', 1), { site: 'hq' }, 'test')
  await second.transact(ORG, claim(second, 'bob', 2), { site: 'hq' }, 'test')
  return [first, second]
}

/** The desk for an hour of tomorrow. */
function claim (building: Building, person: string, hour: number): ClaimSpace {
  const from = Math.floor(building.clock.now() / HOUR) * HOUR + 24 * HOUR + hour * HOUR
  return {
    type: 'claim',
    id: building.newId(),
    hash: person,
    space: 'd1',
    person: { id: person, name: person, visibility: 'everyone', groups: [] },
    by: 'test',
    from,
    to: from + HOUR,
    checkIn: false,
    eligible: []
  }
}

test('who finds after a conflict that the space is gone is refused without asking the guard', async t => {
  const [first, second] = await twoNodes(t)
  let asked = 0
  await second.transact(ORG, claim(second, 'eve', 3), { site: 'hq' }, 'test')
  await assert.rejects(first.transact(ORG, claim(first, 'dan', 3), { site: 'hq' }, 'test', { onConflict: async () => { asked++ } }), (error: unknown) => {
    return error instanceof PerchError && error.code === 'SPACE_TAKEN'
  })
  assert.equal(asked, 0)
})

test('who would commit again after a conflict asks the guard once, before it does', async t => {
  const [first, second] = await twoNodes(t)
  let asked = 0
  await second.transact(ORG, claim(second, 'eve', 3), { site: 'hq' }, 'test')
  const interfere = async () => {
    asked++
    // Even under the lock somebody may come in between: the next commit finds out (INV-3).
    await second.transact(ORG, claim(second, 'kim', 5), { site: 'hq' }, 'test')
  }
  const { outcome } = await first.transact(ORG, claim(first, 'dan', 4), { site: 'hq' }, 'test', { onConflict: interfere })
  assert.equal(outcome.claim?.person, 'dan')
  assert.equal(asked, 1)
})

for (let nth = 1; nth <= 4; nth++) {
  test(`who checks in a claim that is released after their node's read number ${nth} hears that it has ended`, async t => {
    const here = await withSite(await openBuilding(t))
    await here.admin.putPeople(ADMIN, { people: [{ id: 'ada', name: 'Ada' }] })
    await here.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), { release: false })
    const { claim } = await here.commands.claim(ADMIN, { id: here.newId(), space: 'd1', person: 'ada', await: 'accepted' })

    const faulty = new FaultyStore(here.store)
    const there = await openBuilding(t, { ...here, store: faulty.store })
    faulty.afterRead = async () => { if (faulty.reads === nth) await here.commands.release(ADMIN, claim.id, 'accepted') }
    await assert.rejects(there.commands.checkIn(ADMIN, claim.id, 'accepted'), (error: unknown) => error instanceof PerchError && error.code === 'CLAIM_ENDED')
  })
}
