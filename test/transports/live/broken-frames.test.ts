import { test } from 'tap'
import assert from 'node:assert/strict'
import { openLive } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket, type RawFrame } from './raw-socket.ts'

const { text, binary, continuation, close, ping, pong } = OPCODE
const LIMIT = 16 * 1024
const WATCH = Buffer.from('{"type":"watch","id":"1","floor":"f1"}')

const bytes = (...frames: RawFrame[]): Buffer => Buffer.concat(frames.map(clientFrame))
const filled = (length: number): Buffer => Buffer.alloc(length, 'x')
const fragments = (count: number): RawFrame[] => Array.from({ length: count }, (_, i) => ({ opcode: i === 0 ? text : continuation, payload: filled(1), fin: i === count - 1 }))
/** A frame's header that promises more than ever comes. */
const promised = (length: bigint): Buffer => {
  const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
  header.writeBigUInt64BE(length, 2)
  return header
}

/** What is no frame of RFC 6455, or more than is taken, and the code that ends it. */
const BROKEN: ReadonlyArray<readonly [string, Buffer, number]> = [
  ['a text message larger than 16 KiB', bytes({ opcode: text, payload: filled(LIMIT + 1) }), 1009],
  ['a promise of 4 GiB', promised(2n ** 32n), 1009],
  ['a promise of more than a number can say', promised(2n ** 63n - 1n), 1009],
  ['fragments that are too large together', bytes({ opcode: text, payload: filled(LIMIT), fin: false }, { opcode: continuation, payload: filled(1) }), 1009],
  ['too many fragments', bytes(...fragments(17)), 1008],
  ['a frame that is not masked', bytes({ opcode: text, payload: WATCH, masked: false }), 1002],
  ['the first reserved bit', bytes({ opcode: text, payload: WATCH, reserved: 4 }), 1002],
  ['the second reserved bit', bytes({ opcode: text, payload: WATCH, reserved: 2 }), 1002],
  ['the third reserved bit', bytes({ opcode: text, payload: WATCH, reserved: 1 }), 1002],
  ['an opcode that is reserved', bytes({ opcode: 3, payload: WATCH }), 1002],
  ['a control opcode that is reserved', bytes({ opcode: 11, payload: filled(1) }), 1002],
  ['a continuation of nothing', bytes({ opcode: continuation, payload: WATCH }), 1002],
  ['a message within a message', bytes({ opcode: text, payload: WATCH, fin: false }, { opcode: text, payload: WATCH }), 1002],
  ['a ping in fragments', bytes({ opcode: ping, payload: filled(1), fin: false }), 1002],
  ['a ping that is too long', bytes({ opcode: ping, payload: filled(126) }), 1002],
  ['a close frame of one byte', bytes({ opcode: close, payload: filled(1) }), 1002],
  ['a close code that nobody may send', bytes({ opcode: close, payload: Buffer.from([0x03, 0xed]) }), 1002],
  ['text that is not UTF-8', bytes({ opcode: text, payload: Buffer.from([0x22, 0xc3, 0x28, 0x22]) }), 1007],
  ['half a surrogate', bytes({ opcode: text, payload: Buffer.from([0xed, 0xa0, 0x80]) }), 1007],
  ['a reason that is not UTF-8', bytes({ opcode: close, payload: Buffer.from([0x03, 0xe8, 0xff]) }), 1007],
  ['a binary message', bytes({ opcode: binary, payload: WATCH }), 4100],
  ['a text message that is no frame of ours', bytes({ opcode: text, payload: filled(10) }), 4100],
  ['a text message of the largest size that is no frame of ours', bytes({ opcode: text, payload: filled(LIMIT) }), 4100],
  ['an empty message', bytes({ opcode: text, payload: filled(0) }), 4100]
]

