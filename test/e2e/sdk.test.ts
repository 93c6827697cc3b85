import assert from 'node:assert/strict'
import { test } from 'tap'
import { WebSocket } from 'ws'
import { askApi } from '../../src/cli/seed/api.ts'
import { connect, type Floor, type Perch, type WebSocketConstructor } from '../../src/client/index.ts'
import { openOfflineQueue, type Outcome } from '../../src/client/offline-queue.ts'
import type { SnapshotFrame } from '../../src/protocol/frames.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startPerch, type RunningPerch } from '../harness/perch.ts'
import { freePort } from '../harness/ports.ts'
import { until } from '../harness/wait.ts'
import { ADMIN_KEY, apiOf, openBackends, putOffice } from './installation.ts'
import { Plug } from './plug.ts'

const FLOORS = { f1: 6 }
/** A restarted server is found within the retry window and one attempt that failed. */
const BACK_MS = 30_000

function page (t: Cleanup, { url }: { url: string }, WebSocketOfPage: WebSocketConstructor = WebSocket): Perch {
  const perch = connect({ url, token: () => ADMIN_KEY, WebSocket: WebSocketOfPage })
  t.after(() => perch.close())
  return perch
}

async function watched (perch: Perch): Promise<Floor> {
  const floor = perch.watch('f1')
  await floor.ready()
  return floor
}

/** It shows what the server says over HTTP. */
async function assertCurrent (node: RunningPerch, floor: Floor): Promise<void> {
  await until(async () => {
    const state = await askApi(apiOf(node), 'GET', '/v1/floors/f1/state') as SnapshotFrame
    assert.deepEqual(floor.position, { epoch: state.epoch, seq: state.seq })
    assert.deepEqual(new Map(floor.spaces.map(space => [space.id, space])), new Map(state.spaces.map(space => [space.id, space])))
    assert.deepEqual(floor.counts, state.counts)
    return true
  }, { what: 'the floor is what the server has' })
}

test('the SDK and a real server', async t => {
  const { env } = await openBackends(t)
  const port = String(await freePort())
  const start = async () => {
    const node = await startPerch(t, { ...env, PORT: port })
    await node.ready()
    return node
  }
  let node = await start()
  await putOffice(apiOf(node), { floors: FLOORS, people: 6 })

  await t.test('a claim of one page is on the other, with all that becomes of it', async t => {
    const [mine, other] = [page(t, node), page(t, node)]
    const [floor, screen] = [await watched(mine), await watched(other)]
    const seen: Array<string | undefined> = []
    screen.onSpace('f1-d0', space => { if (space?.status !== seen.at(-1)) seen.push(space?.status) })
    const { claim, persisted } = await mine.claim({ space: 'f1-d0', person: 'p0' })
    assert.deepEqual([claim.space, claim.person, claim.state, persisted], ['f1-d0', 'p0', 'booked', true])
    await until(() => seen.at(-1) === 'reserved', { what: 'the other page shows the claim' })
    await mine.checkIn(claim.id)
    await until(() => seen.at(-1) === 'occupied', { what: 'the other page shows the check-in' })
    assert.equal(screen.space('f1-d0')?.occupant?.name, 'Person 0')
    await mine.change(claim.id, { space: 'f1-d1' })
    await mine.release(claim.id)
    await until(() => seen.at(-1) === 'free', { what: 'the other page shows that it is free' })
    for (const shown of [floor, screen]) await assertCurrent(node, shown)
  })

  await t.test('of two pages that claim the same at once one is told who was first, and what is free beside', async t => {
    const pages = [page(t, node), page(t, node)]
    const floors = await Promise.all(pages.map(watched))
    const answers = await Promise.allSettled(pages.map(async (page, i) => await page.claim({ space: 'f1-d2', person: `p${i}` })))
    const [refused] = answers.filter(answer => answer.status === 'rejected')
    assert.equal(answers.filter(({ status }) => status === 'fulfilled').length, 1)
    assert.ok(refused?.status === 'rejected')
    assert.equal(refused.reason.code, 'SPACE_TAKEN')
    assert.ok(refused.reason.details.alternatives.length > 0)
    for (const floor of floors) await assertCurrent(node, floor)
    const [granted] = answers.filter(answer => answer.status === 'fulfilled')
    assert.ok(granted?.status === 'fulfilled')
    await pages[0]?.release(granted.value.claim.id)
  })

  await t.test('a server that is killed and started again is found again, and what was asked for meanwhile is done once', async t => {
    const perch = page(t, node)
    const floor = await watched(perch)
    const states: string[] = []
    floor.on('freshness', ({ state }) => states.push(state))
    const id = perch.newClaimId()
    const under = perch.claim({ id, space: 'f1-d3', person: 'p3' }, { timeoutMs: BACK_MS })
    await node.kill('SIGKILL')
    await until(() => perch.connection.state !== 'live', { what: 'the end is noticed' })
    const meanwhile = perch.claim({ space: 'f1-d4', person: 'p4' }, { timeoutMs: BACK_MS })
    assert.equal(floor.space('f1-d4')?.pending, 'claim')
    node = await start()
    assert.deepEqual([(await under).claim.id, (await meanwhile).claim.space], [id, 'f1-d4'])
    await until(() => floor.freshness.state === 'live', { what: 'the floor is live', withinMs: BACK_MS })
    assert.equal(states.includes('catching-up'), true)
    await assertCurrent(node, floor)
    const { claims } = await askApi(apiOf(node), 'GET', '/v1/claims?floor=f1') as { claims: Array<{ space: string }> }
    assert.deepEqual(claims.map(({ space }) => space).sort(), ['f1-d3', 'f1-d4'])
    for (const { claim } of [await under, await meanwhile]) await perch.release(claim.id)
  })

  await t.test('a kiosk that was cut off brings in what it was given, and is told of the conflict', async t => {
    const plug = new Plug()
    const kiosk = page(t, node, plug.WebSocket)
    const floor = await watched(kiosk)
    const kept = new Map<string, string>()
    const queue = await openOfflineQueue(kiosk, { storage: { get: async key => kept.get(key) ?? null, set: async (key, value) => { kept.set(key, value) } } })
    const outcomes: Outcome[] = []
    queue.on('outcome', outcome => outcomes.push(outcome))
    plug.pull()
    await until(() => kiosk.connection.state !== 'live', { what: 'the kiosk is cut off' })
    const first = await queue.claim({ space: 'f1-d0', person: 'p0', checkIn: true })
    const second = await queue.claim({ space: 'f1-d1', person: 'p1' })
    const third = await queue.claim({ space: 'f1-d5', person: 'p2' })
    assert.ok(third.command.type === 'claim')
    await queue.release(third.command.claim.id)
    assert.deepEqual(floor.spaces.filter(({ pending }) => pending !== undefined).map(({ id }) => id).sort(), ['f1-d0', 'f1-d1', 'f1-d5'])
    await askApi(apiOf(node), 'POST', '/v1/claims', { space: 'f1-d1', person: 'p5' })
    plug.out = false
    await until(() => outcomes.length === 4, { what: 'everything has an outcome', withinMs: BACK_MS })
    assert.deepEqual(outcomes.map(outcome => [outcome.command.type, outcome.state === 'done' ? outcome.done.claim.state : outcome.error.code]), [
      ['claim', 'present'], ['claim', 'SPACE_TAKEN'], ['claim', 'booked'], ['release', 'ended']
    ])
    assert.deepEqual([(await first.outcome).state, (await second.outcome).state], ['done', 'refused'])
    assert.equal(kept.get('perch.queue'), '[]')
    await assertCurrent(node, floor)
  })
})
