import { test } from 'tap'
import assert from 'node:assert/strict'
import { decodeStored } from '../../src/application/codec.ts'
import { floorRecord } from '../../src/application/sync-floor.ts'
import { spaceKey } from '../../src/domain/keys.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import { HOUR } from '../../src/domain/time.ts'
import { ADMIN, openBuilding, ORG, rowOfDesks, withSite, type Building } from '../stand-ins/building.ts'

async function space ({ store }: Building, id: string): Promise<SpaceRecord | null> {
  const stored = (await store.read(ORG, [spaceKey(id)])).records.get(spaceKey(id))
  return stored === undefined ? null : decodeStored(spaceKey(id), stored).value as SpaceRecord | null
}

async function withFloor (building: Building): Promise<Building> {
  await withSite(building)
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), { release: false })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna' }] })
  return building
}

test('a site\'s new policy is in force on its floors when the call returns', async t => {
  const building = await withFloor(await openBuilding(t))
  await building.commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: 'anna', from: '2026-03-02T09:00:00Z', await: 'accepted' })
  assert.equal((await space(building, 'd1'))?.brief, false)
  await building.admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Europe/Berlin', policy: { minStayMs: 2 * HOUR } })
  assert.equal((await space(building, 'd1'))?.brief, true)
  assert.equal((await floorRecord(building.store, ORG, 'f1'))?.policy, (await building.admin.org(ADMIN)).policyRevision)
})

test('an org\'s new policy is in force on every floor, and a site\'s own value wins', async t => {
  const building = await withFloor(await openBuilding(t))
  await building.admin.putOrg(ADMIN, { name: 'Acme', policy: { longestStayMs: HOUR } })
  const tooLong = { space: 'd1', person: 'anna', to: '2026-03-02T11:00:00Z', await: 'accepted' as const }
  await assert.rejects(building.commands.claim(ADMIN, { ...tooLong, id: building.newId() }), { code: 'OUTSIDE_POLICY' })
  await building.admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Europe/Berlin', policy: { longestStayMs: 4 * HOUR } })
  assert.equal((await building.commands.claim(ADMIN, { ...tooLong, id: building.newId() })).repeated, false)
})

test('opening hours are those of the site\'s zone', async t => {
  const building = await withFloor(await openBuilding(t))
  await building.admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Europe/Berlin', hours: { 1: { opens: '08:00', closes: '18:00' } } })
  // Monday, 09:00 in Berlin.
  const { claim } = await building.commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted' })
  assert.equal(new Date(claim.to).toISOString(), '2026-03-02T17:00:00.000Z')
})

test('a zone that is none and hours that end before they begin are refused by name', async t => {
  const building = await withSite(await openBuilding(t))
  await assert.rejects(building.admin.putSite(ADMIN, 'x', { name: 'X', zone: 'Mars/Olympus' }), { code: 'BAD_REQUEST', detail: { field: 'zone', reason: '`zone` is not an IANA time zone such as Europe/Berlin' } })
  for (const hours of [{ 3: { opens: '18:00', closes: '08:00' } }, { 3: { opens: '08:00', closes: '08:00' } }]) {
    await assert.rejects(building.admin.putSite(ADMIN, 'x', { name: 'X', zone: 'UTC', hours }), { code: 'BAD_REQUEST', detail: { field: 'hours[3]', reason: 'a site closes later than it opens, at 24:00 at the latest' } })
  }
})

test('an id in the body must be the one in the address', async t => {
  const building = await withSite(await openBuilding(t))
  await assert.rejects(building.admin.putSite(ADMIN, 'lab', { id: 'hq', name: 'Lab', zone: 'UTC' }), { code: 'BAD_REQUEST' })
  await assert.rejects(building.admin.putOrg(ADMIN, { id: 'other', name: 'Other' }), { code: 'BAD_REQUEST' })
})

test('only admins change sites, admins and operators the org, and operators see no sites', async t => {
  const building = await withSite(await openBuilding(t))
  const as = (role: 'manager' | 'operator' | 'viewer') => ({ ...ADMIN, id: 'x', role })
  await assert.rejects(building.admin.putSite(as('manager'), 'hq', { name: 'HQ', zone: 'UTC' }), { code: 'FORBIDDEN' })
  await assert.rejects(building.admin.putOrg(as('manager'), { name: 'X' }), { code: 'FORBIDDEN' })
  assert.equal((await building.admin.putOrg(as('operator'), { name: 'Acme 2' })).name, 'Acme 2')
  await assert.rejects(building.admin.sites(as('operator')), { code: 'FORBIDDEN' })
  assert.deepEqual((await building.admin.sites(as('viewer'))).map(({ id }) => id), ['hq'])
})
