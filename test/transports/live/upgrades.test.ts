import { test } from 'tap'
import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { Authenticator } from '../../../src/application/principal.ts'
import { byRole } from '../http/open-server.ts'
import { EventClient } from './event-client.ts'
import type { Heard } from './heard.ts'
import { openLive, type LiveServer } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket, upgradeRequest } from './raw-socket.ts'
import { SocketIoClient } from './socket-io-client.ts'
import { WebSocketClient } from './web-socket-client.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { until } from '../../harness/wait.ts'

const SOCKET_IO = '/socket.io/?EIO=4&transport=websocket'

/** Everything that is answered until the connection ends. */
async function exchange (t: Cleanup, server: LiveServer, bytes: string): Promise<{ status: number, body: string }> {
  const raw = new RawSocket(t, server.port)
  raw.tcp.write(bytes)
  await server.until('the connection to end', () => raw.closed)
  return { status: Number(raw.head.split(' ')[1]), body: String(raw.body) }
}

async function allWork (t: Cleanup, server: LiveServer): Promise<void> {
  const clients = [new WebSocketClient(t, server.port), new SocketIoClient(t, server.port), new EventClient(t, server.port)]
  await server.until('a welcome on each transport', () => clients.every(client => client.of('welcome').length === 1))
}

test('an upgrade of an address that has none is answered with 404 and disturbs no other transport', async t => {
  const server = await openLive(t)
  for (const path of ['/', '/v1/live/', '/v1/liver', '/v1/floors', '/socket.io', '/socket.io/more', '/v1/live/../live', '/__proto__', 'http://127.0.0.1/v1/live', '*']) {
    const { status, body } = await exchange(t, server, upgradeRequest(path, ['authorization: Bearer admin']))
    assert.deepEqual([status, JSON.parse(body).code], [404, 'NOT_FOUND'], path)
  }
  for (const method of ['POST', 'DELETE', 'HEAD', 'OPTIONS']) {
    const { status } = await exchange(t, server, upgradeRequest('/v1/live', ['authorization: Bearer admin', 'content-length: 0']).replace('GET', method))
    assert.equal(status, 404, method)
  }
  await allWork(t, server)
})

test('a handshake that is no WebSocket\'s is refused with a code', async t => {
  const server = await openLive(t)
  const good = upgradeRequest('/v1/live', ['authorization: Bearer admin'])
  for (const bad of [
    good.replace('sec-websocket-version: 13', 'sec-websocket-version: 99'),
    good.replace(/sec-websocket-key: .*\r\n/, ''),
    good.replace(/sec-websocket-key: .*\r\n/, 'sec-websocket-key: x\r\n'),
    good.replace('\r\n\r\n', '\r\nsec-websocket-protocol: ,,\r\n\r\n')
  ]) {
    const { status, body } = await exchange(t, server, bad)
    assert.deepEqual([status, JSON.parse(body).code], [400, 'BAD_REQUEST'], bad)
  }
  const { status, body } = await exchange(t, server, upgradeRequest('/v1/live'))
  assert.deepEqual([status, JSON.parse(body).code], [401, 'UNAUTHENTICATED'])
  await allWork(t, server)
})

test('an offer of another protocol than WebSocket is no upgrade: the request is answered as it is', async t => {
  const server = await openLive(t)
  const offer = 'host: 127.0.0.1\r\nauthorization: Bearer member:ada\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n'
  const body = JSON.stringify({ id: server.building.newId(), space: 'd1', await: 'accepted' })
  const raw = new RawSocket(t, server.port)
  raw.tcp.write(`POST /v1/claims HTTP/1.1\r\n${offer}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 10)}`)
  await server.until('the connection', () => server.sockets.size === 1)
  raw.tcp.write(body.slice(10))
  await server.until('the end', () => raw.closed)
  assert.match(raw.head, /^HTTP\/1\.1 201 /)
  const { status } = await exchange(t, server, `GET /v1/live HTTP/1.1\r\n${offer}\r\n`)
  assert.equal(status, 400)
})

