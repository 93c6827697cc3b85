import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Authenticator } from '../../../src/application/principal.ts'
import { errors } from '../../../src/domain/errors.ts'
import { MINUTE } from '../../../src/domain/time.ts'
import { byRole } from '../http/open-server.ts'
import { answersCommands } from './answers-commands.ts'
import { openLive } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket, upgradeRequest } from './raw-socket.ts'
import { SocketIoClient } from './socket-io-client.ts'

const PATH = '/socket.io/?EIO=4&transport=websocket'

/** Packets as text, on a connection that follows no library. */
function send (raw: RawSocket, ...packets: string[]): void {
  raw.tcp.write(Buffer.concat(packets.map(text => clientFrame({ opcode: OPCODE.text, payload: Buffer.from(text) }))))
}

const packets = (raw: RawSocket): string[] => raw.frames.filter(({ opcode }) => opcode === OPCODE.text).map(({ payload }) => String(payload))

test('a client is welcomed, watches, and gets the diff of a claim made over HTTP', async t => {
  const server = await openLive(t)
  const client = new SocketIoClient(t, server.port, { token: 'display' })
  await server.until('the welcome', () => client.of('welcome').length === 1)
  const reply = await server.ask(client, { type: 'watch', id: '1', floor: 'f1' })
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  const [snapshot] = client.of('snapshot')
  assert.deepEqual(reply, { type: 'reply', id: '1', ok: true, floor: 'f1', audience: 'anonymous', epoch: snapshot?.epoch, seq: snapshot?.seq })
  await server.claim('d1')
  await server.until('the diff', () => client.of('diff').length === 1)
  const [diff] = client.of('diff')
  assert.deepEqual([diff?.from, diff?.spaces.map(({ id, status }) => [id, status])], [snapshot?.seq, [['d1', 'reserved']]])
})

test('who comes back with a position gets what changed since, not the floor', async t => {
  const server = await openLive(t)
  const first = new SocketIoClient(t, server.port)
  await server.until('the welcome', () => first.of('welcome').length === 1)
  const { epoch, seq } = await server.ask(first, { type: 'watch', id: '1', floor: 'f1' })
  first.socket.disconnect()
  await server.until('the session to end', () => server.stream.sessions.size === 0)
  await server.claim('d1')
  const second = new SocketIoClient(t, server.port)
  second.send({ type: 'watch', id: '1', floor: 'f1', audience: 'named', epoch, seq })
  await server.until('the diff', () => second.of('diff').length === 1)
  assert.deepEqual([second.of('snapshot').length, second.of('diff')[0]?.from], [0, seq])
})

test('commands are done and answered, refusals with their codes', async t => {
  const server = await openLive(t)
  const client = new SocketIoClient(t, server.port, { token: 'member:ada' })
  await server.until('the welcome', () => client.of('welcome').length === 1)
  await answersCommands(server, client)
  assert.equal(client.gone, false)
})

test('credentials are refused by a connect_error that carries the error', async t => {
  const server = await openLive(t)
  const { message, retry } = errors.UNAUTHENTICATED
  for (const auth of [{}, { token: 'forged' }, { token: 'not a token' }, { token: 7 }, { token: { toString: 1 } }]) {
    const client = new SocketIoClient(t, server.port, auth)
    await server.until('the refusal', () => client.refused !== null)
    assert.deepEqual(client.refused, { code: 'UNAUTHENTICATED', message, retry })
  }
  assert.equal(server.stream.metrics.open, 0)
})

test('a bearer token is looked at before the handshake, and one in `auth` beside it is not', async t => {
  const server = await openLive(t)
  const client = new SocketIoClient(t, server.port, { token: 'forged' }, { authorization: 'Bearer display' })
  await server.until('the welcome', () => client.of('welcome').length === 1)
  const forged = new RawSocket(t, server.port)
  forged.tcp.write(upgradeRequest(PATH, ['authorization: Bearer forged']))
  await server.until('the refusal', () => forged.head !== '')
  assert.match(forged.head, /^HTTP\/1\.1 401 /)
})

test('who does not say who they are in time, or not truly, is gone by then, and who does stays', async t => {
  const server = await openLive(t)
  const [silent, liar, member] = await Promise.all([1, 2, 3].map(async () => await RawSocket.upgraded(t, server.port, PATH))) as [RawSocket, RawSocket, RawSocket]
  send(liar, '40{"token":"forged"}')
  send(member, '40{"token":"member:ada"}')
  await server.until('the refusal and the welcome', () => packets(liar).some(text => text.startsWith('44')) && packets(member).some(text => text.includes('welcome')))
  await server.until('strangers to be gone', () => silent.closed && liar.closed)
  assert.equal(member.closed, false)
})

test('after a refusal another token may be tried on the same connection', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, PATH)
  send(raw, '40{"token":"forged"}')
  await server.until('the refusal', () => packets(raw).some(text => text.startsWith('44')))
  send(raw, '40{"token":"admin"}')
  await server.until('the welcome', () => packets(raw).some(text => text.startsWith('42["frame",{"type":"welcome"')))
})

