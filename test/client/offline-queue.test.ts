import assert from 'node:assert/strict'
import { test } from 'tap'
import { openOfflineQueue, type OfflineQueue, type OfflineQueueOptions, type Outcome, type QueueStorage } from '../../src/client/offline-queue.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rest } from '../harness/stream-node.ts'
import { claimView, done, scripted, snapshot, view, type ScriptedSocket } from './scripted.ts'

/** A device's storage; it outlives its pages. */
class Drawer implements QueueStorage {
  readonly kept = new Map<string, string>()
  full = false

  async get (key: string): Promise<string | null> {
    return this.kept.get(key) ?? null
  }

  async set (key: string, value: string): Promise<void> {
    if (this.full) throw new Error('the disk is full')
    this.kept.set(key, value)
  }
}

async function kiosk (t: Cleanup, storage = new Drawer(), options: Partial<OfflineQueueOptions> = {}) {
  const scene = scripted(t)
  const queue = await openOfflineQueue(scene.perch, { storage, clock: scene.clock, ...options })
  t.after(() => queue.close())
  const outcomes: Outcome[] = []
  queue.on('outcome', outcome => outcomes.push(outcome))
  return { ...scene, storage, queue, outcomes, told: () => outcomes.map(outcome => outcome.state === 'done' ? outcome.state : outcome.error.code) }
}

/** Answers the claim that is under way. */
async function grant (socket: ScriptedSocket): Promise<void> {
  await rest(3)
  const { id, claim } = socket.last('claim')
  socket.say(done(id, claimView(claim.id ?? '', claim.space), 5))
  await rest(3)
}

const claimed = (socket: ScriptedSocket) => socket.of('claim').map(({ claim }) => claim.space)

async function claims (queue: OfflineQueue, ...spaces: string[]): Promise<void> {
  for (const space of spaces) await queue.claim({ space, person: 'ada' })
}

test('commands that were given without a connection go out in their order, one after another, when there is one', async t => {
  const { queue, socket, told } = await kiosk(t)
  const { command, outcome } = await queue.claim({ space: 'd1', person: { badge: '04A2C9' } })
  assert.ok(command.type === 'claim')
  await queue.checkIn(command.claim.id)
  await claims(queue, 'd2')
  const first = (await socket()).welcome()
  await rest(3)
  assert.deepEqual(first.sent, [{ ...command, id: '1' }])
  await grant(first)
  assert.equal((await outcome).state, 'done')
  first.say(done(first.last('checkIn').id, claimView(command.claim.id, 'd1'), 6))
  await grant(first)
  assert.deepEqual([told(), queue.waiting], [['done', 'done', 'done'], []])
})

test('a conflict is told with the server\'s error, and the next goes on', async t => {
  const { queue, socket, outcomes, told } = await kiosk(t)
  await claims(queue, 'd1', 'd2')
  const first = (await socket()).welcome()
  await rest(3)
  first.refuse(first.last('claim').id, 'SPACE_TAKEN', false, { alternatives: ['d9'] })
  await grant(first)
  assert.deepEqual(told(), ['SPACE_TAKEN', 'done'])
  assert.ok(outcomes[0]?.state === 'refused')
  assert.deepEqual(outcomes[0].error.details, { alternatives: ['d9'] })
})

test('what was not answered when the page ended is asked for by the next one, with the same ids', async t => {
  const storage = new Drawer()
  const before = await kiosk(t, storage)
  await claims(before.queue, 'd1', 'd2')
  const lost = (await before.socket()).welcome()
  await rest(3)
  before.queue.close()
  before.perch.close()
  const after = await kiosk(t, storage)
  assert.deepEqual(after.queue.waiting, before.queue.waiting)
  const socket = (await after.socket()).welcome()
  await grant(socket)
  await grant(socket)
  assert.deepEqual(socket.of('claim')[0]?.claim, lost.last('claim').claim)
  assert.deepEqual([claimed(socket), after.told(), storage.kept.get('perch.queue')], [['d1', 'd2'], ['done', 'done'], '[]'])
})

test('what the storage does not take is not asked for', async t => {
  const { queue, storage, socket, pass } = await kiosk(t)
  storage.full = true
  await assert.rejects(queue.claim({ space: 'd1' }), /the disk is full/)
  storage.full = false
  await claims(queue, 'd2')
  const first = (await socket()).welcome()
  await pass(0)
  assert.deepEqual([queue.waiting.length, claimed(first)], [1, ['d2']])
})

