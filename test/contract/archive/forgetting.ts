import assert from 'node:assert/strict'
import type { Forgotten } from '../../../src/application/archive.ts'
import { NOBODY } from '../../../src/domain/nobody.ts'
import { DAY, HOUR, type Millis } from '../../../src/domain/time.ts'
import { claimOf, endedBy, granted, idAt, NOW, openOffice } from '../ledger/office.ts'
import type { Opened, Suite } from '../archive.ts'
import { auditOf, noteOf } from './auditing.ts'

/** Midnight so many days ago. */
const midnight = (days: number): Millis => Math.floor(NOW / DAY) * DAY - days * DAY

/** Steps until there is nothing left to do; all that they did, and how many they were. */
async function forgetAll ({ archive }: Opened, org: string, until: Millis, limit = 100): Promise<Omit<Forgotten, 'left'> & { steps: number }> {
  const sum = { subjects: 0, claims: 0, events: 0, quarantined: 0, steps: 0 }
  for (let left = true; left;) {
    const step = await archive.forget(org, until, NOW, limit)
    for (const part of ['subjects', 'claims', 'events', 'quarantined'] as const) sum[part] += step[part]
    sum.steps++
    left = step.left
  }
  return sum
}

export const forgetting: Suite = async (t, opened) => {
  const { archive, ledger, pool } = opened

  /** A claim of that person, made and ended so many days ago. */
  const past = (days: number, person: string) => claimOf({ id: idAt(NOW - days * DAY), from: NOW - days * DAY, to: NOW - days * DAY + HOUR, createdAt: NOW - days * DAY, person, by: `person:${person}` })

  await t.test('what is older than that is nobody\'s any more, and what is younger and what is active stays', async () => {
    const { org, record, entry } = openOffice(ledger)
    const [old, young, active] = [past(40, 'anna'), past(20, 'anna'), claimOf({ person: 'anna', by: 'person:anna' })]
    for (const claim of [old, young]) {
      const at = claim.from
      for (const event of [granted(claim, 'a hash'), endedBy(claim, { state: 'ended', at: at + HOUR, why: 'released' })]) {
        const made = entry([event])
        await record({ ...made, entry: { ...made.entry, at, by: 'person:anna' } })
      }
    }
    await record(entry([granted(active)]))
    await archive.note(org, [noteOf('looked-up', { at: old.from, person: 'anna' }), noteOf('looked-up', { person: 'anna' })])
    const counted = async () => (await pool.query('select floor, space, kind, from_at, to_at, state, why from perch.claims where org = $1 order by id', [org])).rows
    const before = await counted()
    const done = await forgetAll(opened, org, midnight(30))
    assert.deepEqual([done.subjects, done.claims], [2, 1])
    assert.deepEqual(await counted(), before, 'figures stay')
    const claims = await Promise.all([old, young, active].map(async ({ id }) => await ledger.claim(org, id)))
    assert.deepEqual(claims.map(known => [known?.claim.person, known?.claim.by, known?.hash]), [[NOBODY, 'person', ''], ['anna', 'person:anna', 'a hash'], ['anna', 'person:anna', 'h']])
    const audit = await auditOf(opened, org)
    assert.deepEqual(audit.filter(({ at }) => at < midnight(30)).map(({ by, person }) => [by, person]), [['person', null], ['person', null], ['person', null]])
    assert.ok(audit.filter(({ at }) => at >= midnight(30)).every(({ person }) => person === 'anna'))
    assert.deepEqual((await pool.query('select 1 from perch.subjects where org = $1 and day < $2', [org, midnight(30) / DAY])).rows, [])
  })

  await t.test('done again it finds nothing, and says on which day it was done', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = past(40, 'anna')
    await record(entry([granted(claim)]), entry([endedBy(claim, { state: 'ended', at: claim.to, why: 'over' })]))
    assert.equal(await archive.forgottenUntil(org), null)
    assert.equal((await forgetAll(opened, org, midnight(30))).claims, 1)
    const { steps, ...again } = await forgetAll(opened, org, midnight(30))
    assert.deepEqual(again, { subjects: 0, claims: 0, events: 0, quarantined: 0 })
    assert.deepEqual(await archive.forgottenUntil(org), { until: midnight(30), day: Math.floor(NOW / DAY) })
  })

  await t.test('a claim that is recorded late is forgotten by the next time', async () => {
    const { org, record, entry } = openOffice(ledger)
    await forgetAll(opened, org, midnight(30))
    const late = past(35, 'anna')
    await record(entry([granted(late)]), entry([endedBy(late, { state: 'ended', at: late.to, why: 'over' })]))
    assert.equal((await forgetAll(opened, org, midnight(29))).claims, 1)
  })

  await t.test('steps are small, and many of them come to the same', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claims = Array.from({ length: 23 }, (_, i) => past(60 - i, `p${i % 5}`))
    for (const claim of claims) await record(entry([granted(claim)]), entry([endedBy(claim, { state: 'ended', at: claim.to, why: 'over' })]))
    const done = await forgetAll(opened, org, midnight(30), 2)
    assert.equal(done.claims, 23)
    assert.ok(done.steps >= 12, `${done.steps} steps`)
    for (const { id } of claims) assert.equal((await ledger.claim(org, id))?.claim.person, NOBODY)
  })

  await t.test('no claim whose id must still be known loses its person (INV-4)', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf({ id: idAt(NOW - 7 * DAY), person: 'anna', from: NOW - 10 * DAY, to: NOW - 9 * DAY, createdAt: NOW - 10 * DAY })
    await record(entry([granted(claim)]), entry([endedBy(claim, { state: 'ended', at: claim.to, why: 'over' })]))
    assert.equal((await forgetAll(opened, org, midnight(8))).claims, 0)
    assert.equal((await ledger.claim(org, claim.id))?.claim.person, 'anna')
  })

  await t.test('people whom an earlier release named in its events are taken out of them', async () => {
    const { org, record, entry } = openOffice(ledger)
    await record(entry([granted(claimOf())]))
    const at = new Date(NOW - 40 * DAY).toISOString()
    await pool.query(`
      insert into perch.events (org, floor, at, epoch, seq, idx, n, type, space, claim, by, body) values
      ($1, 'hq-1', $2, 0, 900, 0, 900, 'granted', 'd1', null, 'person:anna', '{"claim": {"id": "x", "person": "anna", "by": "person:anna", "from": 1}}'),
      ($1, 'hq-1', $2, 0, 901, 0, 901, 'blocked', 'd1', null, 'key:admin', '{"block": {"since": 1, "by": "person:anna"}}')`, [org, at])
    assert.equal((await forgetAll(opened, org, midnight(30))).events, 2)
    const { rows } = await pool.query('select by, body from perch.events where org = $1 and seq >= 900 order by seq', [org])
    assert.deepEqual(rows, [{ by: 'person', body: { claim: { id: 'x', by: 'person', from: 1 } } }, { by: 'key:admin', body: { block: { since: 1, by: 'person' } } }])
  })
}