test('upgrades of one transport disturb neither the other nor plain requests', async t => {
  const server = await openLive(t)
  const [ws, io, sse] = [new WebSocketClient(t, server.port), new SocketIoClient(t, server.port), new EventClient(t, server.port)]
  await server.until('a welcome on each transport', () => [ws, io, sse].every(client => client.of('welcome').length === 1))
  for (const client of [ws, io]) assert.ok((await server.ask(client, { type: 'watch', id: '1', floor: 'f1' }))['ok'])
  for (let i = 0; i < 5; i++) {
    new WebSocketClient(t, server.port).socket.on('open', function () { this.terminate() })
    const other = new SocketIoClient(t, server.port)
    other.socket.on('connect', () => other.socket.disconnect())
  }
  await server.claim('d1')
  await server.until('the diff on each', () => [ws, io, sse].every(client => client.of('diff').length === 1))
  assert.deepEqual([ws.frames.filter(({ type }) => type === 'diff'), sse.of('diff')], [io.of('diff'), io.of('diff')])
  const { statusCode } = await server.app.inject({ url: '/v1/floors', headers: { authorization: 'Bearer admin' } })
  assert.equal(statusCode, 200)
})

test('a server that closes waits for no client, whatever state it is in', async t => {
  const server = await openLive(t)
  const clients = [new WebSocketClient(t, server.port), new SocketIoClient(t, server.port), new EventClient(t, server.port)]
  await server.until('a welcome on each transport', () => clients.every(client => client.of('welcome').length === 1))
  const silent = await RawSocket.upgraded(t, server.port, SOCKET_IO)
  const deaf = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  deaf.tcp.pause()
  const closing = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  closing.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from('{') }))
  await server.until('its close frame', () => closing.closeCode === 4100)
  await server.app.close()
  assert.equal(server.stream.sessions.size, 0)
  await server.until('all to be gone', () => silent.closed && clients.every(({ gone }) => gone))
})

test('after a drain a server closes with every client told', async t => {
  const server = await openLive(t)
  const clients = [new WebSocketClient(t, server.port), new SocketIoClient(t, server.port), new EventClient(t, server.port)]
  await server.until('a welcome on each transport', () => clients.every(client => client.of('welcome').length === 1))
  await server.stream.sessions.drain()
  await server.until('all to be told', () => clients.every(({ closed }) => closed?.code === 4000))
  await server.app.close()
})

test('who comes beyond the accept rate is answered 503 before any handshake and any look at credentials, on every transport', async t => {
  let looks = 0
  const authenticator: Authenticator = {
    async authenticate (...asked) {
      looks++
      return await byRole.authenticate(...asked)
    }
  }
  const server = await openLive(t, { acceptRate: 3, authenticator })
  const welcomed = (clients: readonly Heard[]) => async () => await until(() => clients.every(client => client.of('welcome').length === 1), { what: 'all welcomes' })
  const three = () => [new WebSocketClient(t, server.port), new SocketIoClient(t, server.port), new EventClient(t, server.port)]
  await welcomed(three())()
  assert.deepEqual([looks, server.turnedAway], [3, []])
  const waits: number[] = []
  for (let i = 0; i < 10; i++) {
    for (const request of [upgradeRequest('/v1/live', ['authorization: Bearer admin']), upgradeRequest(SOCKET_IO), 'GET /v1/floors/f1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n']) {
      const raw = new RawSocket(t, server.port)
      raw.tcp.write(request)
      // The clock stands still, or the bucket would fill.
      await until(() => raw.closed, { what: 'the answer' })
      assert.match(raw.head, /^HTTP\/1\.1 503 /)
      assert.equal(JSON.parse(String(raw.body)).code, 'UNAVAILABLE')
      waits.push(Number(/\r\nretry-after: (\d+)/i.exec(raw.head)?.[1]))
    }
  }
  assert.deepEqual([looks, server.stream.sessions.size, server.turnedAway.length, new Set(server.turnedAway)], [3, 3, 30, new Set(['rate'])])
  assert.ok(waits.every(seconds => seconds >= 1 && seconds <= 5) && new Set(waits).size > 1, `not all come back at once: ${waits.join()}`)
  await server.claim('d1')
  server.building.clock.pass(1_000)
  await welcomed(three())()
})

test('a client that ends while its handshake is answered leaves nothing behind', async t => {
  const server = await openLive(t)
  for (const path of ['/v1/live', SOCKET_IO, '/nowhere']) {
    for (let i = 0; i < 5; i++) {
      const raw = new RawSocket(t, server.port)
      raw.tcp.write(upgradeRequest(path, ['authorization: Bearer admin']), () => raw.tcp.resetAndDestroy())
    }
    const ordinary = request({ port: server.port, path, headers: { connection: 'upgrade', upgrade: 'websocket' } }).on('error', () => {}).end()
    ordinary.destroy()
  }
  await server.until('all connections to end', () => server.sockets.size === 0)
  assert.equal(server.stream.sessions.size, 0)
  await allWork(t, server)
})
