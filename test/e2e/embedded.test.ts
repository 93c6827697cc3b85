import assert from 'node:assert/strict'
import { test } from 'tap'
import { checkClaims } from '../../scripts/simulation/check-claims.ts'
import { checkReplicas } from '../../scripts/simulation/check-replicas.ts'
import { verifyJournal } from '../../scripts/simulation/verify-journal.ts'
import { asAdmin } from '../../src/cli/as-admin.ts'
import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { SnapshotFrame } from '../../src/protocol/frames.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { temporaryFolder } from '../harness/folder.ts'
import { runPerch, startPerch, type RunningPerch } from '../harness/perch.ts'
import { until } from '../harness/wait.ts'
import { desksOf, inMinutes, putOffice } from './installation.ts'
import { Load } from './load.ts'
import { haveSeen, openScreen } from './screens.ts'

const FLOORS = { f1: 12, f2: 12 }

test('a node with nothing but a folder', async t => {
  const env = { DATA_DIR: await temporaryFolder(t, 'data') }
  let node = await start(t, env)
  let admin = await asAdmin({ url: node.url, token: null })
  const server = (): ApiAddress => admin
  await putOffice(server(), { floors: FLOORS, people: 40 })

  await t.test('shows a claim on screens over SSE and WebSocket', async t => {
    const screens = (['sse', 'websocket'] as const).map(transport => openScreen(t, { transport, floors: ['f1'], server: () => server() }))
    await haveSeen(screens)
    const { claim, persisted, position } = await askApi(server(), 'POST', '/v1/claims', { space: 'f1-d3', person: 'p1', to: inMinutes(60) }) as ClaimReply
    assert.equal(persisted, true)
    assert.equal(claim.person, 'p1')
    await until(() => screens.every(({ frames }) => frames.some(frame => frame.type === 'diff' && frame.to >= position.seq)), { what: 'a diff on both screens' })
    for (const { frames } of screens) {
      const view = frames.flatMap(frame => frame.type === 'diff' ? frame.spaces : []).find(({ id }) => id === 'f1-d3')
      assert.equal(view?.status, 'reserved')
      assert.deepEqual(view.occupant, { id: 'p1', name: 'Person 1' })
    }
  })

  await t.test('has its folder to itself', async t => {
    const { code, output } = await runPerch(t, env)
    assert.equal(code, 1)
    assert.match(output, /^perch: DATA_DIR .* is in use by process \d+/m)
  })

  await t.test('has its claims when it was ended by Ctrl-C and started again', async () => {
    const before = await claimsOf(server(), 'f1')
    assert.equal(before.length, 1)
    assert.equal(await node.kill('SIGINT'), 0)
    node = await start(t, env)
    // The key of its tokens went with the process before.
    admin = await asAdmin({ url: node.url, token: null })
    assert.deepEqual(await claimsOf(server(), 'f1'), before)
    const { spaces } = await stateOf(server(), 'f1')
    assert.deepEqual(spaces.filter(({ status }) => status !== 'free').map(({ id }) => id), ['f1-d3'])
  })

  await t.test('has every claim that was persisted when it was killed in the middle of a burst', async () => {
    const load = new Load({ servers: () => [server()], people: Array.from({ length: 24 }, (_, i) => `p${10 + i}`), spaces: desksOf(FLOORS) })
    load.start()
    await load.morePersisted(120)
    await node.kill('SIGKILL')
    await load.stop()
    node = await start(t, env)
    // The key of its tokens went with the process before.
    admin = await asAdmin({ url: node.url, token: null })
    const kept = await verifyJournal(server(), load.lines)
    assert.deepEqual(kept.broken, [])
    assert.ok(kept.active > 0)
    assert.deepEqual((await checkClaims(server(), desksOf(FLOORS), load.begun - 3_600_000)).overlaps, [])
    await assertStateIsClaims(server())
    const screen = openScreen(t, { transport: 'websocket', floors: Object.keys(FLOORS), server: () => server() })
    await haveSeen([screen])
    assert.deepEqual((await checkReplicas(server(), [screen.watcher], 10_000)).different, [])
  })
})

async function start (t: Cleanup, env: Record<string, string>): Promise<RunningPerch> {
  const node = await startPerch(t, env)
  await node.ready()
  return node
}

async function claimsOf (server: ApiAddress, floor: string): Promise<ClaimView[]> {
  return (await askApi(server, 'GET', `/v1/claims?floor=${floor}`) as { claims: ClaimView[] }).claims
}

async function stateOf (server: ApiAddress, floor: string): Promise<SnapshotFrame> {
  return await askApi(server, 'GET', `/v1/floors/${floor}/state`) as SnapshotFrame
}

/** What the floors show is who has claimed them now. */
async function assertStateIsClaims (server: ApiAddress): Promise<void> {
  for (const floor of Object.keys(FLOORS)) {
    const now = Date.now()
    const running = (await claimsOf(server, floor)).filter(({ state, from, to }) => state !== 'ended' && Date.parse(from) <= now && Date.parse(to) > now)
    const { spaces } = await stateOf(server, floor)
    const shown = spaces.filter(({ occupant }) => occupant !== undefined).map(({ id, occupant }) => `${id} ${occupant?.id ?? ''}`)
    assert.deepEqual(shown.sort(), running.map(({ space, person }) => `${space} ${person}`).sort())
  }
}
