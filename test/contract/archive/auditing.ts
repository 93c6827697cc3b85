import assert from 'node:assert/strict'
import type { AuditEntry, AuditNote, AuditQuery } from '../../../src/application/audit.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { DAY } from '../../../src/domain/time.ts'
import { newOrg, newSite, personOf, floorOf } from '../directory/office.ts'
import { blocked, blockOf, claimOf, endedBy, granted, movedTo, NOW, openOffice, read, readingOf } from '../ledger/office.ts'
import type { Opened, Suite } from '../archive.ts'

export const noteOf = (action: AuditNote['action'], other: Partial<AuditNote> = {}): AuditNote => ({ at: NOW, by: 'person:max', action, person: null, what: null, detail: {}, ...other })

/** All that is audited in the org, newest first, without its keys. */
export async function auditOf ({ archive }: Pick<Opened, 'archive'>, org: string, asked: Partial<AuditQuery> = {}): Promise<Array<Omit<AuditEntry, 'key'>>> {
  const entries = await archive.audit(org, { from: 0, to: NOW + 365 * DAY, before: null, limit: 500, ...asked })
  return entries.map(({ key, ...entry }) => entry)
}

const actions = (entries: ReadonlyArray<Pick<AuditEntry, 'action'>>): string[] => entries.map(({ action }) => action)

export const auditing: Suite = async (t, opened) => {
  const { archive, directory, ledger, pool } = opened

  await t.test('a change of the directory and what is noted of it are one', async () => {
    const org = await newSite(directory)
    await directory.noting([noteOf('person-put', { person: 'anna', detail: { visibility: 'hidden' } })]).putPeople(org, [personOf('anna')])
    await directory.noting([noteOf('floor-put', { at: NOW + 1, by: 'key:admin', what: 'hq-1', detail: { revision: 1 } })]).putFloor(org, floorOf(), 0)
    const rest = { claim: null, space: null, floor: null }
    assert.deepEqual(await auditOf(opened, org), [
      { ...rest, at: NOW + 1, by: 'key:admin', action: 'floor-put', person: null, what: 'hq-1', detail: { revision: 1 } },
      { ...rest, at: NOW, by: 'person:max', action: 'person-put', person: 'anna', what: null, detail: { visibility: 'hidden' } }
    ])
    await assert.rejects(directory.noting([noteOf('floor-put', { at: NOW + 2 })]).putFloor(org, floorOf(), 7), (error: unknown) => error instanceof PerchError && error.code === 'PLAN_CHANGED')
    await assert.rejects(directory.noting([noteOf('person-put', { at: NOW + 2 })]).putPeople(org, [personOf('x', { name: '\u0000' })]))
    assert.equal(await directory.noting([noteOf('visibility-chosen', { at: NOW + 2 })]).setVisibility(org, 'nobody', 'hidden'), false)
    assert.equal((await auditOf(opened, org)).length, 2)
  })

  await t.test('commits are audited by their events, once, and by whom and for whom', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf({ person: 'bea', by: 'person:max' })
    const one = { ...entry([granted(claim), read('d9', readingOf())]) }
    one.entry = { ...one.entry, by: 'person:max' }
    await record(one, entry([movedTo(claim, { floor: 'hq-2', space: 'e1' })]), entry([endedBy(claim), blocked('d2', blockOf({ by: 'person:max' }))]))
    const entries = await auditOf(opened, org)
    assert.deepEqual(actions(entries).sort(), ['blocked', 'ended', 'granted', 'moved'])
    assert.deepEqual(entries.at(-1), { at: NOW + 1, by: 'person:max', action: 'granted', person: 'bea', claim: claim.id, space: 'd1', floor: 'hq-1', what: null, detail: {} })
    assert.deepEqual(entries.find(({ action }) => action === 'ended')?.detail, { why: 'released' })
    assert.deepEqual(actions(await auditOf(opened, org, { claim: claim.id, floor: 'hq-2' })), ['moved'])
    assert.deepEqual(actions(await auditOf(opened, org, { space: 'd2' })), ['blocked'])
    assert.deepEqual(actions(await auditOf(opened, org, { action: 'granted', person: 'max' })), ['granted'])
    assert.deepEqual(actions(await auditOf(opened, org, { action: 'granted', about: 'max' })), [])
  })

  await t.test('no table of events or audit has anybody\'s id in it', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf({ person: 'secretperson', by: 'person:secretperson' })
    const one = { ...entry([granted(claim), blocked('d2', blockOf({ by: 'person:secretperson' }))]) }
    one.entry = { ...one.entry, by: 'person:secretperson' }
    await record(one)
    await archive.note(org, [noteOf('looked-up', { by: 'person:secretperson', person: 'secretperson' })])
    for (const table of ['events', 'audit']) {
      const { rows } = await pool.query<{ text: string }>(`select t::text as text from perch.${table} t where org = $1`, [org])
      assert.ok(rows.length > 0)
      for (const { text } of rows) assert.doesNotMatch(text, /secretperson/)
    }
  })

  await t.test('pages go on where the one before ended, also among entries of one moment', async () => {
    const org = await newOrg(directory)
    await archive.note(org, Array.from({ length: 25 }, (_, i) => noteOf('looked-up', { at: NOW + (i >> 3), person: `p${i}` })))
    const seen: Array<string | null> = []
    for (let before: AuditQuery['before'] = null; ;) {
      const page: AuditEntry[] = await archive.audit(org, { from: NOW, to: NOW + 10, before, limit: 4 })
      seen.push(...page.map(({ person }) => person))
      before = page.at(-1) ?? null
      if (page.length < 4) break
    }
    assert.deepEqual(seen, Array.from({ length: 25 }, (_, i) => `p${24 - i}`))
    assert.deepEqual(await archive.audit(org, { from: NOW + 4, to: NOW + 10, before: null, limit: 9 }), [])
    assert.deepEqual(actions(await auditOf(opened, org, { about: 'p7', action: 'looked-up' })), ['looked-up'])
  })

  await t.test('one org\'s audit is not another\'s', async () => {
    const [org, other] = [await newOrg(directory), await newOrg(directory)]
    await archive.note(org, [noteOf('looked-up', { person: 'anna' })])
    assert.deepEqual([await auditOf(opened, other), await auditOf(opened, other, { about: 'anna' })], [[], []])
  })

  await t.test('nothing that was written down can be changed or taken away', async () => {
    const { org, record, entry } = openOffice(ledger)
    await record(entry([granted(claimOf())]))
    await archive.note(org, [noteOf('looked-up')])
    for (const statement of [
      'delete from perch.audit', 'truncate perch.audit', "update perch.audit set by = 'x'", 'delete from perch.events', "update perch.events set by = 'x'", "update perch.events set type = 'ended'",
      "update perch.events set body = '{}'"
    ]) await assert.rejects(pool.query(statement), { code: '42501' }, statement)
  })
}
