import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Principal } from '../../src/application/principal.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ADMIN, openBuilding, rowOfDesks, withSite } from '../stand-ins/building.ts'

const ADA: Principal = { ...ADMIN, id: 'person:ada', role: 'member', person: 'ada' }
const MAX: Principal = { ...ADMIN, id: 'person:max', role: 'manager', person: 'max', site: 'hq' }
const KIOSK: Principal = { ...ADMIN, id: 'device:kiosk', role: 'kiosk', site: 'hq' }

/** Zoe has desk d1 and parking p1 at hq since just now, Zora is hidden and has d2, Zack has something this afternoon. */
async function office (t: Cleanup) {
  const building = await withSite(await openBuilding(t))
  const { admin, commands, newId } = building
  const floor = rowOfDesks(['d1', 'd2', 'd3', 'p1'])
  await admin.putFloor(ADMIN, 'f1', { ...floor, spaces: floor.spaces.map(space => space.id === 'p1' ? { ...space, kind: 'parking' } : space) }, { release: false })
  await admin.putPeople(ADMIN, { people: [{ id: 'zoe', name: 'Zoe Zander' }, { id: 'zora', name: 'Zora Zander', visibility: 'hidden' }, { id: 'zack', name: 'Zack Zander' }] })
  const claim = async (person: string, space: string, from?: string) => (await commands.claim(ADMIN, { id: newId(), space, person, await: 'accepted', ...(from !== undefined && { from }) })).claim
  await claim('zoe', 'p1')
  const desk = await claim('zoe', 'd1')
  await claim('zora', 'd2')
  await claim('zack', 'd3', '2026-03-02T13:00:00Z')
  return { building, desk, search: async (principal: Principal) => await admin.findPeople(principal, 'zander') }
}

test('a colleague who is visible is found with where they are, and nobody with where they will be', async t => {
  const { search } = await office(t)
  const found = [{ id: 'zack', name: 'Zack Zander' }, { id: 'zoe', name: 'Zoe Zander', floor: 'f1', space: 'd1' }]
  assert.deepEqual(await search(ADA), found)
  assert.deepEqual(await search(MAX), found)
})

test('who has gone is nowhere', async t => {
  const { building, desk, search } = await office(t)
  await building.commands.release(ADMIN, desk.id, 'accepted')
  assert.deepEqual((await search(ADA)).find(({ id }) => id === 'zoe'), { id: 'zoe', name: 'Zoe Zander' })
})

test('neither a kiosk, where anybody may search, nor who may not watch that site is told', async t => {
  const { search } = await office(t)
  for (const principal of [KIOSK, { ...ADA, site: 'annex' }]) assert.equal((await search(principal)).some(({ space }) => space !== undefined), false)
})

test('it is written down whom a manager has found so, and of nobody whom a colleague has', async t => {
  const { building, search } = await office(t)
  const lookedUp = () => building.archive.notes.filter(({ action }) => action === 'looked-up').map(({ by, person, detail }) => [by, person, detail])
  await search(ADA)
  assert.deepEqual(lookedUp(), [])
  await search(MAX)
  assert.deepEqual(lookedUp(), [['person:max', 'zoe', { what: 'search' }]])
})
