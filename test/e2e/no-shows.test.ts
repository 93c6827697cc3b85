import assert from 'node:assert/strict'
import { test } from 'tap'
import { askApi } from '../../src/cli/seed/api.ts'
import { connect } from '../../src/client/index.ts'
import { openOfflineQueue } from '../../src/client/offline-queue.ts'
import type { ClaimReply, VisitReply } from '../../src/protocol/answers.ts'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { command, type RedisServer } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'
import { apiOf, inMinutes, openBackends, putOffice, startNodes } from './installation.ts'
import { Plug } from './plug.ts'

/** Longer than a node takes to start, so that a claim is seen while its grace lasts anew. */
const GRACE_MS = 12_000
/** Longer than a silence that counts as none. */
const OUTAGE_MS = GRACE_MS + 3_000

async function claimed (node: RunningPerch, n: number): Promise<ClaimView> {
  const { claim, persisted } = await askApi(apiOf(node), 'POST', '/v1/claims', { space: `f1-d${n}`, person: `p${n}`, to: inMinutes(60) }) as ClaimReply
  assert.equal(persisted, true)
  return claim
}

async function stateOf (node: RunningPerch, { id }: ClaimView): Promise<ClaimView> {
  return await askApi(apiOf(node), 'GET', `/v1/claims/${id}`) as ClaimView
}

async function hasFired ({ url }: RunningPerch): Promise<boolean> {
  return /^perch_deadlines_fired_total [1-9]/m.test(await (await fetch(`${url}/metrics`)).text())
}

/** Unix ms, as the shard's deadlines are kept. */
async function clockOf ({ port }: RedisServer): Promise<number> {
  const [seconds = 0, micros = 0] = (await command(port, client => client.time())).map(Number)
  return seconds * 1_000 + micros / 1_000
}

async function passes (redis: RedisServer, ms: number): Promise<void> {
  const end = await clockOf(redis) + ms
  await until(async () => await clockOf(redis) >= end, { what: `${ms} ms have passed`, withinMs: ms + 10_000, everyMs: 100 })
}

test('whoever could not check in since all nodes were away is no no-show, and has the whole grace once they are back (INV-9)', async t => {
  const { env, redis } = await openBackends(t)
  let nodes = await startNodes(t, 2, env)
  const [first] = nodes as [RunningPerch]
  await putOffice(apiOf(first), { floors: { f1: 3 }, people: 3, policy: { releaseGraceMs: GRACE_MS } })
  const [late, never] = [await claimed(first, 0), await claimed(first, 1)]
  await Promise.all(nodes.map(async node => await node.kill('SIGKILL')))
  await passes(redis, OUTAGE_MS)

  const began = await clockOf(redis)
  nodes = await startNodes(t, 2, env)
  const [back, other] = nodes as [RunningPerch, RunningPerch]
  assert.equal((await stateOf(back, late)).state, 'booked')
  // A keeper looks at deadlines that have passed as soon as it has its shards.
  await until(async () => (await Promise.all(nodes.map(hasFired))).includes(true), { what: 'a keeper has looked' })
  for (const claim of [late, never]) assert.equal((await stateOf(other, claim)).state, 'booked')
  await askApi(apiOf(other), 'POST', `/v1/claims/${late.id}/check-in`, {})

  await until(async () => (await stateOf(back, never)).state === 'ended', { what: 'who does not come after that either is a no-show', withinMs: GRACE_MS + 15_000, everyMs: 100 })
  assert.ok(await clockOf(redis) >= began + GRACE_MS, 'the grace was whole')
  assert.equal((await stateOf(other, late)).state, 'present')
})

test('whoever came to a kiosk that was cut off was there in time, and is checked in as of then once it is back (INV-9)', async t => {
  const { env, redis } = await openBackends(t)
  const [node] = await startNodes(t, 1, env) as [RunningPerch]
  const api = apiOf(node)
  await putOffice(api, { floors: { f1: 3 }, people: 3, policy: { releaseGraceMs: GRACE_MS } })
  const { token } = await askApi(api, 'POST', '/v1/keys', { name: 'kiosk', role: 'kiosk', site: 'hq' }) as { token: string }
  const plug = new Plug()
  const kiosk = connect({ url: node.url, token: () => token, WebSocket: plug.WebSocket })
  t.after(() => kiosk.close())
  const kept = new Map<string, string>()
  const queue = await openOfflineQueue(kiosk, { storage: { get: async key => kept.get(key) ?? null, set: async (key, value) => { kept.set(key, value) } } })
  t.after(() => queue.close())
  await until(() => kiosk.connection.state === 'live', { what: 'the kiosk is connected' })
  // Until the site's kiosk has been seen: a site where none ever was needs none.
  await passes(redis, 3_000)

  const claim = await claimed(node, 0)
  plug.pull()
  await until(() => kiosk.connection.state !== 'live', { what: 'the kiosk is cut off' })
  const { outcome } = await queue.arrive({ person: 'p0' })
  const cameBefore = await clockOf(redis)
  await passes(redis, OUTAGE_MS)
  assert.equal((await stateOf(node, claim)).state, 'booked')

  plug.out = false
  const told = await outcome
  assert.ok(told.state === 'done', JSON.stringify(told))
  assert.deepEqual([told.done.claim.id, told.done.claim.state], [claim.id, 'present'])
  const { checkedInAt = '' } = await stateOf(node, claim)
  assert.ok(Date.parse(checkedInAt) <= cameBefore, `${checkedInAt} is when they came`)
  assert.ok(Date.parse(checkedInAt) < Date.parse(claim.releaseAt ?? ''), 'which was in time')

  const leave = async () => (await askApi(api, 'POST', '/v1/people/leave', { person: 'p0', site: 'hq' }) as VisitReply).claim
  const [left, again] = [await leave(), await leave()]
  assert.deepEqual([left.id, left.why, again], [claim.id, 'released', left], 'whoever leaves twice has left')
})
