import { test } from 'tap'
import assert from 'node:assert/strict'
import type { AuditNote } from '../../src/application/audit.ts'
import { LookUps } from '../../src/application/look-ups.ts'
import type { Principal } from '../../src/application/principal.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { HOUR } from '../../src/domain/time.ts'
import { until } from '../harness/wait.ts'
import { ADMIN, openBuilding, rowOfDesks, withSite } from '../stand-ins/building.ts'
import { HandClock } from '../stand-ins/clock.ts'

const MAX: Principal = { ...ADMIN, id: 'person:max', role: 'manager', person: 'max', site: 'hq' }

function scene () {
  const clock = new HandClock()
  const written: AuditNote[] = []
  const postgres = { away: false }
  const lookUps = new LookUps({
    clock,
    note: async (_, notes) => {
      if (postgres.away) throw new PerchError('LEDGER_BEHIND')
      written.push(...notes)
    },
    onTrouble () {}
  })
  return { clock, written, postgres, lookUps, seen: () => written.map(({ by, person, detail }) => [by, person, detail['what']]) }
}

test('who looked up whom is written down before the answer, once an hour', async () => {
  const { clock, lookUps, seen } = scene()
  await lookUps.looked(MAX, ['anna', 'max', 'ben', 'anna', '-'], 'claims')
  assert.deepEqual(seen(), [['person:max', 'anna', 'claims'], ['person:max', 'ben', 'claims']])
  await lookUps.looked(MAX, ['anna'], 'claims')
  await lookUps.looked(MAX, ['anna'], 'person')
  await lookUps.looked({ ...MAX, id: 'person:mo', person: 'mo' }, ['anna'], 'claims')
  assert.deepEqual(seen().slice(2), [['person:max', 'anna', 'person'], ['person:mo', 'anna', 'claims']])
  clock.pass(HOUR)
  await lookUps.looked(MAX, ['anna'], 'claims')
  assert.equal(seen().length, 5)
})

test('while Postgres is away look-ups wait, within bounds, and are written when it is back', async () => {
  const { clock, lookUps, postgres, seen } = scene()
  postgres.away = true
  await lookUps.looked(MAX, ['anna'], 'claims')
  await lookUps.looked(MAX, ['ben'], 'claims')
  assert.deepEqual([seen(), lookUps.waiting], [[], 2])
  await assert.rejects(lookUps.looked(MAX, Array.from({ length: 10_000 }, (_, i) => `p${i}`), 'claims'), { code: 'LEDGER_BEHIND' })
  postgres.away = false
  clock.pass(5_000)
  await until(() => lookUps.waiting === 0, { what: 'they are written' })
  assert.deepEqual(seen().map(([, person]) => person), ['anna', 'ben'])
  lookUps.close()
})

test('a person sees who looked at them or their claims, and not what others are asked', async t => {
  const building = await withSite(await openBuilding(t))
  const { admin, records, commands } = building
  await admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2']), { release: false })
  await admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna' }, { id: 'ben', name: 'Ben' }, { id: 'max', name: 'Max' }] })
  const anna: Principal = { ...ADMIN, id: 'person:anna', role: 'member', person: 'anna' }
  await commands.claim(anna, { id: building.newId(), space: 'd1', await: 'accepted' })
  await commands.claims(anna, {})
  await admin.person(anna, 'anna')
  assert.deepEqual((await records.lookUps(anna, {})).entries, [])
  await commands.claims(MAX, { floor: 'f1' })
  await admin.person(MAX, 'anna')
  await admin.person(MAX, 'ben')
  const { entries } = await records.lookUps(anna, {})
  assert.deepEqual(entries.map(({ by, person, detail }) => [by, person, detail['what']].join()).sort(), ['person:max,anna,claims', 'person:max,anna,person'])
  await assert.rejects(records.lookUps(ADMIN, {}), { code: 'FORBIDDEN' })
  await assert.rejects(records.audit(MAX, {}), { code: 'FORBIDDEN' })
})

test('each change of the directory is written down with it, and names nobody in what it tells', async t => {
  const building = await withSite(await openBuilding(t))
  const { admin, directory } = building
  await admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), { release: false })
  await admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna Annson', badges: ['04:A2'] }] })
  await admin.putMe({ ...ADMIN, id: 'person:anna', role: 'member', person: 'anna' }, { visibility: 'hidden' })
  await admin.putPin(ADMIN, 'anna', '4711')
  await admin.putPin(ADMIN, 'anna', null)
  await admin.putGroups(ADMIN, [{ id: 'sales', name: 'Sales' }])
  await admin.removePerson(ADMIN, 'anna')
  assert.deepEqual(directory.notes.map(({ action }) => action), ['org-put', 'site-put', 'floor-put', 'person-put', 'visibility-chosen', 'pin-set', 'pin-taken', 'group-put', 'person-removed'])
  assert.doesNotMatch(JSON.stringify(directory.notes.map(({ detail, what }) => [detail, what])), /anna|4711|04:A2/i)
})

test('a page of the audit goes on at its end, and a span that is too long is refused', async t => {
  const building = await withSite(await openBuilding(t))
  await building.archive.note('acme', Array.from({ length: 7 }, (_, i) => ({ at: building.clock.now() + i, by: 'key:x', action: 'org-put', person: null, what: String(i), detail: {} })))
  const first = await building.records.audit(ADMIN, { limit: 5 })
  assert.deepEqual(first.entries.map(({ what }) => what), ['6', '5', '4', '3', '2'])
  const second = await building.records.audit(ADMIN, { limit: 5, after: first.next ?? '' })
  assert.deepEqual([second.entries.map(({ what }) => what), second.next], [['1', '0'], null])
  await assert.rejects(building.records.audit(ADMIN, { after: 'x' }), { code: 'BAD_REQUEST' })
  await assert.rejects(building.records.audit(ADMIN, { from: 0 }), { code: 'BAD_REQUEST' })
})