test('each frame that breaks the protocol is answered with its close code, and the connection ends', async t => {
  const server = await openLive(t)
  const listeners = server.app.server.eventNames().map(name => server.app.server.listenerCount(name))
  for (const [what, broken, code] of BROKEN) {
    const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
    raw.tcp.write(broken)
    await server.until(`a close code for ${what}`, () => raw.closeCode !== undefined || raw.closed)
    assert.equal(raw.closeCode, code, what)
    raw.tcp.end(clientFrame({ opcode: close, payload: Buffer.from([0x03, 0xe8]) }))
    await server.until(`the end after ${what}`, () => raw.closed)
    await server.until(`nothing to be left after ${what}`, () => server.sockets.size === 0 && server.stream.sessions.size === 0 && server.stream.clock.timers === 0)
    assert.deepEqual(server.app.server.eventNames().map(name => server.app.server.listenerCount(name)), listeners, what)
  }
  await server.until('no session', () => server.stream.sessions.size === 0)
  assert.equal(server.stream.clock.timers, 0)
})

test('what follows a broken frame is not heard, and a peer that never says goodbye is cut off', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  raw.tcp.write(Buffer.concat([bytes({ opcode: text, payload: filled(LIMIT + 1) }), ...Array.from({ length: 200 }, () => bytes({ opcode: text, payload: WATCH }))]))
  await server.until('the connection to end', () => raw.closed)
  assert.deepEqual([raw.closeCode, raw.frames.filter(({ payload }) => payload.includes('reply')).length], [1009, 0])
})

test('a message in as many fragments as are allowed, with pings between them, is one message', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  const parts = Array.from({ length: 16 }, (_, i) => WATCH.subarray(Math.floor(i * WATCH.length / 16), Math.floor((i + 1) * WATCH.length / 16)))
  for (const [i, payload] of parts.entries()) raw.tcp.write(bytes({ opcode: i === 0 ? text : continuation, payload, fin: i === 15 }, { opcode: ping, payload: Buffer.from([i]) }, { opcode: pong, payload: filled(3) }))
  await server.until('the snapshot', () => raw.frames.some(({ payload }) => payload.includes('"type":"snapshot"')))
  assert.deepEqual(raw.frames.filter(({ opcode }) => opcode === pong).map(({ payload }) => payload[0]), Array.from({ length: 16 }, (_, i) => i))
  assert.equal(raw.closeCode, undefined)
})

test('a message that comes byte by byte is one message', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
  raw.tcp.setNoDelay(true)
  for (const byte of bytes({ opcode: text, payload: WATCH })) raw.tcp.write(Buffer.from([byte]))
  await server.until('the snapshot', () => raw.frames.some(({ payload }) => payload.includes('"type":"snapshot"')))
})

test('what comes in one packet with the upgrade is heard', async t => {
  const server = await openLive(t)
  const raw = new RawSocket(t, server.port)
  const head = 'GET /v1/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nauthorization: Bearer admin\r\n\r\n'
  raw.tcp.write(Buffer.concat([Buffer.from(head), bytes({ opcode: text, payload: WATCH })]))
  await server.until('the snapshot', () => raw.frames.some(({ payload }) => payload.includes('"type":"snapshot"')))
})

test('a close frame is answered with its code', async t => {
  const server = await openLive(t)
  for (const code of [1000, 1001, 3000, 4999]) {
    const raw = await RawSocket.upgraded(t, server.port, '/v1/live', ['authorization: Bearer admin'])
    const payload = Buffer.alloc(2)
    payload.writeUInt16BE(code)
    raw.tcp.write(clientFrame({ opcode: close, payload }))
    await server.until('the end', () => raw.closed)
    assert.equal(raw.closeCode, code)
  }
})

test('over Socket.IO what breaks the WebSocket protocol ends the connection, too', async t => {
  const server = await openLive(t)
  for (const [what, broken, code] of BROKEN.filter(([,, code]) => code < 4000)) {
    const raw = await RawSocket.upgraded(t, server.port, '/socket.io/?EIO=4&transport=websocket')
    raw.tcp.write(Buffer.concat([bytes({ opcode: text, payload: Buffer.from('40{"token":"admin"}') }), broken]))
    await server.until(`a close code for ${what}`, () => raw.closeCode !== undefined || raw.closed)
    assert.equal(raw.closeCode, code, what)
    raw.tcp.destroy()
  }
  await server.until('no session', () => server.stream.sessions.size === 0)
})
