import assert from 'node:assert/strict'
import { test } from 'tap'
import { PerchError, type Claim, type Command, type PerchErrorCode } from '../../src/client/index.ts'
import type { OfflineQueue, Outcome, Queued } from '../../src/client/offline-queue.ts'
import type { FloorView } from '../../src/protocol/plan.ts'
import { Spots } from '../../src/web/kiosk/spot.ts'
import type { Offer } from '../../src/web/kiosk/step.ts'
import { Visit, type Counter } from '../../src/web/kiosk/visit.ts'
import type { Api } from '../../src/web/live/api.ts'
import { rest } from '../harness/stream-node.ts'

const NOW = Date.parse('2026-03-02T09:03:00Z')
const ANNA = { id: 'anna', name: 'Anna Keller' }
const floor: FloorView = {
  id: 'f1',
  site: 'hq',
  name: 'Studio',
  level: 3,
  revision: 1,
  zones: [],
  spaces: [{ id: 'd1', label: '3-N-01', kind: 'desk' }, { id: 'd2', label: '3-N-02', kind: 'desk' }],
  plan: { type: 'FeatureCollection', features: [] }
}

const refusal = (code: PerchErrorCode, retry: boolean, details: object = {}): PerchError => new PerchError({ code, message: code, retry, ...details })
const claimed = (state: Claim['state'], more: Partial<Claim> = {}): Claim => ({
  id: 'c1', space: 'd1', floor: 'f1', kind: 'desk', person: 'anna', by: 'person:anna', from: '2026-03-02T09:00:00Z', to: '2026-03-02T17:00:00Z', createdAt: '2026-03-02T08:00:00Z', state, ...more
})
const offer = (space: string): Offer => ({ spot: { space, label: space, zone: null, floor: { id: 'f1', level: 3, name: 'Studio' } }, distance: 1, next: null })

/** A kiosk whose server says of everybody what it is told to. */
function kiosk () {
  const scene = {
    claims: [] as Claim[],
    /** Null: it is answered. */
    identifyFails: null as PerchError | null,
    outcome: { state: 'done', done: { claim: claimed('present'), persisted: true } } as { state: 'done', done: { claim: Claim, persisted: boolean } } | { state: 'refused', error: PerchError },
    asked: [] as unknown[],
    queued: [] as Command[],
    connection: 'live' as 'live' | 'stale'
  }
  const give = async (command: Command): Promise<Queued> => {
    scene.queued.push(command)
    return { command, outcome: Promise.resolve({ command, ageMs: 0, ...scene.outcome } as Outcome) }
  }
  const queue: Pick<OfflineQueue, 'claim' | 'checkIn' | 'release' | 'arrive' | 'leave'> = {
    claim: async request => await give({ type: 'claim', claim: { id: 'new', ...request } as Extract<Command, { type: 'claim' }>['claim'] }),
    checkIn: async claim => await give({ type: 'checkIn', claim }),
    release: async claim => await give({ type: 'release', claim }),
    arrive: async visit => await give({ type: 'arrive', ...visit }),
    leave: async visit => await give({ type: 'leave', ...visit })
  }
  const api = {
    async ask (_method: string, path: string, body: unknown): Promise<unknown> {
      scene.asked.push([path, body])
      if (scene.identifyFails !== null) throw scene.identifyFails
      return { person: ANNA, claims: scene.claims }
    }
  } as unknown as Api
  const counter: Counter = {
    api,
    perch: {
      get connection () { return scene.connection === 'live' ? { state: 'live' as const } : { state: 'stale' as const, since: new Date(NOW) } },
      newClaimId: () => 'new',
      now: () => NOW
    },
    queue: queue as OfflineQueue,
    spots: new Spots(api),
    floor: () => floor,
    offers: () => [offer('d1'), offer('d2')],
    attended: new Set()
  }
  const visit = new Visit(counter)
  return { scene, visit, counter, at: () => visit.step.value.at, step: () => visit.step.value }
}

test('a badge is asked about once, by its body and not its address, and greets with what there is today', async () => {
  const { scene, visit, step } = kiosk()
  scene.claims = [claimed('booked')]
  await visit.badge('04A2C901')
  assert.deepEqual(scene.asked, [['/v1/people/identify', { badge: '04A2C901' }]])
  const now = step()
  assert.ok(now.at === 'person')
  assert.deepEqual([now.person, now.held.map(({ spot }) => spot.label), now.problem], [ANNA, ['3-N-01'], null])
  assert.ok(!JSON.stringify(now).includes('04A2C901'))
})

