import { test } from 'tap'
import assert from 'node:assert/strict'
import { Frame } from '../../../src/application/frame.ts'
import type { Socket } from '../../../src/application/watcher.ts'
import { openLive, type LiveServer } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket } from './raw-socket.ts'
import { SocketIoClient } from './socket-io-client.ts'
import { WebSocketClient } from './web-socket-client.ts'

/** Around each of the three forms of a length in RFC 6455. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000]

/** Frames of exactly so many bytes, in letters of one byte and of one to four. */
const FRAMES: readonly Frame[] = LENGTHS.flatMap(bytes => {
  const letters = 'aé€😀'.repeat(Math.ceil(bytes / 10))
  let mixed = Buffer.from(letters).subarray(0, bytes).toString().replace(/\uFFFD+$/, '')
  mixed += 'z'.repeat(bytes - Buffer.byteLength(mixed))
  return [new Frame('reply', 'x'.repeat(bytes)), new Frame('reply', mixed)]
})

/** What the only session writes to. */
function only ({ opened }: LiveServer): Socket {
  const [socket] = opened
  assert.ok(socket !== undefined && opened.length === 1)
  return socket
}

test('the frames are of the lengths that matter', async () => {
  assert.deepEqual(FRAMES.map(({ text }) => Buffer.byteLength(text)), LENGTHS.flatMap(bytes => [bytes, bytes]))
})

test('whole messages under the WebSocket library arrive byte for byte and in order, with its pings, pongs and close frame between them', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer display'])
  await server.until('the welcome', () => raw.frames.length === 1)
  const socket = only(server)
  for (const [i, frame] of FRAMES.entries()) {
    socket.send(frame)
    raw.tcp.write(clientFrame({ opcode: OPCODE.ping, payload: Buffer.from([i]) }))
    // The library's own frame, written between two of ours.
    if (i % 4 === 0) (socket as Socket & { turn (): void }).turn()
    raw.tcp.write(clientFrame({ opcode: OPCODE.pong, payload: Buffer.alloc(0) }))
    await server.until('the pong', () => raw.frames.filter(({ opcode }) => opcode === OPCODE.pong).length === i + 1)
  }
  for (const frame of FRAMES) socket.send(frame)
  socket.close('RELOAD')
  socket.send(new Frame('reply', 'too late'))
  await server.until('the close frame', () => raw.closeCode !== undefined)
  const { frames } = raw
  assert.ok(frames.every(({ fin, reserved }) => fin === true && reserved === 0))
  const messages = frames.filter(({ opcode }) => opcode === OPCODE.text).slice(1).map(({ payload }) => payload)
  const expected = [...FRAMES, ...FRAMES].map(({ text }) => Buffer.from(text))
  assert.deepEqual(messages.map(({ length }) => length), expected.map(({ length }) => length))
  assert.ok(messages.every((message, i) => message.equals(expected[i] ?? Buffer.from('?'))))
  assert.equal(frames.filter(({ opcode }) => opcode === OPCODE.ping).length, FRAMES.length / 4)
  assert.deepEqual(frames.filter(({ opcode }) => opcode === OPCODE.pong).map(({ payload }) => payload[0]), FRAMES.map((_, i) => i))
  assert.deepEqual([frames.at(-1)?.opcode, raw.closeCode], [OPCODE.close, 4003])
})

test('another WebSocket library reads them as text', async t => {
  const server = await openLive(t)
  const client = new WebSocketClient(t, server.port)
  await server.until('the welcome', () => client.of('welcome').length === 1)
  const frames = FRAMES.map(({ text }) => new Frame('reply', JSON.stringify({ type: 'reply', id: text, ok: true })))
  for (const frame of frames) only(server).send(frame)
  await server.until('all of them', () => client.texts.length === 1 + frames.length)
  assert.ok(client.texts.slice(1).every((text, i) => text === frames[i]?.text))
})

test('one buffer serves all sockets and is never written to again', async t => {
  const server = await openLive(t)
  const clients = Array.from({ length: 3 }, () => new WebSocketClient(t, server.port))
  await server.until('all welcomes', () => clients.every(client => client.of('welcome').length === 1))
  const frame = new Frame('reply', JSON.stringify({ type: 'reply', id: 'é'.repeat(40_000), ok: true }))
  for (let i = 0; i < 3; i++) for (const socket of server.opened) socket.send(frame)
  await server.until('all of them', () => clients.every(({ texts }) => texts.length === 4))
  assert.ok(clients.every(({ texts }) => texts.slice(1).every(text => text === frame.text)))
})

test('the backlog of a WebSocket is what its connection has not taken', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer display'])
  raw.tcp.pause()
  const frame = new Frame('reply', 'x'.repeat(1_000_000))
  const socket = only(server)
  assert.equal(socket.backlog, 0)
  await server.until('the kernel to be full', () => {
    socket.send(frame)
    return socket.backlog > 5_000_000
  })
  const before = socket.backlog
  socket.send(frame)
  assert.equal(socket.backlog, before + frame.bytes + 10)
  raw.tcp.resume()
  await server.until('everything to be taken', () => socket.backlog === 0)
})

test('packets made ahead arrive over Socket.IO as its own would, in order and with its own between them', async t => {
  const server = await openLive(t)
  const client = new SocketIoClient(t, server.port)
  await server.until('the welcome', () => client.of('welcome').length === 1)
  const frames = FRAMES.map(({ text }) => new Frame('reply', JSON.stringify({ type: 'reply', id: text, ok: true })))
  const socket = only(server)
  for (const frame of frames) socket.send(frame)
  await server.until('all of them', () => client.frames.length === 1 + frames.length)
  assert.deepEqual(client.frames.slice(1).map(frame => JSON.stringify(frame) === JSON.stringify(JSON.parse(frames[client.frames.indexOf(frame) - 1]?.text ?? ''))), frames.map(() => true))
  await server.until('all to be taken', () => socket.backlog === 0)
  for (const frame of frames) socket.send(frame)
  socket.close('RELOAD')
  socket.send(new Frame('reply', '{}'))
  await server.until('the end', () => client.gone)
  assert.deepEqual([client.frames.length, client.closed?.code], [1 + 2 * frames.length, 4003])
})

test('the backlog over Socket.IO is what its connection has not taken', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/socket.io/?EIO=4&transport=websocket')
  raw.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from('40{"token":"admin"}') }))
  await server.until('the session', () => server.opened.length === 1)
  raw.tcp.pause()
  const frame = new Frame('reply', JSON.stringify({ text: 'x'.repeat(1_000_000) }))
  const socket = only(server)
  await server.until('the kernel to be full', () => {
    socket.send(frame)
    return socket.backlog > 5_000_000
  })
  const before = socket.backlog
  socket.send(frame)
  assert.equal(socket.backlog, before + frame.bytes)
  raw.tcp.resume()
  await server.until('everything to be taken', () => socket.backlog === 0)
})
