import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Authenticator } from '../../../src/application/principal.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { MINUTE } from '../../../src/domain/time.ts'
import { byRole } from '../http/open-server.ts'
import { answersCommands } from './answers-commands.ts'
import { openLive } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket, upgradeRequest } from './raw-socket.ts'
import { WebSocketClient } from './web-socket-client.ts'

test('a client is welcomed, watches, and gets the diff of a claim made over HTTP', async t => {
  const server = await openLive(t)
  const client = new WebSocketClient(t, server.port, 'display')
  await server.until('the welcome', () => client.of('welcome').length === 1)
  assert.deepEqual(client.of('welcome')[0], { type: 'welcome', now: '2026-03-02T08:00:00Z', pulseMs: 5_000, retry: { minMs: 250, maxMs: 3_000 }, version: '1.2.3' })
  assert.equal(client.socket.protocol, 'perch.v1')
  client.send({ type: 'watch', id: '1', floor: 'f1' })
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  const [snapshot] = client.of('snapshot')
  assert.deepEqual(client.reply('1'), { type: 'reply', id: '1', ok: true, floor: 'f1', audience: 'anonymous', epoch: snapshot?.epoch, seq: snapshot?.seq })
  await server.claim('d1')
  await server.until('the diff', () => client.of('diff').length === 1)
  const [diff] = client.of('diff')
  assert.deepEqual([diff?.from, diff?.spaces.map(({ id, status }) => [id, status])], [snapshot?.seq, [['d1', 'reserved']]])
})

test('who comes back with a position gets what changed since, not the floor', async t => {
  const server = await openLive(t)
  const first = new WebSocketClient(t, server.port)
  first.socket.on('open', () => first.send({ type: 'watch', id: '1', floor: 'f1' }))
  await server.until('the snapshot', () => first.of('snapshot').length === 1)
  const { epoch, seq } = first.of('snapshot')[0] ?? {}
  first.socket.close()
  await server.until('the session to end', () => server.stream.sessions.size === 0)
  await server.claim('d1')
  await server.claim('d2', 'member:ben')
  const second = new WebSocketClient(t, server.port)
  second.socket.on('open', () => second.send({ type: 'watch', id: '1', floor: 'f1', audience: 'named', epoch, seq }))
  await server.until('the diff', () => second.of('diff').length === 1)
  assert.deepEqual(second.of('diff').map(({ from, spaces }) => [from, spaces.map(({ id }) => id).sort()]), [[seq, ['d1', 'd2']]])
  assert.equal(second.of('snapshot').length, 0)
})

test('commands are done and answered, refusals with their codes', async t => {
  const server = await openLive(t)
  const client = new WebSocketClient(t, server.port, 'member:ada')
  await server.until('the welcome', () => client.of('welcome').length === 1)
  await answersCommands(server, client)
  assert.equal(client.closed, null)
})

test('credentials are looked at before the handshake: the refusal is an HTTP answer', async t => {
  const server = await openLive(t)
  for (const token of [null, 'forged', 'no token']) {
    const client = new WebSocketClient(t, server.port, token)
    await server.until('the refusal', () => client.refused !== null)
    assert.deepEqual([client.refused?.status, JSON.parse(client.refused?.body ?? '').code], [401, 'UNAUTHENTICATED'])
  }
  assert.equal(server.stream.metrics.open, 0)
})

test('a page, which can give an upgrade no header, names its token as a subprotocol; it is not echoed', async t => {
  const server = await openLive(t)
  const client = new WebSocketClient(t, server.port, null, { protocols: ['perch.v1', 'bearer.display'] })
  await server.until('the welcome', () => client.of('welcome').length === 1)
  assert.equal(client.socket.protocol, 'perch.v1')
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['sec-websocket-protocol: bearer.display ,perch.v1'])
  assert.match(raw.head, /^sec-websocket-protocol: perch\.v1$/mi)
  assert.ok(!raw.head.includes('bearer'))
  for (const protocols of [['perch.v1', 'bearer.forged'], ['perch.v1', 'bearer.'], ['perch.v1', 'xbearer.display']]) {
    const refused = new WebSocketClient(t, server.port, null, { protocols })
    await server.until('the refusal', () => refused.refused !== null)
    assert.equal(refused.refused?.status, 401, String(protocols))
  }
})

test('a refusal says what that of any other route says, in its headers too', async t => {
  const authenticator: Authenticator = {
    async authenticate (token) {
      if (token === 'many') throw new PerchError('RATE_LIMITED')
      if (token === 'broken') throw new Error('a defect')
      throw new PerchError('UNAUTHENTICATED')
    }
  }
  const server = await openLive(t, { authenticator })
  for (const [token, status, code, header] of [
    ['many', 429, 'RATE_LIMITED', /^retry-after: 5$/m], ['broken', 500, 'INTERNAL', /^retry-after: 5$/m], ['nobody', 401, 'UNAUTHENTICATED', /^www-authenticate: Bearer realm="perch"$/m]
  ] as const) {
    const raw = new RawSocket(t, server.port)
    raw.tcp.write(upgradeRequest('/v1/live', [`authorization: Bearer ${token}`]))
    await server.until('the connection to end', () => raw.closed)
    assert.match(raw.head, new RegExp(`^HTTP/1\\.1 ${status} `))
    assert.match(raw.head, header)
    const ordinary = await server.app.inject({ url: '/v1/floors', headers: { authorization: `Bearer ${token}` } })
    const named = (head: string) => [...head.matchAll(/^([\w-]+):/gm)].map(([, name]) => name?.toLowerCase()).filter(name => name !== 'date' && name !== 'connection').sort()
    assert.deepEqual(named(raw.head), named(Object.keys(ordinary.headers).map(name => `${name}:`).join('\n')))
    assert.deepEqual(JSON.parse(String(raw.body)), JSON.parse(ordinary.body))
    assert.equal(JSON.parse(ordinary.body).code, code)
  }
  assert.equal(server.stream.errors.length, 1)
})

