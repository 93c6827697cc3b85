import { test } from 'tap'
import assert from 'node:assert/strict'
import { Limits, type LimitSettings } from '../../../src/application/limits.ts'
import { HandClock } from '../../stand-ins/clock.ts'
import { until } from '../../harness/wait.ts'
import { EventClient } from '../live/event-client.ts'
import { openLive } from '../live/open-live.ts'
import { clientFrame, OPCODE, RawSocket, upgradeRequest } from '../live/raw-socket.ts'
import { SocketIoClient } from '../live/socket-io-client.ts'
import { WebSocketClient } from '../live/web-socket-client.ts'
import { byRole, openServer } from './open-server.ts'

const SETTINGS: LimitSettings = { ipRate: 5, ipFailures: 6, ipSockets: 1_000, principalRate: 1, principalClaims: 6, principalSockets: 1 }
const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'

function limited (change: Partial<LimitSettings> = {}) {
  const clock = new HandClock()
  const limits = new Limits({ ...SETTINGS, ...change }, clock, { limited () {} })
  return { limits, clock, authenticator: limits.authenticator(byRole) }
}

/** Of the refusal. */
function codeOf ({ refused }: SocketIoClient): unknown {
  return typeof refused === 'object' && refused !== null && 'code' in refused ? refused.code : refused
}

test('a principal that asks too often is answered 429 with the seconds to wait, and nobody else is', async t => {
  const { limits, clock, authenticator } = limited()
  const { ask } = await openServer(t, { limits, authenticator })
  const answers = []
  for (let i = 0; i < 8; i++) answers.push(await ask('GET', '/v1/floors', undefined, 'member:ada'))
  const last = answers.at(-1)
  assert.deepEqual(answers.map(({ status }) => status), [200, 200, 200, 200, 200, 429, 429, 429])
  assert.deepEqual([last?.headers['retry-after'], last?.body['code'], last?.body['exceeded'], last?.body['retryAfterMs']], ['1', 'RATE_LIMITED', 'requests', 1_000])
  assert.equal((await ask('GET', '/v1/floors', undefined, 'member:ben')).status, 200)
  clock.pass(1_000)
  assert.equal((await ask('GET', '/v1/floors', undefined, 'member:ada')).status, 200)
})

test('nine o\'clock: thousands of people behind one address come in, while somebody there guesses', async t => {
  const { limits, authenticator } = limited({ ipRate: 1_000 })
  const { ask } = await openServer(t, { limits, authenticator })
  assert.equal((await ask('GET', '/v1/floors', undefined, 'member:early')).status, 200)
  const statuses = new Set<number>()
  for (let i = 0; i < 3_000; i++) statuses.add((await ask('GET', '/v1/floors', undefined, `member:p${i}`)).status)
  assert.deepEqual(statuses, new Set([200]))
  for (let i = 0; i < 10; i++) await ask('GET', '/v1/floors', undefined, 'forged')
  assert.equal((await ask('GET', '/v1/floors', undefined, 'forged')).status, 429)
  assert.equal((await ask('GET', '/v1/floors', undefined, 'member:early')).status, 200)
})

test('pages and what is not there count for the address, and health is always told', async t => {
  const { limits, authenticator } = limited()
  const { ask } = await openServer(t, { limits, authenticator })
  const statuses = []
  for (let i = 0; i < 6; i++) statuses.push((await ask('GET', '/docs', undefined, null)).status, (await ask('GET', '/v1/nowhere', undefined, null)).status)
  assert.deepEqual(statuses, [200, 404, 200, 404, 200, 404, 200, 404, 200, 404, 429, 429])
  assert.deepEqual([(await ask('GET', '/healthz', undefined, null)).status, (await ask('GET', '/readyz', undefined, null)).status, (await ask('GET', '/v1/floors')).status], [200, 200, 200])
})

