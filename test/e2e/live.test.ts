import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { WebSocket } from 'ws'
import { checkReplicas, differencesOf } from '../../scripts/simulation/check-replicas.ts'
import { askApi, callApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { Random } from '../../src/cli/seed/random.ts'
import { FloorReplica } from '../../src/client/replica.ts'
import type { ServerFrame, SnapshotFrame } from '../../src/protocol/frames.ts'
import { startPerch } from '../harness/perch.ts'
import { selfSigned } from '../harness/self-signed.ts'
import { until } from '../harness/wait.ts'
import { httpClient, type HttpClient } from './http.ts'
import { ADMIN_KEY, apiOf, inMinutes, openBackends, putOffice, startNodes } from './installation.ts'
import { haveSeen, openScreen, TRANSPORTS } from './screens.ts'

const COMMANDS = 200
const DESKS = 12
const AUDIENCES = ['counts', 'anonymous', 'named'] as const
/** Nobody else in these tests is called anything like it, and neither is a member of any frame. */
const SEEN = { id: 'p-quetzal', name: 'Quetzal Xylander' }
const HIDDEN = { id: 'p-zephyrine', name: 'Zephyrine Wolkenstein', visibility: 'hidden' }
/** Left alone by the random commands. */
const IDLE = 'p30'

test('one node over Redis', async t => {
  const { env } = await openBackends(t)
  const [node] = await startNodes(t, 1, env)
  assert.ok(node)
  const server = apiOf(node)
  await putOffice(server, { floors: { f1: DESKS, f2: DESKS }, people: 31 })
  await askApi(server, 'PUT', '/v1/people', { people: [SEEN, HIDDEN] })

  await t.test(`shows the same on every transport and to every audience after ${COMMANDS} random commands`, async t => {
    const screens = TRANSPORTS.flatMap(transport => AUDIENCES.map(audience => openScreen(t, { transport, floors: ['f1'], audience, server: () => server })))
    const poll = poller(httpClient(t, server), 'f1')
    await haveSeen(screens)
    const seed = Date.now()
    for (let done = 0; done < COMMANDS; done += 10) {
      const random = new Random(seed + done)
      await Promise.all([...Array.from({ length: 10 }, async (_, i) => await anyCommand(server, random.fork(i))), poll()])
    }
    assert.deepEqual((await checkReplicas(server, screens.map(({ watcher }) => watcher), 10_000)).different, [], `seed ${seed}`)
    const { replica } = await poll()
    assert.deepEqual(differencesOf(replica, await askApi(server, 'GET', '/v1/floors/f1/state') as SnapshotFrame), [], `seed ${seed}`)
  })

  await t.test('answers 304 to who has the state already, and compresses it for who can read that', async t => {
    const client = httpClient(t, server)
    const path = '/v1/floors/f1/state?audience=anonymous'
    const whole = await client.ask('GET', path)
    const etag = String(whole.headers.etag)
    const small = await client.ask('GET', path, { headers: { 'accept-encoding': 'gzip' } })
    assert.equal(small.headers['content-encoding'], 'gzip')
    assert.deepEqual(gunzipSync(small.bytes), whole.bytes)
    const same = await client.ask('GET', path, { headers: { 'if-none-match': etag } })
    assert.deepEqual([same.status, same.bytes.length, same.headers.etag], [304, 0, etag])
    await askApi(server, 'PUT', '/v1/spaces/f1-d0/block', {})
    await askApi(server, 'DELETE', '/v1/spaces/f1-d0/block')
    assert.equal((await until(async () => {
      const answer = await client.ask('GET', path, { headers: { 'if-none-match': etag } })
      return answer.status === 200 && answer
    }, { what: 'the state is another one' })).body['floor'], 'f1')
  })

  await t.test('tells no audience of people that it may not see, over any transport', async t => {
    const screens = TRANSPORTS.flatMap(transport => AUDIENCES.map(audience => openScreen(t, { transport, floors: ['f2'], audience, server: () => server })))
    await haveSeen(screens)
    const states = async () => await Promise.all(AUDIENCES.map(async audience => {
      const state = await askApi(server, 'GET', `/v1/floors/f2/state?audience=${audience}`)
      return { audience, text: JSON.stringify(state) }
    }))
    for (const [i, { id }] of [SEEN, HIDDEN].entries()) await askApi(server, 'POST', '/v1/claims', { space: `f2-d${i}`, person: id, checkIn: true })
    const before = await states()
    // A name that changes, and one that is hidden from now on, are changes on every screen, too.
    await askApi(server, 'PUT', `/v1/people/${SEEN.id}`, { name: 'Quetzal Yardley' })
    await until(() => screens.every(({ watcher, frames }) => watcher.audience !== 'named' || JSON.stringify(frames).includes('Yardley')), { what: 'the new name is on every screen' })
    await askApi(server, 'PUT', `/v1/people/${SEEN.id}`, { name: 'Quetzal Yardley', visibility: 'hidden' })
    await until(() => screens.every(({ watcher }) => watcher.audience !== 'named' || watcher.replicas.get('f2')?.spaces.get('f2-d0')?.occupant === undefined), { what: 'the name is on no screen' })
    assert.deepEqual((await checkReplicas(server, screens.map(({ watcher }) => watcher), 10_000)).different, [])
    const told = [
      ...screens.map(({ watcher, frames }) => ({ audience: watcher.audience, text: JSON.stringify(frames) })), ...before, ...await states()
    ]
    for (const { audience, text } of told) {
      assert.doesNotMatch(text, /zephyrine|wolkenstein/i)
      if (audience !== 'named') assert.doesNotMatch(text, /quetzal|xylander|yardley|occupant/i)
    }
    for (const { watcher, frames } of screens) if (watcher.audience === 'named') assert.match(JSON.stringify(frames), /"p-quetzal".*Quetzal Xylander/)
  })

  await t.test('with a certificate speaks https and wss, from every worker', async t => {
    const { certificate, key } = await selfSigned(t)
    const secure = await startPerch(t, { ...env, ROLES: 'edge', WORKERS: '2', TLS_CERT: certificate, TLS_KEY: key })
    assert.match(secure.url, /^https:/)
    const ca = await readFile(certificate, 'utf8')
    const client = httpClient(t, apiOf(secure), ca)
    await until(async () => (await client.ask('GET', '/readyz')).status === 200, { what: 'the node is ready' })
    const socket = new WebSocket(`${secure.url.replace(/^http/, 'ws')}/v1/live`, 'perch.v1', { ca, headers: { authorization: `Bearer ${ADMIN_KEY}` } })
    t.after(() => socket.terminate())
    const frames: ServerFrame[] = []
    socket.on('message', data => frames.push(JSON.parse(String(data)) as ServerFrame))
    await once(socket, 'open')
    socket.send(JSON.stringify({ type: 'watch', id: '1', floor: 'f2' }))
    await until(() => frames.some(({ type }) => type === 'snapshot'), { what: 'a snapshot over wss' })
    const { status, headers } = await client.ask('POST', '/v1/claims', { body: { space: 'f2-d9', person: IDLE, to: inMinutes(60) } })
    assert.equal(status, 201)
    assert.match(String(headers['strict-transport-security']), /max-age/)
    await until(() => frames.some(frame => frame.type === 'diff' && frame.spaces.some(({ id, status }) => id === 'f2-d9' && status === 'reserved')), { what: 'the claim over wss' })
    await assert.rejects(httpClient(t, apiOf(secure)).ask('GET', '/readyz'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    // Killed, its workers would still be ending.
    await secure.kill('SIGTERM')
  })
})

/** One of the things that happen on a floor. Refusals are part of it. */
async function anyCommand (server: ApiAddress, random: Random): Promise<void> {
  const space = `f1-d${random.between(0, DESKS - 1)}`
  const person = `p${random.between(0, 29)}`
  const ask = async (method: string, path: string, body?: unknown) => {
    const { status } = await callApi(server, method, path, body)
    assert.ok(status < 500 || status === 503, `${method} ${path}: ${status}`)
    return status
  }
  const id = uuidv7()
  switch (random.between(0, 5)) {
    case 0:
      await ask('PUT', `/v1/spaces/${space}/block`, { until: inMinutes(30) })
      break
    case 1:
      await ask('DELETE', `/v1/spaces/${space}/block`)
      break
    case 2:
      await ask('POST', '/v1/readings', { readings: [{ space, value: random.pick(['occupied', 'vacant', 'unknown']) }] })
      break
    case 3:
      await ask('POST', '/v1/claims', { id, space, person, from: inMinutes(10 * random.between(1, 20)), to: inMinutes(240) })
      break
    default:
      await ask('POST', '/v1/claims', { id, space, person, to: inMinutes(60), checkIn: random.chance(0.5) })
      if (random.chance(0.6)) await ask('POST', `/v1/claims/${id}/release`)
  }
}

/** Asks for a floor's state with the ETag of what it has, and keeps what it gets. */
function poller (client: HttpClient, floor: string): () => Promise<{ replica: FloorReplica }> {
  const replica = new FloorReplica(floor)
  let etag = ''
  return async () => {
    const { status, headers, bytes } = await client.ask('GET', `/v1/floors/${floor}/state`, { headers: { 'if-none-match': etag, 'accept-encoding': 'gzip' } })
    if (status === 304) return { replica }
    assert.equal(status, 200)
    etag = String(headers.etag)
    assert.equal(replica.apply(JSON.parse(gunzipSync(bytes).toString()) as SnapshotFrame), 'applied')
    return { replica }
  }
}