test('a peer that ends its half in the middle of a frame, or while its credentials are looked at, leaves nothing behind', async t => {
  let go = (): void => {}
  const asked = new Promise<void>(resolve => { go = resolve })
  const authenticator: Authenticator = {
    async authenticate (token, address) {
      if (token === 'display') await asked
      return await byRole.authenticate(token, address)
    }
  }
  const server = await openLive(t, { authenticator })
  const open = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  await server.until('the session', () => server.stream.sessions.size === 1)
  open.tcp.end(clientFrame({ opcode: OPCODE.text, payload: Buffer.from('{"type":"watch"') }).subarray(0, 9))
  const early = new RawSocket(t, server.port)
  early.tcp.end(upgradeRequest('/v1/live', ['authorization: Bearer display']))
  const reset = new RawSocket(t, server.port)
  reset.tcp.write(upgradeRequest('/v1/live', ['authorization: Bearer display']), () => reset.tcp.resetAndDestroy())
  await server.until('the first to end', () => open.closed && server.stream.sessions.size === 0)
  go()
  await server.until('no connection', () => server.sockets.size === 0)
  assert.deepEqual([server.stream.sessions.size, server.stream.clock.timers, server.stream.errors.length], [0, 0, 0])
})

test('the subprotocol is chosen when it is offered, and not needed', async t => {
  const server = await openLive(t)
  for (const [protocols, chosen] of [[['other', 'perch.v1'], 'perch.v1'], [[], '']] as const) {
    const client = new WebSocketClient(t, server.port, 'admin', { protocols: [...protocols] })
    await server.until('the welcome', () => client.of('welcome').length === 1)
    assert.equal(client.socket.protocol, chosen)
  }
})

test('a plain request to the address is told what it speaks', async t => {
  const { app } = await openLive(t)
  const { statusCode, body } = await app.inject({ url: '/v1/live', headers: { authorization: 'Bearer admin' } })
  assert.deepEqual([statusCode, JSON.parse(body).code], [400, 'BAD_REQUEST'])
})

test('frames that are none end the connection with 4100', async t => {
  const server = await openLive(t)
  for (const frame of ['{', 'null', '[]', '"watch"', '{"type":"watch"}', Buffer.from('{}')]) {
    const client = new WebSocketClient(t, server.port)
    await server.until('the welcome', () => client.of('welcome').length === 1)
    client.socket.send(frame)
    await server.until('the end', () => client.closed !== null)
    assert.equal(client.closed?.code, 4100, String(frame))
  }
})

test('a peer that answers no ping is closed 4002 within two turns; one that does stays', async t => {
  const server = await openLive(t)
  const [silent, alive] = [new WebSocketClient(t, server.port, 'admin', { autoPong: false }), new WebSocketClient(t, server.port)]
  let pings = 0
  for (const { socket } of [silent, alive]) socket.on('ping', () => { pings++ })
  await server.until('both welcomes', () => silent.of('welcome').length + alive.of('welcome').length === 2)
  for (let i = 0; i < 30; i++) {
    server.building.clock.pass(5_000)
    await server.until('pulses to arrive', () => silent.gone || silent.of('pulse').length + alive.of('pulse').length >= 2 * i)
  }
  assert.ok(pings >= 2)
  assert.deepEqual([silent.closed?.code, alive.closed], [4002, null])
})

test('nothing is left when all have gone: no session, no watcher, no timer', async t => {
  const server = await openLive(t)
  const clients = Array.from({ length: 5 }, () => new WebSocketClient(t, server.port))
  for (const client of clients) client.socket.on('open', () => client.send({ type: 'watch', id: '1', floor: 'f1' }))
  await server.until('all snapshots', () => clients.every(client => client.of('snapshot').length === 1))
  assert.deepEqual([server.stream.metrics.open, server.stream.metrics.watching], [5, 5])
  for (const [i, { socket }] of clients.entries()) {
    if (i % 2 === 0) socket.close()
    else socket.terminate()
  }
  await server.until('all sessions to end', () => server.stream.sessions.size === 0)
  server.building.clock.pass(MINUTE)
  await server.until('the floor to be let go', () => server.stream.hub.floors === 0)
  const { open, watching, followed } = server.stream.metrics
  assert.deepEqual([open, watching, followed, server.stream.clock.timers], [0, 0, 0, 0])
})

test('drain says bye, closes with 4000 and turns newcomers away before their handshake', async t => {
  const server = await openLive(t)
  const client = new WebSocketClient(t, server.port)
  await server.until('the welcome', () => client.of('welcome').length === 1)
  await server.stream.sessions.drain()
  await server.until('the end', () => client.closed !== null)
  assert.deepEqual([client.of('bye').length, client.closed?.code], [1, 4000])
  const late = new WebSocketClient(t, server.port)
  await server.until('the refusal', () => late.refused !== null)
  assert.deepEqual([late.refused?.status, JSON.parse(late.refused?.body ?? '').code, server.opened.length], [503, 'UNAVAILABLE', 1])
})
