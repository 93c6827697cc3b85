import { test } from 'tap'
import assert from 'node:assert/strict'
import { Frame } from '../../../src/application/frame.ts'
import { STREAM_LIMITS } from '../../../src/application/stream-limits.ts'
import type { ServerFrame } from '../../../src/protocol/frames.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { ClientReplica } from '../../harness/client-replica.ts'
import { openLive, type LiveServer } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket } from './raw-socket.ts'
import { WebSocketClient } from './web-socket-client.ts'

const DESKS = 60
const AS_DISPLAY = ['authorization: Bearer display']

const filling = new Frame('reply', JSON.stringify({ type: 'reply', id: 'x'.repeat(200_000), ok: true }))

/** A watcher that reads nothing from now on, and of which more than `bytes` wait in this process. */
async function stalled (t: Cleanup, server: LiveServer, bytes: number): Promise<RawSocket> {
  const raw = await RawSocket.upgraded(t, server.port, '/v1/live', AS_DISPLAY)
  send(raw, { type: 'watch', id: '1', floor: 'f1' })
  await server.until('its snapshot', () => read(raw).some(({ type }) => type === 'snapshot'))
  raw.tcp.pause()
  const socket = server.opened.at(-1)
  assert.ok(socket !== undefined)
  await server.until('enough to wait', () => {
    if (socket.backlog <= bytes) socket.send(filling)
    return socket.backlog > bytes
  })
  return raw
}

function send (raw: RawSocket, frame: unknown): void {
  raw.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from(JSON.stringify(frame)) }))
}

function read (raw: RawSocket): ServerFrame[] {
  return raw.frames.filter(({ opcode }) => opcode === OPCODE.text).map(({ payload }) => JSON.parse(String(payload)) as ServerFrame)
}

/** What a client of these frames has in the end. */
function held (frames: readonly ServerFrame[]): ClientReplica {
  const client = new ClientReplica('anonymous')
  for (const frame of frames) assert.equal(client.receive(frame), null)
  return client
}

async function asStored (t: Cleanup, server: LiveServer): Promise<unknown> {
  const fresh = new WebSocketClient(t, server.port, 'display')
  await server.until('the welcome', () => fresh.of('welcome').length === 1)
  await server.ask(fresh, { type: 'watch', id: '1', floor: 'f1' })
  await server.until('its snapshot', () => fresh.of('snapshot').length === 1)
  return plain(held(fresh.frames))
}

function plain (client: ClientReplica): unknown {
  const floor = client.floors.get('f1')
  return JSON.parse(JSON.stringify({ ...floor, views: Object.fromEntries([...floor?.views ?? []].sort(([a], [b]) => a < b ? -1 : 1)) }))
}

test('a peer that was passed by and reads on gets all that changed in one diff, and has the floor as it is', async t => {
  const server = await openLive(t, { desks: DESKS })
  const raw = await stalled(t, server, STREAM_LIMITS.lowMarkBytes)
  for (let i = 1; i <= 5; i++) {
    const claim = await server.claim(`d${i}`)
    if (i < 5) await server.app.inject({ method: 'POST', url: `/v1/claims/${claim}/release`, headers: { authorization: 'Bearer member:ada' }, payload: { await: 'accepted' } })
  }
  await server.until('it to be passed by', () => server.stream.metrics.passed === 1)
  const before = raw.body.length
  raw.tcp.resume()
  await server.until('a diff', () => read(raw).some(({ type }) => type === 'diff'))
  assert.ok(raw.body.length > before)
  const frames = read(raw)
  assert.equal(frames.filter(({ type }) => type === 'diff').length, 1)
  assert.deepEqual(plain(held(frames)), await asStored(t, server))
  assert.equal(server.stream.metrics.slow, 0)
})

test('a peer that is closed TOO_SLOW and comes back with its position has the floor as it is', async t => {
  const server = await openLive(t, { desks: DESKS })
  const raw = await stalled(t, server, STREAM_LIMITS.highMarkBytes)
  await server.claim('d1')
  await server.until('it to be closed', () => server.stream.metrics.slow === 1)
  // At once, or its connection is cut off; it reads what was sent before, byte for byte, and why it ends.
  raw.tcp.resume()
  await server.until('why', () => raw.closeCode !== undefined)
  assert.equal(raw.closeCode, 4001)
  const frames = read(raw)
  assert.ok(frames.filter(({ type }) => type === 'reply').slice(1).every(frame => JSON.stringify(frame) === filling.text))
  const client = held(frames)
  const { epoch, seq } = client.floors.get('f1') ?? {}
  await server.claim('d2', 'member:ben')
  const again = new WebSocketClient(t, server.port, 'display')
  await server.until('the welcome', () => again.of('welcome').length === 1)
  await server.ask(again, { type: 'watch', id: '1', floor: 'f1', audience: 'anonymous', epoch, seq })
  await server.until('a diff', () => again.of('diff').length === 1)
  assert.equal(again.of('snapshot').length, 0)
  for (const frame of again.frames) assert.equal(client.receive(frame), null)
  assert.deepEqual(plain(client), await asStored(t, server))
})

test('what waits for a stalled peer is never overwritten by what others are sent meanwhile', async t => {
  const server = await openLive(t)
  const [slow, quick] = [await RawSocket.upgraded(t, server.port, '/v1/live', AS_DISPLAY), await RawSocket.upgraded(t, server.port, '/v1/live', AS_DISPLAY)]
  await server.until('both sessions', () => server.opened.length === 2)
  await server.until('both welcomes', () => slow.frames.length === 1 && quick.frames.length === 1)
  slow.tcp.pause()
  const [toSlow, toQuick] = server.opened
  assert.ok(toSlow !== undefined && toQuick !== undefined)
  const sent: Frame[] = []
  await server.until('the kernel to be full', () => {
    const frame = new Frame('reply', `${sent.length} ${'€'.repeat(100 + 40_000 * (sent.length % 7))}`)
    sent.push(frame)
    for (const socket of [toSlow, toQuick]) socket.send(frame)
    return toSlow.backlog > 2_000_000
  })
  // Buffers that were let go would be handed out again.
  const others = Array.from({ length: 200 }, (_, i) => new Frame('reply', String(i % 10).repeat(100_000)))
  for (const frame of others) toQuick.send(frame)
  await server.until('the quick one to have all', () => quick.frames.length === 1 + sent.length + others.length)
  slow.tcp.resume()
  await server.until('the slow one to have all', () => slow.frames.length === 1 + sent.length)
  assert.ok(slow.frames.slice(1).every(({ payload }, i) => String(payload) === sent[i]?.text))
})
