import { test } from 'tap'
import assert from 'node:assert/strict'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import type { ServerFrame } from '../../../src/protocol/frames.ts'
import { openLive } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket, type RawFrame } from './raw-socket.ts'
import { WebSocketClient } from './web-socket-client.ts'

const ADMIN = 'authorization: Bearer admin'
const OFFER = 'sec-websocket-extensions: permessage-deflate; client_max_window_bits'
const COMPRESSED = 4
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff])
const LIMIT = 16 * 1024
/** So many that a snapshot is worth deflating and a diff is not. */
const DESKS = 100

const deflated = (text: string | Buffer): Buffer => deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -TAIL.length)
const inflated = ({ payload, reserved }: RawFrame): string =>
  String(reserved === COMPRESSED ? inflateRawSync(Buffer.concat([payload, TAIL]), { finishFlush: constants.Z_SYNC_FLUSH }) : payload)
const watch = (id: string): string => JSON.stringify({ type: 'watch', id, floor: 'f1', audience: 'anonymous' })

function textsOf (raw: RawSocket): Array<{ frame: ServerFrame, compressed: boolean, payload: Buffer }> {
  return raw.frames.filter(({ opcode }) => opcode === OPCODE.text)
    .map(raw => ({ frame: JSON.parse(inflated(raw)) as ServerFrame, compressed: raw.reserved === COMPRESSED, payload: raw.payload }))
}

const snapshotOf = (raw: RawSocket) => textsOf(raw).find(({ frame }) => frame.type === 'snapshot')

test('whoever offers it gets the snapshot deflated, for itself alone and the same for all, and what is small as it is', async t => {
  const server = await openLive(t, { desks: DESKS })
  const peers = await Promise.all([OFFER, OFFER, 'x-none: 1'].map(async offer => await RawSocket.upgraded(t, server.port, '/v1/live', [ADMIN, offer])))
  for (const raw of peers) raw.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from(watch('1')) }))
  await server.until('the snapshots', () => peers.every(raw => snapshotOf(raw) !== undefined))
  const [first, second, plain] = peers.map(snapshotOf)
  assert.deepEqual([first?.compressed, second?.compressed, plain?.compressed], [true, true, false])
  assert.deepEqual(first?.payload, second?.payload)
  assert.deepEqual(first?.frame, plain?.frame)
  assert.ok((first?.payload.length ?? 0) < (plain?.payload.length ?? 0) / 5)
  await server.claim('d1')
  await server.until('the diffs', () => peers.every(raw => textsOf(raw).some(({ frame }) => frame.type === 'diff')))
  assert.ok(peers.every(raw => textsOf(raw).every(({ frame, compressed }) => frame.type === 'snapshot' || !compressed)))
  const [extensions, none] = [peers[0], peers[2]].map(raw => /^sec-websocket-extensions: (.*)$/mi.exec(raw?.head ?? '')?.[1]?.split('; ').sort())
  assert.deepEqual([extensions, none], [['client_no_context_takeover', 'permessage-deflate', 'server_no_context_takeover'], undefined])
})

test('a peer that cannot hold the whole window gets nothing deflated', async t => {
  const server = await openLive(t, { desks: DESKS })
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', [ADMIN, 'sec-websocket-extensions: permessage-deflate; server_max_window_bits=10'])
  raw.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from(watch('1')) }))
  await server.until('the snapshot', () => snapshotOf(raw) !== undefined)
  assert.equal(snapshotOf(raw)?.compressed, false)
})

test('a peer may deflate its frames, whole or in fragments, and mix them with plain ones', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', [ADMIN, OFFER])
  const [whole, parted] = [deflated(watch('whole')), deflated(watch('parted'))]
  raw.tcp.write(Buffer.concat([
    clientFrame({ opcode: OPCODE.text, payload: whole, reserved: COMPRESSED }),
    clientFrame({ opcode: OPCODE.text, payload: Buffer.from(watch('plain')) }),
    clientFrame({ opcode: OPCODE.text, payload: parted.subarray(0, 5), reserved: COMPRESSED, fin: false }),
    clientFrame({ opcode: OPCODE.ping, payload: Buffer.from('between') }),
    clientFrame({ opcode: OPCODE.continuation, payload: parted.subarray(5, 9), fin: false }),
    clientFrame({ opcode: OPCODE.continuation, payload: parted.subarray(9) }),
    clientFrame({ opcode: OPCODE.text, payload: whole, reserved: COMPRESSED })
  ]))
  const replies = () => textsOf(raw).flatMap(({ frame }) => frame.type === 'reply' ? [`${frame.id} ${String(frame.ok)}`] : [])
  await server.until('four replies', () => replies().length === 4)
  assert.deepEqual(replies(), ['whole true', 'plain true', 'parted true', 'whole true'])
  assert.equal(raw.frames.filter(({ opcode }) => opcode === OPCODE.pong).length, 1)
})

test('a library that deflates whatever it sends is served', async t => {
  const server = await openLive(t, { desks: DESKS })
  const client = new WebSocketClient(t, server.port, 'admin', { perMessageDeflate: { threshold: 0 } })
  await server.until('the welcome', () => client.of('welcome').length === 1)
  client.send(watch('1'))
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  assert.equal(client.of('snapshot')[0]?.spaces.length, DESKS)
})

test('what would inflate to more than is taken, or is not deflated at all, ends the connection and leaves nothing', async t => {
  const server = await openLive(t)
  const bomb = deflated(Buffer.alloc(10 * 1024 * 1024, 'x'))
  assert.ok(bomb.length < LIMIT)
  for (const [what, payload, code] of [
    ['ten megabytes in ten kilobytes', bomb, 1009],
    ['one byte too much', deflated(Buffer.alloc(LIMIT + 1, 'x')), 1009],
    ['the most that is taken, which is no frame of ours', deflated(Buffer.alloc(LIMIT, 'x')), 4100],
    ['no deflated data', Buffer.from('watch'), 1007],
    ['deflated text that is not UTF-8', deflated(Buffer.from([0x22, 0xc3, 0x28, 0x22])), 1007]
  ] as const) {
    const raw = await RawSocket.upgraded(t, server.port, '/v1/live', [ADMIN, OFFER])
    raw.tcp.write(clientFrame({ opcode: OPCODE.text, payload, reserved: COMPRESSED }))
    await server.until(`a close code for ${what}`, () => raw.closeCode !== undefined || raw.closed)
    assert.equal(raw.closeCode, code, what)
    raw.tcp.end(clientFrame({ opcode: OPCODE.close, payload: Buffer.from([0x03, 0xe8]) }))
    await server.until(`the end after ${what}`, () => raw.closed)
    await server.until(`nothing to be left after ${what}`, () => server.sockets.size === 0 && server.stream.sessions.size === 0 && server.stream.clock.timers === 0)
  }
  assert.deepEqual(server.stream.errors, [])
})
