import { test } from 'tap'
import assert from 'node:assert/strict'
import { decodeStored } from '../../src/application/codec.ts'
import { floorRecord, syncFloor, syncShard } from '../../src/application/sync-floor.ts'
import { PerchError, type ErrorCode } from '../../src/domain/errors.ts'
import { shardOf } from '../../src/domain/ids.ts'
import { spaceKey } from '../../src/domain/keys.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import { ADMIN, openBuilding, ORG, rowOfDesks, withSite, type Building } from '../stand-ins/building.ts'

const KEEP = { release: false }

async function codeOf (run: () => Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await run()
    return null
  } catch (error) {
    if (error instanceof PerchError) return error.code
    throw error
  }
}

async function space ({ store }: Building, id: string): Promise<SpaceRecord | null> {
  const stored = (await store.read(ORG, [spaceKey(id)])).records.get(spaceKey(id))
  return stored === undefined ? null : decodeStored(spaceKey(id), stored).value as SpaceRecord | null
}

/** d1 to d3, and a person who has d2. */
async function withClaim (building: Building): Promise<string> {
  await withSite(building)
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2', 'd3']), KEEP)
  await building.admin.putPerson(ADMIN, 'anna', { name: 'Anna' })
  const { claim } = await building.commands.claim(ADMIN, { id: building.newId(), space: 'd2', person: 'anna', await: 'accepted' })
  return claim.id
}

test('a new floor stands in the store with every space and with its revisions', async t => {
  const building = await withSite(await openBuilding(t))
  const ids = Array.from({ length: 450 }, (_, i) => `d${i}`)
  const { floor, created } = await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(ids), KEEP)
  assert.deepEqual([created, floor.revision], [true, 1])
  assert.equal((await space(building, 'd449'))?.removed, false)
  const record = await floorRecord(building.store, ORG, 'f1')
  assert.deepEqual({ ...record, spaces: record?.spaces.length }, { site: 'hq', plan: 1, policy: 1, name: 'First floor', spaces: 450, smallZone: 5, displayNames: false })
})

test('the same floor again changes nothing', async t => {
  const building = await withSite(await openBuilding(t))
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), KEEP)
  const before = await building.store.read(ORG, [], ['f1'])
  const { floor, created } = await building.admin.putFloor(ADMIN, 'f1', { ...rowOfDesks(['d1']), revision: 0 }, KEEP)
  assert.deepEqual([created, floor.revision], [false, 1])
  assert.deepEqual((await building.store.read(ORG, [], ['f1'])).seqs, before.seqs)
})

test('a change made from an older revision is refused', async t => {
  const building = await withSite(await openBuilding(t))
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), KEEP)
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2']), KEEP)
  await assert.rejects(building.admin.putFloor(ADMIN, 'f1', { ...rowOfDesks(['d1', 'd3']), revision: 1 }, KEEP), { code: 'PLAN_CHANGED', detail: { revision: 2 } })
})

test('a plan that cannot be used is refused with what is wrong, and nothing is written', async t => {
  const building = await withSite(await openBuilding(t))
  await assert.rejects(building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd1']), KEEP), (error: PerchError) => {
    assert.equal(error.code, 'PLAN_INVALID')
    assert.deepEqual((error.detail['problems'] as Array<{ path: string }>)[0], { path: 'spaces[1].id', problem: 'space d1 is given twice', fault: { kind: 'space-twice', space: 'd1' } })
    return true
  })
  assert.equal(await building.directory.floor(ORG, 'f1'), null)
})

test('a space of another floor is refused before anything is taken off', async t => {
  const building = await withSite(await openBuilding(t))
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), KEEP)
  await building.admin.putFloor(ADMIN, 'f2', rowOfDesks(['e1']), KEEP)
  const moved = building.admin.putFloor(ADMIN, 'f2', rowOfDesks(['d1']), { release: true })
  await assert.rejects(moved, { code: 'PLAN_INVALID', detail: { problems: [{ path: 'spaces[0].id', problem: 'space d1 is or was on floor f1', fault: { kind: 'on-another-floor', space: 'd1', floor: 'f1' } }] } })
  assert.equal((await space(building, 'e1'))?.removed, false)
})

