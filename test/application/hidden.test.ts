import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Principal } from '../../src/application/principal.ts'
import { AUDIENCES, type Audience } from '../../src/domain/audience.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import type { FakeSocket } from '../harness/fake-socket.ts'
import { ADA, KIOSK, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { ADMIN, openBuilding, rowOfDesks, withSite } from '../stand-ins/building.ts'

const F = 'f1'
const DESKS = ['d1', 'd2', 'd3', 'd4', 'd5', 'd6']
const HIDDEN = /mallory|veiled/i
const OPEN = /bob|builder/i

const member = (person: string): Principal => ({ ...ADA, id: `person:${person}`, person })

/** An office with real use cases: Mallory Veiled is hidden, Bob Builder is not. Everybody watches. */
async function scene (t: Cleanup) {
  const building = await withSite(await openBuilding(t))
  await building.admin.putFloor(ADMIN, F, rowOfDesks(DESKS), { release: false })
  await building.admin.putPeople(ADMIN, {
    people: [{ id: 'mallory', name: 'Mallory Veiled', visibility: 'hidden' }, { id: 'bob', name: 'Bob Builder' }]
  })
  const { clock, store, commands } = building
  const node = new StreamNode(t, { store, clock, commands })
  const watch = async (principal: Principal, audience?: Audience) => {
    const { session, socket } = node.connect(principal)
    session.receive({ type: 'watch', id: 'w', floor: F, ...(audience !== undefined && { audience }) })
    await rest()
    return { session, socket }
  }
  const watchers = new Map<Audience, FakeSocket>()
  for (const audience of AUDIENCES) watchers.set(audience, (await watch(KIOSK, audience)).socket)
  const settle = async () => await pass(clock, 1_000, 50)
  const named = () => watchers.get('named') ?? assert.fail('there is one')
  const claim = async (space: string, person: string, from?: string) =>
    (await commands.claim(ADMIN, { id: building.newId(), space, person, await: 'accepted', ...(from !== undefined && { from }) })).claim
  return { building, commands, clock, node, watch, watchers, named, settle, claim }
}

const textOf = (socket: FakeSocket): string => socket.sent.map(({ text }) => text).join('\n')

test('no frame of any audience has the id or the name of who is hidden, whatever they do (INV-7)', async t => {
  const { building, commands, watchers, watch, settle, claim, named } = await scene(t)
  const mallory = await claim('d1', 'mallory')
  await settle()
  await commands.checkIn(ADMIN, mallory.id, 'accepted')
  await commands.change(ADMIN, mallory.id, { space: 'd2', await: 'accepted' })
  await claim('d3', 'bob')
  await settle()
  await commands.block(ADMIN, 'd4', { reason: 'for Mallory Veiled' })
  await commands.change(ADMIN, mallory.id, { to: '2026-03-02T11:00:00Z', await: 'accepted' })
  await claim('d5', 'mallory', '2026-03-02T14:00:00Z')
  await settle()
  await building.admin.putFloor(ADMIN, F, rowOfDesks(DESKS.slice(0, 5)), { release: true })
  const late = (await watch(KIOSK)).socket
  await commands.release(ADMIN, mallory.id, 'accepted')
  await settle()
  for (const socket of [...watchers.values(), late]) assert.doesNotMatch(textOf(socket), HIDDEN)
  // They did hear of it all, and of who is not hidden.
  assert.match(textOf(named()), OPEN)
  assert.ok(named().of('diff').length + named().of('snapshot').length >= 6)
  for (const audience of ['counts', 'anonymous'] as const) assert.doesNotMatch(textOf(watchers.get(audience) ?? late), OPEN)
  assert.doesNotMatch(textOf(watchers.get('counts') ?? late), /"d[1-6]"/)
})

test('who hides is in no frame from then on, and in no snapshot of a newcomer; who shows up again is', async t => {
  const { building, settle, claim, named, watch } = await scene(t)
  await claim('d1', 'bob')
  await claim('d2', 'bob', '2026-03-03T09:00:00Z')
  await settle()
  assert.match(textOf(named()), OPEN)
  named().clear()
  await building.admin.putPerson(ADMIN, 'bob', { name: 'Bob Builder', visibility: 'hidden' })
  await settle()
  assert.ok(named().of('diff').length > 0)
  const late = (await watch(KIOSK)).socket
  for (const socket of [named(), late]) assert.doesNotMatch(textOf(socket), OPEN)
  await building.admin.putPerson(ADMIN, 'bob', { name: 'Bob Builder', visibility: 'everyone' })
  await settle()
  for (const socket of [named(), late]) assert.match(textOf(socket), OPEN)
})

test('a refusal does not tell whose claim is in the way', async t => {
  const { building, claim, watch, settle } = await scene(t)
  await claim('d1', 'mallory')
  const { session, socket } = await watch(member('bob'))
  session.receive({ type: 'claim', id: 'c', claim: { id: building.newId(), space: 'd1', await: 'accepted' } })
  await settle()
  const reply = socket.of('reply').find(({ id }) => id === 'c')
  assert.ok(reply !== undefined && !reply.ok)
  assert.equal(reply.error.code, 'SPACE_TAKEN')
  assert.doesNotMatch(textOf(socket), HIDDEN)
})

test('who is hidden hears of their own claims, and they alone', async t => {
  const { claim, watch, settle } = await scene(t)
  const [mallory, bob] = [await watch(member('mallory')), await watch(member('bob'))]
  const { id } = await claim('d1', 'mallory')
  await settle()
  assert.deepEqual(mallory.socket.of('mine').at(-1)?.claims.map(claim => claim.id), [id])
  assert.deepEqual(bob.socket.of('mine').at(-1)?.claims, [])
  assert.ok(!textOf(bob.socket).includes(id))
  // Also to themselves the floor shows nobody.
  assert.doesNotMatch(mallory.socket.sent.filter(({ type }) => type === 'snapshot' || type === 'diff').map(({ text }) => text).join(), HIDDEN)
})

test('a claim of another cannot be found, ended or changed by its id', async t => {
  const { claim, watch, settle, commands } = await scene(t)
  const before = await claim('d1', 'mallory')
  const { session, socket } = await watch(member('bob'))
  session.receive({ type: 'release', id: '1', claim: before.id })
  session.receive({ type: 'checkIn', id: '2', claim: before.id })
  session.receive({ type: 'change', id: '3', claim: before.id, change: { space: 'd2' } })
  await settle()
  const codes = socket.of('reply').slice(1).map(reply => reply.ok ? 'ok' : reply.error.code)
  assert.deepEqual(codes.filter(code => code !== 'FORBIDDEN' && code !== 'CLAIM_UNKNOWN'), [])
  assert.equal(codes.length, 3)
  assert.deepEqual(await commands.find(ADMIN, before.id), before)
  assert.doesNotMatch(textOf(socket), HIDDEN)
})