test('whoever asked for a desk gets the nearest with their badge, until what they have booked later', async () => {
  const { scene, visit, at } = kiosk()
  scene.claims = [claimed('booked', { from: '2026-03-02T13:00:00Z' })]
  visit.askBadge('desk')
  await visit.badge('04A2C901')
  assert.deepEqual(scene.queued, [{ type: 'claim', claim: { id: 'new', space: 'd1', person: 'anna', checkIn: true, to: '2026-03-02T13:00:00Z' } }])
  assert.equal(at(), 'done')
})

test('whoever asked for a desk and has one is shown that', async () => {
  const { scene, visit, at } = kiosk()
  scene.claims = [claimed('present')]
  visit.askBadge('desk')
  await visit.badge('04A2C901')
  assert.deepEqual([at(), scene.queued], ['person', []])
})

test('whoever goes gives back what has begun, and is told when there is nothing', async () => {
  const { scene, visit, step } = kiosk()
  visit.askBadge('leave')
  await visit.badge('04A2C901')
  const now = step()
  assert.deepEqual(now.at === 'person' && now.problem, { code: 'NOTHING_TO_RELEASE' })
  scene.claims = [claimed('present')]
  scene.outcome = { state: 'done', done: { claim: claimed('ended'), persisted: true } }
  visit.askBadge('leave')
  await visit.badge('04A2C901')
  assert.deepEqual(scene.queued, [{ type: 'leave', person: 'anna' }])
  const then = step()
  assert.deepEqual(then.at === 'done' && then.done.what, 'released')
})

test('a desk that was taken meanwhile is said to be, with others that the server names', async () => {
  const { scene, visit, step } = kiosk()
  scene.outcome = { state: 'refused', error: refusal('SPACE_TAKEN', false, { alternatives: [{ space: 'd2', floor: 'f1', distance: 2 }] }) }
  await visit.take(ANNA, offer('d1'), null)
  const now = step()
  assert.ok(now.at === 'person')
  assert.deepEqual([now.problem, now.offers?.map(({ spot }) => spot.label)], [{ code: 'SPACE_TAKEN', label: 'd1' }, ['3-N-02']])
})

test('a badge that nobody has is nobody\'s fault, and a wrong PIN may be tried until it rests', async () => {
  const { scene, visit, step } = kiosk()
  scene.identifyFails = refusal('PERSON_UNKNOWN', false)
  await visit.badge('99999999')
  assert.deepEqual(step(), { at: 'sorry', problem: { code: 'BADGE_UNKNOWN' } })
  visit.askName('greet')
  visit.askPin(ANNA, 'greet')
  const codes: unknown[] = []
  for (let i = 0; i < 5; i++) {
    await visit.pin('4711')
    const now = step()
    codes.push('problem' in now && now.problem?.code)
  }
  assert.deepEqual(codes, ['PIN_WRONG', 'PIN_WRONG', 'PIN_WRONG', 'PIN_WRONG', 'PIN_LOCKED'])
})

test('without a server a badge is kept for what its holder says, and no longer', async () => {
  const { scene, visit, at, step } = kiosk()
  scene.identifyFails = refusal('NOT_CONNECTED', true)
  await visit.badge('04A2C901')
  assert.equal(at(), 'away')
  await visit.note('arrive')
  assert.deepEqual(scene.queued, [{ type: 'arrive', person: { badge: '04A2C901' } }])
  assert.deepEqual(step(), { at: 'noted', what: 'arrive', spot: null, since: NOW })
  await visit.badge('04A2C901')
  visit.end()
  await visit.note('leave')
  assert.equal(scene.queued.length, 1, 'who has gone is not asked for')
})

test('whoever said what they want is not asked again, and nobody is asked for when it is known that nobody answers', async () => {
  const { scene, visit, step } = kiosk()
  scene.connection = 'stale'
  visit.askBadge('leave')
  await visit.badge('04A2C901')
  await rest(2)
  assert.deepEqual([scene.asked, scene.queued], [[], [{ type: 'leave', person: { badge: '04A2C901' } }]])
  const now = step()
  assert.deepEqual(now.at === 'noted' && now.what, 'leave')
  visit.askName('greet')
  assert.deepEqual(step(), { at: 'sorry', problem: { code: 'NEEDS_CONNECTION' } })
})

test('an answer that comes after they have gone is shown to nobody', async () => {
  const { visit, at } = kiosk()
  const asked = visit.badge('04A2C901')
  visit.end()
  await asked
  assert.equal(at(), 'idle')
})

test('nothing is done for somebody who has gone before it was known who they are', async () => {
  const { scene, visit, at } = kiosk()
  scene.claims = [claimed('present')]
  visit.askBadge('leave')
  const asked = visit.badge('04A2C901')
  visit.end()
  await asked
  assert.deepEqual([at(), scene.queued], ['idle', []])
})