test('a space with a claim is not taken off unless asked for', async t => {
  const building = await openBuilding(t)
  const claim = await withClaim(building)
  await assert.rejects(building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd3']), KEEP), { code: 'SPACE_IN_USE', detail: { spaces: ['d2'] } })
  assert.deepEqual((await building.directory.floor(ORG, 'f1'))?.spaces.map(({ id }) => id), ['d1', 'd2', 'd3'])
  assert.equal((await building.commands.find(ADMIN, claim)).life.state, 'booked')
})

test('a space with a claim that is taken off on request ends the claim and says why', async t => {
  const building = await openBuilding(t)
  const claim = await withClaim(building)
  const { removed } = await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd3']), { release: true })
  assert.deepEqual(removed, ['d2'])
  const { life } = await building.commands.find(ADMIN, claim)
  assert.deepEqual([life.state, life.state === 'ended' && life.why], ['ended', 'removed'])
  assert.equal(await codeOf(async () => await building.commands.claim(ADMIN, { id: building.newId(), space: 'd2', person: 'anna' })), 'SPACE_UNKNOWN')
  assert.deepEqual((await floorRecord(building.store, ORG, 'f1'))?.spaces, ['d1', 'd3', 'd2'])
})

test('spaces that were taken off come back when the directory does not take the change', async t => {
  const building = await openBuilding(t)
  await withClaim(building)
  building.directory.putFloor = async () => { throw new PerchError('PLAN_CHANGED') }
  assert.equal(await codeOf(async () => await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d2']), KEEP)), 'PLAN_CHANGED')
  assert.deepEqual(await Promise.all(['d1', 'd2', 'd3'].map(async id => (await space(building, id))?.removed)), [false, false, false])
  assert.equal(await codeOf(async () => await building.commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: 'anna', from: '2026-03-03T08:00:00Z', await: 'accepted' })), null)
})

test('a keeper finishes what a node that died between the steps left', async t => {
  const building = await openBuilding(t)
  await withClaim(building)
  const { putFloor } = building.directory
  // Died after the live state, before the directory: its own attempt to mend dies with it.
  building.directory.putFloor = async () => {
    building.directory.away = true
    throw new PerchError('LEDGER_BEHIND')
  }
  assert.equal(await codeOf(async () => await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d2']), KEEP)), 'LEDGER_BEHIND')
  building.directory.away = false
  assert.equal((await space(building, 'd1'))?.removed, true)
  await syncShard(building.sync, shardOf(ORG))
  assert.equal((await space(building, 'd1'))?.removed, false)

  // Died after the directory, before the live state.
  const floor = await building.directory.floor(ORG, 'f1')
  assert.notEqual(floor, null)
  if (floor === null) return
  const { revision, removed, ...plan } = floor
  await putFloor.call(building.directory, ORG, { ...plan, spaces: plan.spaces.filter(({ id }) => id !== 'd3') }, revision)
  assert.equal((await space(building, 'd3'))?.removed, false)
  await syncShard(building.sync, shardOf(ORG))
  assert.equal((await space(building, 'd3'))?.removed, true)
})

test('two nodes that change a floor at once end with the later plan in the store', async t => {
  const one = await openBuilding(t)
  await withClaim(one)
  const two = await openBuilding(t, one)
  const changes = await Promise.allSettled([
    one.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2', 'd4']), KEEP),
    two.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2', 'd5']), KEEP)
  ])
  assert.ok(changes.some(({ status }) => status === 'fulfilled'))
  const floor = await one.directory.floor(ORG, 'f1')
  for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) {
    const record = await space(one, id)
    assert.equal(record !== null && !record.removed, floor?.spaces.some(planned => planned.id === id), id)
  }
  assert.equal((await floorRecord(one.store, ORG, 'f1'))?.plan, floor?.revision)
})

test('bringing a floor in line twice writes once', async t => {
  const building = await openBuilding(t)
  await withClaim(building)
  const before = (await building.store.read(ORG, [], ['f1'])).seqs.get('f1')
  await syncFloor(building.sync, ORG, 'f1')
  assert.equal((await building.store.read(ORG, [], ['f1'])).seqs.get('f1'), before)
})

test('a manager changes floors of the own site only', async t => {
  const building = await withSite(await openBuilding(t))
  await building.admin.putSite(ADMIN, 'lab', { name: 'Lab', zone: 'Europe/Berlin' })
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), KEEP)
  const manager = { ...ADMIN, id: 'person:mia', role: 'manager' as const, person: 'mia', site: 'lab' }
  assert.equal(await codeOf(async () => await building.admin.putFloor(manager, 'f2', rowOfDesks(['e1']), KEEP)), 'FORBIDDEN')
  assert.equal(await codeOf(async () => await building.admin.putFloor(manager, 'f1', { ...rowOfDesks(['d1']), site: 'lab' }, KEEP)), 'FORBIDDEN')
  assert.equal(await codeOf(async () => await building.admin.putFloor(manager, 'f2', { ...rowOfDesks(['e1']), site: 'lab' }, KEEP)), null)
  assert.deepEqual((await building.admin.floors(manager)).map(({ id }) => id), ['f2'])
  assert.equal(await codeOf(async () => await building.admin.floor(manager, 'f1')), 'FLOOR_UNKNOWN')
})
