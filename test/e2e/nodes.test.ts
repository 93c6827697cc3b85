import assert from 'node:assert/strict'
import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { checkReplicas } from '../../scripts/simulation/check-replicas.ts'
import type { Command, Reply } from '../../scripts/simulation/command.ts'
import { sendOverHttp } from '../../scripts/simulation/http-way.ts'
import { shardKeys } from '../../src/adapters/redis/shard-keys.ts'
import { askApi } from '../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import { rowOfDesks, SHARD } from '../harness/core.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { command } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { openBalancer } from './balancer.ts'
import { httpClient, type Answer } from './http.ts'
import { apiOf, inMinutes, openBackends, putOffice, startNodes } from './installation.ts'
import { haveSeen, openScreen, TRANSPORTS } from './screens.ts'

const ROUNDS = 200
const CLIENTS = 64
const DESKS = 20
/** A fault is over for clients by then (INV-6). */
const HEALED_MS = 10_000

test('two nodes on one Redis and one Postgres', async t => {
  const { env, redis } = await openBackends(t)
  let [first, second] = await startNodes(t, 2, env) as [RunningPerch, RunningPerch]
  await putOffice(apiOf(first), { floors: { f1: DESKS, f2: DESKS }, people: 100 })
  const clients = [first, second].map(node => httpClient(t, apiOf(node)))
  /** A request to the first node for even numbers, to the second for odd ones. */
  const ask = async (n: number, method: string, path: string, body?: unknown): Promise<Answer> => {
    const client = clients[n % 2]
    assert.ok(client)
    return await client.ask(method, path, { body })
  }
  const claim = async (n: number, space: string, person: string) =>
    await ask(n, 'POST', '/v1/claims', { space, person, to: inMinutes(60), await: 'accepted' })
  const release = async (n: number, answer: Answer | undefined) => {
    const { claim } = answer?.body as { claim: ClaimView }
    assert.equal((await ask(n, 'POST', `/v1/claims/${claim.id}/release`, { await: 'accepted' })).status, 200)
  }

  await t.test(`let one of ${CLIENTS} racing clients have a space, ${ROUNDS} times`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const space = `f1-d${round % DESKS}`
      const answers = await Promise.all(Array.from({ length: CLIENTS }, async (_, i) => await claim(i, space, `p${i}`)))
      const losers = answers.filter(({ status }) => status !== 201)
      assert.equal(losers.length, CLIENTS - 1, `round ${round}: ${summary(answers)}`)
      for (const { status, body } of losers) {
        if (status === 503) assert.equal(body['code'], 'BUSY')
        else {
          assert.deepEqual([status, body['code']], [409, 'SPACE_TAKEN'])
          const alternatives = (body['alternatives'] as Array<{ space: string }>).map(({ space }) => space)
          assert.ok(alternatives.length > 0 && alternatives.length <= 5 && !alternatives.includes(space), alternatives.join())
        }
      }
      await release(round, answers.find(({ status }) => status === 201))
    }
  })

  await t.test('let one person have one of the desks that they race for on two floors', async () => {
    for (let round = 0; round < 30; round++) {
      const answers = await Promise.all(Array.from({ length: 8 }, async (_, i) => await claim(i >> 1, `f${1 + i % 2}-d${i}`, 'p70')))
      assert.equal(answers.filter(({ status }) => status === 201).length, 1, summary(answers))
      for (const { body, status } of answers) if (status !== 201) assert.ok(['PERSON_BUSY', 'BUSY'].includes(String(body['code'])), summary(answers))
      const { body } = await ask(round, 'GET', '/v1/claims?person=p70')
      assert.equal((body['claims'] as ClaimView[]).filter(({ state }) => state !== 'ended').length, 1)
      await release(round, answers.find(({ status }) => status === 201))
    }
  })

  await t.test('give one outcome to a command that comes over both of them and three transports at once', async t => {
    const screens = [
      openScreen(t, { transport: 'websocket', floors: ['f1'], server: () => apiOf(second) }),
      openScreen(t, { transport: 'socket.io', floors: ['f1'], server: () => apiOf(first) })
    ]
    await haveSeen(screens)
    const ways = [
      async (command: Command) => await sendOverHttp(apiOf(first), command),
      async (command: Command) => await sendOverHttp(apiOf(second), command),
      ...screens.map(({ watcher }) => async (command: Command) => await watcher.send(command))
    ]
    for (let round = 0; round < 25; round++) {
      const id = uuidv7()
      const request = { space: `f1-d${round % DESKS}`, person: `p${round}`, to: inMinutes(60) }
      const granted = await Promise.all(ways.map(async way => await decided(way, { call: 'claim', claim: id, request })))
      const claims = granted.map(reply => reply.state === 'done' ? reply.claim : reply.code)
      for (const claim of claims) assert.deepEqual(claim, claims[0])
      const others = await Promise.all(ways.map(async way => await decided(way, { call: 'claim', claim: id, request: { ...request, space: 'f2-d19' } })))
      for (const reply of others) assert.equal(reply.state === 'refused' && reply.code, 'CLAIM_ID_REUSED')
      const released = await Promise.all(ways.map(async way => await decided(way, { call: 'release', claim: id })))
      const ends = released.map(reply => reply.state === 'done' ? reply.claim : reply.code)
      for (const claim of ends) assert.deepEqual(claim, ends[0])
      assert.equal((ends[0] as ClaimView).why, 'released')
    }
  })

  await t.test('never refuse on one what was released on the other just before', async () => {
    let held = await claim(0, 'f2-d0', 'p0')
    for (let round = 1; round <= 50; round++) {
      await release(round - 1, held)
      held = await claim(round, 'f2-d0', `p${round}`)
      assert.equal(held.status, 201, `round ${round}: ${JSON.stringify(held.body)}`)
    }
  })

  await t.test('let a watcher resume with a diff wherever a load balancer without sticky sessions sends it', async t => {
    const nodes = [first, second]
    await Promise.all(TRANSPORTS.map(async (transport, i) => {
      const balancer = await openBalancer(t, nodes.map(({ url }) => url))
      const screen = openScreen(t, { transport, floors: ['f2'], server: () => ({ ...apiOf(first), url: balancer.url }) })
      await haveSeen([screen])
      for (let round = 1; round <= 2; round++) {
        screen.watcher.drop()
        const { position } = (await claim(round, `f2-d${2 + 2 * i + round}`, `p${80 + 2 * i + round}`)).body as { position: { seq: number } }
        await until(() => (screen.watcher.replicas.get('f2')?.position?.seq ?? 0) >= position.seq, { what: `the claim on the screen over ${transport}` })
      }
      assert.deepEqual(balancer.turns, [0, 1, 0], 'each time the other node')
      const kinds = screen.frames.map(({ type }) => type).filter(type => type === 'snapshot' || type === 'welcome')
      assert.deepEqual(kinds, ['welcome', 'snapshot', 'welcome', 'welcome'], transport)
    }))
  })

  await t.test('go on within 10 s when the keeper of the shard is killed: claims are persisted and nobody who does not come keeps a desk', async t => {
    await askApi(apiOf(first), 'PUT', '/v1/sites/quick', { name: 'Quick', zone: 'UTC', policy: { releaseGraceMs: 2_000 } })
    await askApi(apiOf(first), 'PUT', '/v1/floors/f3', { ...rowOfDesks('f3', 4), site: 'quick' })
    const holder = String(await command(redis.port, async redis => await redis.get(shardKeys()[SHARD]?.lease ?? '')))
    const [keeper, other] = holder.includes(`-${first.pid}-`) ? [first, second] : [second, first]
    assert.ok(holder.includes(`-${keeper.pid}-`), holder)
    const { claim: absent } = await askApi(apiOf(other), 'POST', '/v1/claims', { space: 'f3-d0', person: 'p80' }) as ClaimReply
    await keeper.kill('SIGKILL')
    let tries = 0
    await Promise.all([
      until(async () => {
        const request = { space: `f2-d${1 + tries % (DESKS - 1)}`, person: 'p81', from: inMinutes(120 + 60 * tries), to: inMinutes(150 + 60 * tries) }
        tries++
        return (await askApi(apiOf(other), 'POST', '/v1/claims', request) as ClaimReply).persisted
      }, { what: 'a claim is persisted', withinMs: HEALED_MS }),
      until(async () => (await askApi(apiOf(other), 'GET', `/v1/claims/${absent.id}`) as ClaimView).why === 'no-show', { what: 'the no-show is released', withinMs: HEALED_MS, everyMs: 100 })
    ])
    const [next] = await startNodes(t, 1, env)
    assert.ok(next)
    ;[first, second] = [other, next]
  })

  await t.test('take over the watchers of one that drains, where they are', async t => {
    const [leaving] = await startNodes(t, 1, env)
    assert.ok(leaving)
    const floors = ['f1', 'f2']
    const screens = TRANSPORTS.flatMap(transport => (['named', 'anonymous'] as const).map(audience =>
      openScreen(t, { transport, floors: transport === 'sse' ? ['f1'] : floors, audience, server: () => apiOf(leaving.running ? leaving : first) })))
    await haveSeen(screens)
    const snapshots = screens.map(({ frames }) => frames.filter(({ type }) => type === 'snapshot').length)
    const [code] = await Promise.all([
      leaving.kill('SIGTERM'),
      ...Array.from({ length: 10 }, async (_, i) => await askApi(apiOf(first), 'POST', '/v1/claims', { space: `f1-d${i}`, person: `p${40 + i}`, to: inMinutes(60) }))
    ])
    assert.equal(code, 0)
    for (const { frames, closed, watcher } of screens) {
      assert.ok(frames.some(({ type }) => type === 'bye'), `${watcher.transport} heard no goodbye`)
      assert.equal(closed[0], watcher.transport === 'sse' ? 'the stream ended' : '4000')
    }
    assert.deepEqual((await checkReplicas(apiOf(first), screens.map(({ watcher }) => watcher), HEALED_MS)).different, [])
    assert.deepEqual(screens.map(({ frames }) => frames.filter(({ type }) => type === 'snapshot').length), snapshots, 'they came back with their position')
  })
})

/** Asked again, with the same id, while the answer says so. */
async function decided (way: (command: Command) => Promise<Reply>, command: Command): Promise<Reply> {
  return await until(async () => {
    const reply = await way(command)
    return reply.state === 'refused' && reply.retry ? undefined : reply
  }, { what: `${command.call} is decided` })
}

/** How often each answer came, for a message. */
function summary (answers: readonly Answer[]): string {
  const counts = new Map<string, number>()
  for (const { status, body } of answers) {
    const key = `${status} ${String(body['code'] ?? '')}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return JSON.stringify(Object.fromEntries(counts))
}
