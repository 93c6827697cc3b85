import assert from 'node:assert/strict'
import { NOBODY } from '../../../src/domain/nobody.ts'
import { DAY, HOUR } from '../../../src/domain/time.ts'
import { blocked, blockOf, claimOf, endedBy, granted, idAt, NOW, openOffice } from '../ledger/office.ts'
import type { Suite } from '../archive.ts'
import { auditOf, noteOf } from './auditing.ts'

export const erasing: Suite = async (t, opened) => {
  const { archive, ledger, pool } = opened

  await t.test('traces are what the live state may know: by id, in pages', async () => {
    const { org, record, entry } = openOffice(ledger)
    const own = claimOf({ person: 'anna', by: 'key:x', from: NOW + HOUR, to: NOW + 2 * HOUR })
    const others = claimOf({ person: 'bea', by: 'person:anna', space: 'd2' })
    const ended = claimOf({ person: 'anna', by: 'person:anna', space: 'd3' })
    const old = claimOf({ id: idAt(NOW - 20 * DAY), person: 'anna', from: NOW - 20 * DAY, to: NOW - 19 * DAY, space: 'd4' })
    const nobodys = claimOf({ person: 'cy', by: 'person:cy', space: 'd5' })
    await record(
      ...[own, others, ended, old, nobodys].map(claim => entry([granted(claim)])), entry([endedBy(ended)]), entry([endedBy(old, { state: 'ended', at: old.to, why: 'over' })]),
      entry([blocked('d6', blockOf({ by: 'person:anna' })), blocked('d7', blockOf({ by: 'person:bea' }))])
    )
    const wanted = [own, others, ended].map(({ id }) => id).sort()
    assert.deepEqual(await archive.traces(org, 'anna', NOW, { after: null, limit: 10 }), { claims: wanted, spaces: ['d6'] })
    assert.deepEqual((await archive.traces(org, 'anna', NOW, { after: null, limit: 2 })).claims, wanted.slice(0, 2))
    assert.deepEqual((await archive.traces(org, 'anna', NOW, { after: wanted[1] ?? '', limit: 2 })).claims, wanted.slice(2))
  })

  await t.test('afterwards no column of any table has the person, active claims of others stay, and figures stay', async () => {
    const { org, record, entry } = openOffice(ledger)
    const who = 'gonewiththewind'
    const own = claimOf({ id: idAt(NOW - 20 * DAY), person: who, by: `person:${who}`, from: NOW - 20 * DAY, to: NOW - 19 * DAY })
    const others = claimOf({ person: 'bea', by: `person:${who}`, space: 'd2' })
    await record(entry([granted(own)]), entry([endedBy(own, { state: 'ended', at: own.to, why: 'over' })]), entry([granted(others)]), entry([blocked('d6', blockOf({ by: `person:${who}` }))]))
    await archive.note(org, [noteOf('looked-up', { person: who }), noteOf('looked-up', { by: `person:${who}`, person: 'bea' })])
    await pool.query(`
      insert into perch.events (org, floor, at, epoch, seq, idx, n, type, space, claim, by, body)
      values ($1, 'hq-1', $2, 0, 900, 0, 900, 'granted', 'd1', null, 'person:${who}', '{"claim": {"person": "${who}"}}')`, [org, new Date(NOW - DAY).toISOString()])
    await pool.query("insert into perch.quarantine (org, shard, epoch, n, reason, entry, revoked_at) values ($1, 0, 0, 1, 'x', $2, now())", [org, JSON.stringify({ person: who })])
    const count = (await auditOf(opened, org)).length
    const done = await archive.erase(org, who)
    assert.deepEqual([done.claims, done.events, done.quarantined], [2, 1, 1])
    for (const { name } of (await pool.query<{ name: string }>("select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'perch'")).rows) {
      const { rows } = await pool.query<{ text: string }>(`select t::text as text from ${name} t`)
      for (const { text } of rows) assert.ok(!text.includes(who), `${name}: ${text}`)
    }
    assert.equal((await ledger.claim(org, own.id))?.claim.person, NOBODY)
    assert.deepEqual([(await ledger.claim(org, others.id))?.claim.person, (await ledger.claim(org, others.id))?.claim.by], ['bea', 'person'])
    assert.equal((await auditOf(opened, org)).length, count, 'what happened is still told')
    assert.deepEqual((await archive.erase(org, who)), { subjects: 0, claims: 0, events: 0, quarantined: 0 })
  })
}
