import { test } from 'tap'
import assert from 'node:assert/strict'
import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { migrate } from '../../src/adapters/postgres/migrate.ts'
import { openPool } from '../../src/adapters/postgres/pool.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'
import { ADMIN, openBuildingOn, rowOfDesks, withSite } from '../stand-ins/building.ts'

const KEEP = { release: false }

async function openOnPostgres (t: Cleanup) {
  const pool = openPool({ connection: await freshDatabase(t, await sharedPostgres()), max: 4, statementTimeoutMs: 10_000, onError () {} })
  t.after(async () => { await pool.end() })
  await migrate(pool)
  return await withSite(await openBuildingOn(t, createDirectory(pool)))
}

test('over Postgres the same floor again changes nothing, whatever the order of its members', async t => {
  const { admin } = await openOnPostgres(t)
  const body = {
    ...rowOfDesks(['d1', 'd2']),
    zones: [{ id: 'north', name: 'North', for: { people: ['anna'] } }],
    spaces: [{ kind: 'desk' as const, label: 'One', id: 'd1', zone: 'north', features: ['monitor', 'standing'], for: { groups: ['sales'] } }, { id: 'd2', label: 'Two', kind: 'room' as const }]
  }
  await admin.putFloor(ADMIN, 'f1', body, KEEP)
  const { floor, created } = await admin.putFloor(ADMIN, 'f1', body, KEEP)
  assert.deepEqual([created, floor.revision], [false, 1])
  assert.equal((await admin.putFloor(ADMIN, 'f1', { ...body, name: 'Ground floor' }, KEEP)).floor.revision, 2)
})

test('over Postgres spaces go and come back under their ids, on their floor alone', async t => {
  const { admin } = await openOnPostgres(t)
  await admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2']), KEEP)
  assert.deepEqual((await admin.putFloor(ADMIN, 'f1', rowOfDesks(['d2']), KEEP)).removed, ['d1'])
  await assert.rejects(admin.putFloor(ADMIN, 'f2', rowOfDesks(['d1']), KEEP), { code: 'PLAN_INVALID' })
  const { floor } = await admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2']), KEEP)
  assert.deepEqual([floor.revision, floor.removed], [3, []])
})

test('over Postgres a badge that somebody else has is refused', async t => {
  const { admin } = await openOnPostgres(t)
  await admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna', badges: ['1'] }] })
  await assert.rejects(admin.putPerson(ADMIN, 'ben', { name: 'Ben', badges: ['1'] }), { code: 'BAD_REQUEST' })
  await admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna', badges: [] }, { id: 'ben', name: 'Ben', badges: ['1'] }] })
  assert.equal((await admin.person(ADMIN, 'ben')).badges, 1)
})

test('over Postgres a new policy makes a new revision, and the same policy again does not', async t => {
  const { admin } = await openOnPostgres(t)
  const revision = async () => (await admin.org(ADMIN)).policyRevision
  const before = await revision()
  await admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Europe/Berlin', policy: { minStayMs: 1 } })
  await admin.putSite(ADMIN, 'hq', { name: 'HQ', zone: 'Europe/Berlin', policy: { minStayMs: 1 } })
  assert.equal(await revision(), before + 1)
})

test('over Postgres names that it cannot keep are refused, not broken', async t => {
  const { admin } = await openOnPostgres(t)
  await assert.rejects(admin.putPerson(ADMIN, 'anna', { name: 'A\u0000na' }), { code: 'BAD_REQUEST' })
  const odd = '\u202eanna \ud83d\ude00 \u00df \u0130'
  assert.equal((await admin.putPerson(ADMIN, 'anna', { name: odd })).person.name, odd)
})
