import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Principal } from '../../src/application/principal.ts'
import type { PolicyBody } from '../../src/protocol/policy.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { countsAfter } from '../harness/counts-after.ts'
import { ADA, DISPLAY, KIOSK, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { ADMIN, openBuilding, rowOfDesks, withSite } from '../stand-ins/building.ts'

const F = 'f1'
const ZONES = { north: 6, east: 7, south: 3 }

/** Sixteen desks in three zones; Bob Builder is at the first of them. */
async function scene (t: Cleanup) {
  const building = await withSite(await openBuilding(t))
  const ids = Object.entries(ZONES).flatMap(([zone, desks]) => Array.from({ length: desks }, (_, i) => `${zone}-${i}`))
  const row = rowOfDesks(ids)
  await building.admin.putFloor(ADMIN, F, {
    ...row, zones: Object.keys(ZONES).map(id => ({ id, name: id })), spaces: row.spaces.map(space => ({ ...space, zone: space.id.split('-')[0] ?? '' }))
  }, { release: false })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'bob', name: 'Bob Builder' }, { id: 'ada', name: 'Ada' }] })
  const { clock, store, commands } = building
  const node = new StreamNode(t, { store, clock, commands })
  const claim = async (space: string, person: string) => (await commands.claim(ADMIN, { id: building.newId(), space, person, checkIn: true, await: 'accepted' })).claim
  await claim('north-0', 'bob')
  const settle = async () => await pass(clock, 1_000, 50)
  const govern = async (policy: PolicyBody) => {
    await building.admin.putOrg(ADMIN, { name: 'Acme', policy })
    await settle()
  }
  const watch = async (principal: Principal, audience?: Audience) => {
    const { session, socket } = node.connect(principal)
    session.receive({ type: 'watch', id: 'w', floor: F, ...(audience !== undefined && { audience }) })
    await rest()
    return socket
  }
  return { building, claim, settle, govern, watch }
}

test('counts of small zones merge into the totals for the audience that sees no more, and for no other', async t => {
  const { watch, govern } = await scene(t)
  const [coarse, full] = [await watch(KIOSK, 'counts'), await watch(KIOSK, 'anonymous')]
  // What would be left of the totals without north and east is of three desks: north merges as well.
  assert.deepEqual(Object.keys(coarse.of('snapshot')[0]?.counts.zones ?? {}), ['east'])
  assert.deepEqual(Object.keys(full.of('snapshot')[0]?.counts.zones ?? {}), ['north', 'east', 'south'])
  assert.equal(coarse.of('snapshot')[0]?.counts.occupied, 1)
  await govern({ smallZone: 1 })
  assert.deepEqual(Object.keys(coarse.of('snapshot').at(-1)?.counts.zones ?? {}), ['north', 'east', 'south'])
  await govern({ preset: 'works-council' })
  assert.deepEqual(coarse.of('snapshot').at(-1)?.counts.zones, {})
})

test('no diff tells the counts of a small zone, and diffs lead to what a snapshot says', async t => {
  const { building, watch, claim, settle } = await scene(t)
  const socket = await watch(KIOSK, 'counts')
  let counts = socket.of('snapshot')[0]?.counts ?? assert.fail('there is a snapshot')
  const { id } = await claim('south-1', 'ada')
  await settle()
  await building.commands.release(ADMIN, id, 'accepted')
  await settle()
  const diffs = socket.of('diff')
  assert.ok(diffs.length > 0)
  for (const diff of diffs) {
    assert.doesNotMatch(JSON.stringify(diff), /south|north/)
    counts = countsAfter(counts, diff)
  }
  assert.deepEqual(counts, (await watch(KIOSK, 'counts')).of('snapshot')[0]?.counts)
})

test('a display gets names while the policy says so, whatever it asks for, and not a frame longer (INV-7)', async t => {
  const { watch, govern, claim, settle } = await scene(t)
  const before = await watch(DISPLAY, 'named')
  const least = await watch(DISPLAY, 'anonymous')
  assert.equal(before.of('snapshot')[0]?.audience, 'anonymous')
  assert.doesNotMatch(JSON.stringify(before.frames), /bob/i)
  await govern({ displayNames: true })
  assert.equal(before.of('snapshot').at(-1)?.audience, 'named')
  assert.match(JSON.stringify(before.of('snapshot').at(-1)), /Bob Builder/)
  before.clear()
  await govern({ displayNames: false })
  await claim('east-0', 'ada')
  await settle()
  assert.equal(before.of('snapshot').at(-1)?.audience, 'anonymous')
  for (const socket of [before, least]) assert.doesNotMatch(socket.sent.map(({ text }) => text).join(), /bob|ada/i)
})

test('who watched as named and comes back as anonymous gets a snapshot', async t => {
  const { building, govern, watch } = await scene(t)
  await govern({ displayNames: true })
  const { epoch = 0, seq = 0 } = (await watch(DISPLAY)).of('snapshot')[0] ?? {}
  await govern({ displayNames: false })
  const node = new StreamNode(t, { store: building.store, clock: building.clock, commands: building.commands })
  const { session, socket } = node.connect(DISPLAY)
  session.receive({ type: 'watch', id: 'w', floor: F, audience: 'named', epoch, seq })
  await rest()
  assert.equal(socket.of('snapshot')[0]?.audience, 'anonymous')
  assert.doesNotMatch(socket.sent.map(({ text }) => text).join(), /bob/i)
})

test('a person\'s own choice is on every screen when the call returns, and an import that does not name it leaves it', async t => {
  const { building, settle, watch } = await scene(t)
  const bob: Principal = { ...ADA, id: 'person:bob', person: 'bob' }
  const socket = await watch(KIOSK)
  assert.match(JSON.stringify(socket.of('snapshot')[0]), /Bob Builder/)
  assert.equal((await building.admin.putMe(bob, { visibility: 'hidden' })).visibility, 'hidden')
  await settle()
  const seen = socket.of('diff').at(-1)
  assert.ok(seen?.spaces.some(({ id, occupant }) => id === 'north-0' && occupant === undefined))
  await building.admin.putPeople(ADMIN, { people: [{ id: 'bob', name: 'Bob Builder' }] })
  assert.equal((await building.admin.me(bob)).visibility, 'hidden')
  await assert.rejects(building.admin.putMe(KIOSK, { visibility: 'everyone' }), { code: 'FORBIDDEN' })
})

test('where the policy says so people are hidden until they choose', async t => {
  const { building, govern } = await scene(t)
  await govern({ hiddenAtFirst: true })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'cy', name: 'Cy' }, { id: 'bob', name: 'Bob B' }, { id: 'di', name: 'Di', visibility: 'everyone' }] })
  const seen = await Promise.all(['cy', 'bob', 'di'].map(async id => (await building.admin.person(ADMIN, id)).visibility))
  assert.deepEqual(seen, ['hidden', 'everyone', 'everyone'])
})