test('a full queue says so', async t => {
  const { queue } = await kiosk(t, new Drawer(), { limit: 2 })
  await claims(queue, 'd1', 'd2')
  await assert.rejects(queue.claim({ space: 'd3' }), { code: 'QUEUE_FULL', details: { limit: 2 } })
  assert.equal(queue.waiting.length, 2)
})

test('what has waited too long is not asked for, also when part of that was between two pages', async t => {
  const storage = new Drawer()
  const before = await kiosk(t, storage, { maxAgeMs: 60_000 })
  await claims(before.queue, 'd1')
  await before.pass(40_000)
  await claims(before.queue, 'd2')
  before.queue.close()
  const after = await kiosk(t, storage, { maxAgeMs: 60_000 })
  // Its clock begins where the other's did: as much was between the pages as went by before.
  after.clock.pass(45_000)
  const socket = (await after.socket()).welcome()
  await rest(3)
  assert.deepEqual([after.told(), claimed(socket)], [['TOO_OLD'], ['d2']])
})

test('each outcome says how long its command had waited', async t => {
  const { queue, socket, outcomes, pass } = await kiosk(t)
  await claims(queue, 'd1')
  await pass(7_000)
  await grant((await socket()).welcome())
  assert.deepEqual(outcomes.map(({ ageMs }) => ageMs), [7_000])
})

test('each is asked for with the age that it has by then, and what was given just now without', async t => {
  const { queue, socket, pass } = await kiosk(t)
  await claims(queue, 'd1')
  await pass(5_000)
  await queue.arrive({ person: { badge: '04A2C9' } })
  await queue.leave({ person: 'ben' })
  const first = (await socket()).welcome()
  await grant(first)
  const { id, ...arrival } = first.last('arrive')
  assert.deepEqual([first.last('claim').claim.ageMs, arrival], [5_000, { type: 'arrive', person: { badge: '04A2C9' } }])
  first.say(done(id, claimView('c', 'd1'), 6))
  await rest(3)
  assert.equal(first.last('leave').ageMs, undefined)
  first.end()
  await pass(3_000)
  const second = (await socket()).welcome()
  await pass(0)
  assert.deepEqual([second.last('leave').person, second.last('leave').ageMs], ['ben', 3_000])
})

test('what is refused for now, or not answered, stays the first', async t => {
  const { queue, socket, told, pass, heard } = await kiosk(t)
  await claims(queue, 'd1', 'd2')
  const first = (await socket()).welcome()
  await rest(3)
  for (let n = 0; n < 40; n++) {
    first.refuse(first.last('claim').id, 'RECOVERING', true)
    await heard(1_000)
  }
  assert.deepEqual([told(), new Set(claimed(first))], [[], new Set(['d1'])])
  first.end()
  await pass(250)
  const second = (await socket()).welcome()
  await pass(2_000)
  await grant(second)
  await grant(second)
  assert.deepEqual([claimed(second), told()], [['d1', 'd2'], ['done', 'done']])
})

test('floors show meanwhile what waits, and no more when there is an outcome', async t => {
  const { perch, queue, socket, pass } = await kiosk(t)
  const floor = perch.watch('f')
  const first = (await socket()).welcome()
  first.grant({ epoch: 1, seq: 4 })
  first.say(snapshot(1, 4, [view('d1'), view('d2')]))
  first.end()
  await claims(queue, 'd1', 'd2')
  const look = () => floor.spaces.map(({ status, pending }) => [status, pending])
  assert.deepEqual(look(), [['reserved', 'claim'], ['reserved', 'claim']])
  await pass(250)
  const second = (await socket()).welcome()
  await rest(3)
  second.refuse(second.last('claim').id, 'SPACE_TAKEN', false)
  await rest(3)
  assert.deepEqual(look(), [['free', undefined], ['reserved', 'claim']])
})

test('a client that is closed says nothing of the commands', async t => {
  const { perch, queue, told, pass } = await kiosk(t)
  await claims(queue, 'd1')
  perch.close()
  await pass(100_000)
  assert.deepEqual([told(), queue.waiting.length], [[], 1])
})
