import { test } from 'tap'
import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { Frame } from '../../../src/application/frame.ts'
import { STREAM_LIMITS } from '../../../src/application/stream-limits.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { openLive, type LiveServer } from './open-live.ts'
import { clientFrame, OPCODE, upgradeRequest } from './raw-socket.ts'
import { WebSocketClient } from './web-socket-client.ts'

const text = (payload: string): Buffer => clientFrame({ opcode: OPCODE.text, payload: Buffer.from(payload) })
const times = (count: number, bytes: Buffer): Buffer => Buffer.concat(Array.from({ length: count }, () => bytes))

const PING = clientFrame({ opcode: OPCODE.ping, payload: Buffer.alloc(125) })
const WATCH = '{"type":"watch","id":"1","floor":"f1"}'
const UNWATCH = '{"type":"unwatch","id":"2","floor":"f1"}'

const WEBSOCKET = Buffer.from(upgradeRequest('/v1/live', ['authorization: Bearer display']))
const SOCKET_IO = Buffer.from(upgradeRequest('/socket.io/?EIO=4&transport=websocket', ['authorization: Bearer display']))
/** More than the head of an upgrade, less than that with the first frame or packet. */
const ANSWER_BYTES = 140

const EVENTS = Buffer.from('GET /v1/floors/f1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer display\r\n\r\n')

/** A client that never reads, and the server's end of its connection. Each message is sent once there is something that it should have read. */
async function deaf (t: Cleanup, server: LiveServer, ...messages: readonly Buffer[]): Promise<{ client: Socket, end: Socket }> {
  const client = connect(server.port, '127.0.0.1')
  client.pause()
  client.on('error', () => {})
  t.after(() => client.destroy())
  const endOf = (): Socket | undefined => [...server.sockets].find(({ remotePort }) => client.localPort !== undefined && remotePort === client.localPort)
  await server.until('the connection', () => endOf() !== undefined)
  const end = endOf()
  assert.ok(end !== undefined)
  let written = 0
  for (const message of messages) {
    client.write(message)
    await server.until('an answer', () => end.bytesWritten > written + ANSWER_BYTES)
    written = end.bytesWritten
  }
  return { client, end }
}

/** Sends and sends until the server has closed the connection; the most bytes that waited in this process meanwhile. */
async function flood (server: LiveServer, { client, end }: { client: Socket, end: Socket }, bytes: Buffer): Promise<number> {
  let most = 0
  await server.until('the connection to be closed', () => {
    most = Math.max(most, end.writableLength)
    if (end.destroyed) return true
    if (client.writableLength === 0 && client.writable) client.write(bytes)
    return false
  })
  return most
}

/** A floor of which some tens of snapshots fill the kernel's buffers. */
const DESKS = 1_000
const ONE_SNAPSHOT = DESKS * 400

test('who asks for floors and does not read them is closed and its memory bounded, while others go on', async t => {
  for (const [head, message] of [
    [[WEBSOCKET], (frame: string) => text(frame)],
    [[SOCKET_IO, text('40')], (frame: string) => text(`42["frame",${frame}]`)]
  ] as const) {
    const server = await openLive(t, { desks: DESKS, limits: { behindMs: 500 } })
    const reader = new WebSocketClient(t, server.port)
    await server.until('the reader\'s welcome', () => reader.of('welcome').length === 1)
    await server.ask(reader, { type: 'watch', id: '1', floor: 'f1' })
    const slow = await deaf(t, server, ...head)
    await server.until('its session', () => server.stream.sessions.size === 2)
    const most = await flood(server, slow, times(20, Buffer.concat([message(WATCH), message(UNWATCH)])))
    assert.ok(most < STREAM_LIMITS.highMarkBytes + ONE_SNAPSHOT, `${most} bytes waited`)
    assert.equal(server.stream.sessions.size, 1)
    await server.claim('d1')
    await server.until('the reader\'s diff', () => reader.of('diff').length === 1)
    assert.equal(reader.closed, null)
  }
})

test('on every transport a peer with too much waiting is closed at the next change, and its connection cut off', async t => {
  for (const [what, head] of [['WebSocket', [WEBSOCKET, text(WATCH)]], ['Socket.IO', [SOCKET_IO, text('40'), text(`42["frame",${WATCH}]`)]], ['SSE', [EVENTS]]] as const) {
    const server = await openLive(t)
    const { end } = await deaf(t, server, ...head)
    await server.until(`a watcher over ${what}`, () => server.stream.metrics.watching === 1)
    const [socket] = server.opened
    assert.ok(socket !== undefined)
    const filling = new Frame('reply', JSON.stringify({ type: 'reply', id: 'x'.repeat(300_000), ok: true }))
    await server.until('too much to wait', () => {
      socket.send(filling)
      return socket.backlog > STREAM_LIMITS.highMarkBytes
    })
    const waiting = end.writableLength
    await server.claim('d1')
    await server.until('the session to end', () => server.stream.sessions.size === 0)
    assert.equal(server.stream.metrics.slow, 1, what)
    await server.until('the connection to be cut off', () => end.destroyed)
    assert.ok(end.writableLength <= waiting + 1_000, what)
  }
})

test('pings whose pongs are not read end the connection', async t => {
  for (const head of [[WEBSOCKET], [SOCKET_IO, text('40')]]) {
    const server = await openLive(t)
    const most = await flood(server, await deaf(t, server, ...head), times(2_000, PING))
    assert.ok(most < STREAM_LIMITS.highMarkBytes, `${most} bytes waited`)
    await server.until('the session to end', () => server.stream.sessions.size === 0)
  }
})

test('answers of Socket.IO\'s own that are not read end the connection', async t => {
  const server = await openLive(t)
  const peer = await deaf(t, server, SOCKET_IO, text('40'))
  await server.until('the session', () => server.stream.sessions.size === 1)
  const most = await flood(server, peer, times(2_000, text(`40/${'x'.repeat(4_000)},`)))
  assert.ok(most < 64 * STREAM_LIMITS.highMarkBytes, `${most} bytes waited`)
  await server.until('the session to end', () => server.stream.sessions.size === 0)
})