test('wrong credentials and wrong tickets are no longer looked at after a while, on any transport', async t => {
  const { limits, authenticator } = limited({ ipRate: 1_000 })
  const server = await openLive(t, { authenticator, rates: limits })
  const ticket = (i: number): string => `/v1/live?ticket=${String(i).padStart(43, 'x')}`
  const heads: string[] = []
  const ask = async (request: string): Promise<string> => {
    const raw = new RawSocket(t, server.port)
    raw.tcp.write(request)
    await until(() => raw.closed, { what: 'the answer' })
    return raw.head
  }
  for (let i = 0; i < 6; i++) heads.push(await ask(upgradeRequest(i % 2 === 0 ? ticket(i) : '/v1/live', i % 2 === 0 ? [] : ['authorization: Bearer forged'])))
  assert.ok(heads.every(head => head.startsWith('HTTP/1.1 401 ')), heads.join('\n'))
  for (const request of [upgradeRequest(ticket(7)), upgradeRequest('/v1/live', ['authorization: Bearer forged']), upgradeRequest(`${SOCKET_IO}&ticket=${'x'.repeat(43)}`), 'GET /v1/floors/f1/events HTTP/1.1\r\nhost: x\r\nconnection: close\r\nauthorization: Bearer forged\r\n\r\n']) {
    const head = await ask(request)
    assert.match(head, /^HTTP\/1\.1 429 /)
    assert.match(head, /\r\nretry-after: \d+/i)
  }
  const io = new SocketIoClient(t, server.port, { token: 'forged' })
  await server.until('the refusal', () => io.refused !== null)
  assert.equal(codeOf(io), 'RATE_LIMITED')
})

test('a person has so many connections of the live stream, whatever they run over; the next gets 429 before the handshake', async t => {
  const { limits, clock, authenticator } = limited({ principalRate: 100, principalSockets: 3 })
  const server = await openLive(t, { authenticator, rates: limits })
  const clients = [new WebSocketClient(t, server.port, 'member:ada'), new SocketIoClient(t, server.port, { token: 'member:ada' }), new EventClient(t, server.port, { token: 'member:ada' })]
  await server.until('a welcome on each transport', () => clients.every(client => client.of('welcome').length === 1))
  const raw = new RawSocket(t, server.port)
  raw.tcp.write(upgradeRequest('/v1/live', ['authorization: Bearer member:ada']))
  await server.until('the answer', () => raw.closed)
  assert.match(raw.head, /^HTTP\/1\.1 429 [^]*\r\nretry-after: 5/i)
  const [sse, io] = [new EventClient(t, server.port, { token: 'member:ada' }), new SocketIoClient(t, server.port, { token: 'member:ada' })]
  await server.until('the refusals', () => sse.gone && io.refused !== null)
  assert.deepEqual([sse.status, codeOf(io)], [429, 'RATE_LIMITED'])
  const ben = new WebSocketClient(t, server.port, 'member:ben')
  await server.until('another person', () => ben.of('welcome').length === 1)
  assert.equal(server.stream.sessions.size, 4)
  clock.pass(1)
})

test('whoever sends more frames than a connection may is told to wait, and ended when that does not help, with when to come back', async t => {
  const server = await openLive(t, { limits: { framesPerSecond: 5, refusalsPerSession: 8 } })
  const client = new WebSocketClient(t, server.port)
  const other = new WebSocketClient(t, server.port)
  await server.until('the welcomes', () => [client, other].every(one => one.of('welcome').length === 1))
  // The clock stands still, or time would make up for it.
  for (let i = 0; i < 19; i++) client.send({ type: 'unwatch', id: `${i}`, floor: 'f1' })
  await until(() => client.closed !== null, { what: 'the end' })
  assert.deepEqual([client.closed?.code, client.of('bye')], [4004, [{ type: 'bye', retry: { minMs: 5_000, maxMs: 30_000 } }]])
  const refused = client.of('reply').flatMap(reply => reply.ok ? [] : [reply.error])
  assert.deepEqual([client.of('reply').length - refused.length, refused.length], [10, 8])
  assert.deepEqual({ ...refused[0], message: '' }, { code: 'RATE_LIMITED', message: '', retry: true, exceeded: 'frames', retryAfterMs: 200 })
  assert.ok((await server.ask(other, { type: 'watch', id: '1', floor: 'f1' }))['ok'])
})

test('pings and pongs count as frames do', async t => {
  const server = await openLive(t, { limits: { framesPerSecond: 5, refusalsPerSession: 8 } })
  for (const opcode of [OPCODE.ping, OPCODE.pong]) {
    const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
    raw.tcp.write(Buffer.concat(Array.from({ length: 18 }, () => clientFrame({ opcode, payload: Buffer.alloc(1) }))))
    const client = new WebSocketClient(t, server.port)
    await server.until('another, who is served', () => client.of('welcome').length === 1)
    assert.equal(raw.closeCode, undefined)
    raw.tcp.write(clientFrame({ opcode, payload: Buffer.alloc(1) }))
    await server.until('the end', () => raw.closeCode !== undefined)
    assert.equal(raw.closeCode, 4004)
    assert.ok(raw.frames.some(({ payload }) => payload.includes('"type":"bye"')))
  }
})