test('a connection is one session, however often it asks for one', async t => {
  let go = () => {}
  const asked = new Promise<void>(resolve => { go = resolve })
  const authenticator: Authenticator = {
    async authenticate (token, address) {
      await asked
      return await byRole.authenticate(token, address)
    }
  }
  const server = await openLive(t, { authenticator })
  const raw = await RawSocket.upgraded(t, server.port, PATH)
  send(raw, ...Array.from({ length: 20 }, () => '40{"token":"admin"}'))
  await server.until('the end', () => raw.closed || raw.closeCode !== undefined)
  go()
  raw.tcp.destroy()
  await server.until('the connection to be gone', () => server.sockets.size === 0)
  const client = new SocketIoClient(t, server.port)
  await server.until('the welcome', () => client.of('welcome').length === 1)
  assert.equal(server.stream.metrics.open, 1)
})

test('an event that is none of ours, and packets that are none, end the connection with 4100', async t => {
  const server = await openLive(t)
  for (const packet of ['42["shout",{}]', '42["error",1]', '42["__proto__",1]', '42[7,{}]', '42["frame"]', '42["frame",null]', '42["frame",[]]', '42["frame","text"]', '42["frame",{"type":"watch"}]', '42{', '4x']) {
    const raw = await RawSocket.upgraded(t, server.port, PATH)
    send(raw, '40{"token":"admin"}')
    await server.until('the welcome', () => packets(raw).some(text => text.includes('welcome')))
    send(raw, packet)
    await server.until(`the end after ${packet}`, () => raw.closeCode !== undefined || raw.closed)
    assert.ok(packets(raw).some(text => text.startsWith('42["close",{"code":4100,')), packet)
    raw.tcp.destroy()
  }
})

test('what breaks Socket.IO or Engine.IO ends the connection and nothing else', async t => {
  const server = await openLive(t)
  const witness = new SocketIoClient(t, server.port)
  await server.until('the welcome', () => witness.of('welcome').length === 1)
  for (const packet of ['', '9', '2', '3probe', '0{}', '5', '40/admin,', '41', '43[]', '44{}', '451-["frame",{"_placeholder":true,"num":0}]', '4599999999999-["frame"]', '40{', '40null', '40[]', '42["frame",{}', '40{"token":"admin"}', 'b4AAAA', '\u0000']) {
    const raw = await RawSocket.upgraded(t, server.port, PATH)
    send(raw, '40{"token":"admin"}', packet, packet, '42["disconnect"]')
    await server.until(`the end after ${packet}`, () => raw.closeCode !== undefined || raw.closed)
    raw.tcp.destroy()
  }
  assert.ok((await server.ask(witness, { type: 'watch', id: '1', floor: 'f1' }))['ok'])
  await server.until('one session', () => server.stream.metrics.open === 1)
})

test('handshakes that are none are refused, and polling is not to be had', async t => {
  const server = await openLive(t)
  for (const path of ['/socket.io/', '/socket.io/?EIO=3&transport=websocket', '/socket.io/?EIO=4&transport=polling', '/socket.io/?EIO=4&transport=webtransport', '/socket.io/?EIO=4&transport=__proto__', '/socket.io/?EIO=4&transport=websocket&sid=x', '/socket.io/?EIO=4&transport=websocket&sid=__proto__']) {
    const raw = new RawSocket(t, server.port)
    raw.tcp.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`)
    await server.until(`the end of ${path}`, () => raw.closed)
    assert.match(String(raw.received), /HTTP\/1\.1 400 /, path)
  }
  const { statusCode, body } = await server.app.inject('/socket.io/?EIO=4&transport=polling')
  assert.deepEqual([statusCode, JSON.parse(body).code], [404, 'NOT_FOUND'])
})

test('drain says bye and why, and newcomers are turned away before their handshake', async t => {
  const server = await openLive(t)
  const client = new SocketIoClient(t, server.port)
  await server.until('the welcome', () => client.of('welcome').length === 1)
  await server.stream.sessions.drain()
  await server.until('the end', () => client.gone)
  assert.deepEqual([client.of('bye').length, client.closed?.code], [1, 4000])
  const late = new SocketIoClient(t, server.port)
  await server.until('the refusal', () => late.refused !== null)
  assert.deepEqual([late.frames, server.opened.length, server.turnedAway], [[], 1, ['draining']])
})

test('nothing is left when all have gone: no session, no watcher, no timer', async t => {
  const server = await openLive(t)
  const clients = Array.from({ length: 4 }, () => new SocketIoClient(t, server.port))
  for (const client of clients) client.send({ type: 'watch', id: '1', floor: 'f1' })
  await server.until('all snapshots', () => clients.every(client => client.of('snapshot').length === 1))
  for (const [i, { socket }] of clients.entries()) {
    if (i % 2 === 0) socket.disconnect()
    else socket.io.engine.close()
  }
  await server.until('all sessions to end', () => server.stream.sessions.size === 0)
  server.building.clock.pass(MINUTE)
  await server.until('the floor to be let go', () => server.stream.hub.floors === 0)
  const { open, watching, followed } = server.stream.metrics
  assert.deepEqual([open, watching, followed, server.stream.clock.timers, server.sockets.size], [0, 0, 0, 0, 0])
})
