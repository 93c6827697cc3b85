import assert from 'node:assert/strict'
import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import type { Command, Reply } from '../../scripts/simulation/command.ts'
import { sendOverHttp } from '../../scripts/simulation/http-way.ts'
import { askApi } from '../../src/cli/seed/api.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import { openLink } from '../faults/link.ts'
import { startPerch } from '../harness/perch.ts'
import { until } from '../harness/wait.ts'
import { httpClient } from './http.ts'
import { apiOf, inMinutes, openBackends, putOffice } from './installation.ts'
import { haveSeen, openScreen } from './screens.ts'

type Way = (command: Command) => Promise<Reply>

/** Asked again, with the same id, until it is decided. */
async function decided (way: Way, command: Command): Promise<Reply> {
  return await until(async () => {
    const reply = await way(command)
    return reply.state === 'refused' && reply.retry ? undefined : reply
  }, { what: `${command.call} is decided`, withinMs: 20_000, everyMs: 50 })
}

function isUnknown (reply: Reply): void {
  assert.ok(reply.state === 'refused', JSON.stringify(reply))
  assert.deepEqual([reply.code, reply.retry], ['OUTCOME_UNKNOWN', true])
}

test('a claim whose outcome is not known', async t => {
  const { env, redis } = await openBackends(t)
  const link = await openLink(redis.port)
  t.after(async () => { await link.close() })
  const node = await startPerch(t, { ...env, REDIS_URL: `redis://127.0.0.1:${link.port}`, GUARD: 'off' })
  await node.ready()
  await putOffice(apiOf(node), { floors: { f1: 10 }, people: 10 })
  const server = apiOf(node)
  const screens = (['websocket', 'socket.io'] as const).map(transport => openScreen(t, { transport, floors: ['f1'], server: () => server }))
  await haveSeen(screens)
  const ways: Record<string, Way> = {
    HTTP: async command => await sendOverHttp(server, command),
    ...Object.fromEntries(screens.map(({ watcher }) => [watcher.transport, async (command: Command) => await watcher.send(command)]))
  }
  const claim = (n: number): Command & { call: 'claim' } => ({ call: 'claim', claim: uuidv7(), request: { space: `f1-d${n}`, person: `p${n}`, to: inMinutes(60) } })
  const activeOn = async (n: number) => (await askApi(server, 'GET', `/v1/claims?space=f1-d${n}`) as { claims: ClaimView[] }).claims.filter(({ state }) => state !== 'ended').map(({ id }) => id)
  /** The node remembers everything that the next claim of that space needs, so that its commit is the first that it asks for. */
  const warm = async (way: Way, n: number) => {
    const first = claim(n)
    assert.equal((await decided(way, first)).state, 'done')
    assert.equal((await decided(way, { call: 'release', claim: first.claim })).state, 'done')
  }
  let n = 0
  for (const [name, way] of Object.entries(ways)) {
    await t.test(`is said to be so over ${name} when its reply is lost, and is that claim when it is asked for again`, async () => {
      const command = claim(++n)
      await warm(way, n)
      const dropped = link.dropReply(request => request.includes(command.claim))
      isUnknown(await way(command))
      await dropped
      const reply = await decided(way, command)
      assert.equal(reply.state === 'done' && reply.claim.id, command.claim)
      assert.deepEqual(await activeOn(n), [command.claim], 'it is there once')
    })

    await t.test(`is said to be so over ${name} when it takes too long, however often it is sent meanwhile, and has one outcome`, async () => {
      const command = claim(++n)
      await warm(way, n)
      link.blackhole('there')
      const replies = await Promise.all([way(command), way(command)])
      link.heal()
      for (const reply of replies) isUnknown(reply)
      const [first, second] = [await decided(way, command), await decided(way, command)]
      assert.equal(first.state === 'done' && first.claim.id, command.claim)
      assert.deepEqual(second.state === 'done' && second.claim, first.state === 'done' && first.claim)
      assert.deepEqual(await activeOn(n), [command.claim], 'it is there once')
    })
  }

  await t.test('is 503 over HTTP, with a time to wait', async t => {
    const command = claim(++n)
    const way = ways['HTTP'] as Way
    await warm(way, n)
    const dropped = link.dropReply(request => request.includes(command.claim))
    const answer = await httpClient(t, server).ask('POST', '/v1/claims', { body: { id: command.claim, ...command.request } })
    await dropped
    assert.deepEqual([answer.status, answer.body['code'], answer.body['retry'], answer.headers['retry-after']], [503, 'OUTCOME_UNKNOWN', true, '1'])
    assert.equal((await decided(way, command)).state, 'done')
  })

  await t.test('is known to be none when only a read had no answer', async () => {
    link.blackhole('there')
    const replies = await Promise.all([claim(9), claim(9)].map(async command => await (ways['HTTP'] as Way)(command)))
    link.heal()
    for (const reply of replies) assert.equal(reply.state === 'refused' && reply.code, 'RECOVERING')
  })
})