test('what one sends at once does not keep others waiting: they have their turn between', async t => {
  const server = await openLive(t, { limits: { framesPerSecond: 1_000, queuedPerSession: 1_000 } })
  const many = 500
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  const other = new WebSocketClient(t, server.port)
  await server.until('the welcome', () => other.of('welcome').length === 1)
  raw.tcp.write(Buffer.concat(Array.from({ length: many }, (_, i) => clientFrame({ opcode: OPCODE.text, payload: Buffer.from(JSON.stringify({ type: 'unwatch', id: `${i}`, floor: 'f1' })) }))))
  const answered = (): number => raw.frames.filter(({ payload }) => payload.includes('reply')).length
  await server.ask(other, { type: 'unwatch', id: '1', floor: 'f1' })
  assert.ok(answered() < many / 2, `${answered()} of ${many} came first`)
  await server.until('all to be answered', () => answered() === many)
})

test('connections that have shown nothing are so many from one address; whoever has shown who they are counts no more', async t => {
  const { limits, authenticator } = limited({ ipSockets: 3, principalSockets: 100, principalRate: 100 })
  const server = await openLive(t, { authenticator, rates: limits })
  const watching = Array.from({ length: 10 }, () => new WebSocketClient(t, server.port, 'member:ada'))
  for (const client of watching) await server.until('the welcome', () => client.of('welcome').length === 1)
  await until(() => limits.connections.size === 0, { what: 'all to be known' })
  const silent = Array.from({ length: 3 }, () => new RawSocket(t, server.port))
  await until(() => !limits.connections.hasRoom('127.0.0.1'), { what: 'three strangers' })
  const late = new RawSocket(t, server.port)
  late.tcp.write('POST /v1/claims HTTP/1.1\r\nhost: x\r\nauthorization: Bearer member:ada\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{"space":"d1"}')
  await until(() => late.closed, { what: 'the end of one too many' })
  assert.match(late.head, /^HTTP\/1\.1 429 [^]*\r\nretry-after: 5/i)
  assert.equal((await server.building.commands.claims({ org: 'acme', id: 'key:admin', role: 'admin', person: null, site: null, expiresAt: null }, { space: 'd1' })).length, 0)
  silent[0]?.tcp.destroy()
  await until(() => limits.connections.hasRoom('127.0.0.1'), { what: 'room again' })
  const next = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer member:ada'])
  next.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from('{"type":"watch","id":"1","floor":"f1"}') }))
  await server.until('the snapshot', () => next.frames.some(({ payload }) => payload.includes('snapshot')))
})

test('a node that has as many connections as it may sends newcomers to the others with 503', async t => {
  const server = await openLive(t, { mostSessions: 2 })
  const clients = [new WebSocketClient(t, server.port), new WebSocketClient(t, server.port)]
  await server.until('the welcomes', () => clients.every(client => client.of('welcome').length === 1))
  const raw = new RawSocket(t, server.port)
  raw.tcp.write(upgradeRequest('/v1/live', ['authorization: Bearer admin']))
  await server.until('the answer', () => raw.closed)
  assert.match(raw.head, /^HTTP\/1\.1 503 [^]*\r\nretry-after: \d/i)
  assert.deepEqual(server.turnedAway, ['full'])
})

test('behind a trusted proxy each client is limited by the address that the proxy saw', async t => {
  const { limits, authenticator } = limited()
  const server = await openLive(t, { authenticator, rates: limits, trustedProxies: ['127.0.0.0/8'] })
  const ask = async (forwarded: string): Promise<number> => {
    const raw = new RawSocket(t, server.port)
    raw.tcp.write(upgradeRequest(SOCKET_IO, [`x-forwarded-for: ${forwarded}`]))
    await until(() => raw.head !== '', { what: 'the answer' })
    raw.tcp.destroy()
    return Number(raw.head.split(' ')[1])
  }
  const statuses = []
  for (let i = 0; i < 11; i++) statuses.push(await ask(`6.6.6.${i}, 198.51.100.7`))
  assert.deepEqual(statuses, [...Array<number>(10).fill(101), 429])
  assert.equal(await ask('198.51.100.8'), 101)
  assert.equal(limits.connections.size, 0)
})
