import { test } from 'tap'
import assert from 'node:assert/strict'
import { TICKET_MS } from '../../../src/application/ticketing.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { ADA } from '../../harness/stream-node.ts'
import { EventClient } from './event-client.ts'
import { openLive, type LiveServer } from './open-live.ts'
import { clientFrame, OPCODE, RawSocket, upgradeRequest } from './raw-socket.ts'

/** The address of each transport, to which a query may be added. */
const STREAMS = { websocket: '/v1/live?', 'socket.io': '/socket.io/?EIO=4&transport=websocket&', sse: '/v1/floors/f1/events?' } as const
type Transport = keyof typeof STREAMS

/** Answered before any handshake; 101 and 200 are those who came in. */
async function statusOf (t: Cleanup, server: LiveServer, transport: Transport, query: string, headers: readonly string[] = []): Promise<number> {
  const raw = new RawSocket(t, server.port)
  const path = STREAMS[transport] + query
  raw.tcp.write(transport === 'sse' ? `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n${headers.map(line => `${line}\r\n`).join('')}\r\n` : upgradeRequest(path, headers))
  await server.until('an answer', () => raw.head !== '')
  raw.tcp.destroy()
  return Number(raw.head.split(' ')[1])
}

for (const transport of ['websocket', 'socket.io', 'sse'] as const) {
  const welcome = transport === 'sse' ? 200 : 101

  test(`a ticket lets its holder in over ${transport}, once`, async t => {
    const server = await openLive(t)
    const ticket = await server.ticket(ADA)
    assert.equal(await statusOf(t, server, transport, `ticket=${ticket}`), welcome)
    assert.equal(await statusOf(t, server, transport, `ticket=${ticket}`), 401)
  })

  test(`what is no ticket is refused over ${transport} before any handshake: made up, used up, too old, several, beside a token, a token in its place`, async t => {
    const server = await openLive(t)
    const tickets = await Promise.all(Array.from({ length: 4 }, async () => await server.ticket(ADA)))
    assert.equal(await statusOf(t, server, transport, `ticket=${'A'.repeat(43)}`), 401)
    assert.equal(await statusOf(t, server, transport, 'ticket='), 401)
    assert.equal(await statusOf(t, server, transport, 'ticket=admin'), 401)
    assert.equal(await statusOf(t, server, transport, 'ticket=perch_0123456789abcdef_' + 'A'.repeat(43)), 401)
    assert.equal(await statusOf(t, server, transport, `ticket=${tickets[0]}&ticket=${tickets[1]}`), 400)
    assert.equal(await statusOf(t, server, transport, `ticket=${tickets[0]}`, ['authorization: Bearer admin']), 400)
    assert.equal(await statusOf(t, server, transport, `ticket=${tickets[0]}`), welcome, 'what was refused unlooked at is as good as before')
    server.building.clock.pass(TICKET_MS)
    assert.equal(await statusOf(t, server, transport, `ticket=${tickets[2]}`), 401)
  })

  test(`a token in the address lets nobody in over ${transport}`, async t => {
    const server = await openLive(t)
    for (const name of ['token', 'access_token', 'authorization', 'bearer']) {
      const status = await statusOf(t, server, transport, `${name}=admin`)
      // Over Socket.IO who somebody is comes with the first packet, and the address has no say in it.
      if (transport === 'socket.io') assert.equal(server.stream.sessions.size, 0)
      else assert.ok(status === 401 || status === 400, `${name}: ${status}`)
    }
  })
}

test('who came with a ticket sees and does what its holder may', async t => {
  const server = await openLive(t)
  const events = new EventClient(t, server.port, { token: null, path: `/v1/floors/f1/events?ticket=${await server.ticket(ADA)}` })
  await server.until('the snapshot', () => events.of('snapshot').length === 1)
  assert.equal(events.of('snapshot')[0]?.audience, 'named')
  const raw = await RawSocket.upgraded(t, server.port, `/v1/live?ticket=${await server.ticket({ ...ADA, role: 'display', person: null })}`)
  await server.until('the session', () => server.stream.sessions.size === 2)
  assert.equal(raw.closed, false)
})

test('over Socket.IO a ticket is enough: no token has to come with the first packet', async t => {
  const server = await openLive(t)
  const raw = await RawSocket.upgraded(t, server.port, `/socket.io/?EIO=4&transport=websocket&ticket=${await server.ticket(ADA)}`)
  raw.tcp.write(clientFrame({ opcode: OPCODE.text, payload: Buffer.from('40') }))
  await server.until('the welcome', () => raw.frames.some(({ payload }) => String(payload).includes('"type":"welcome"')))
})

test('no ticket is in the log, whatever becomes of it', async t => {
  const server = await openLive(t)
  const tickets = await Promise.all(Array.from({ length: 4 }, async () => await server.ticket(ADA)))
  for (const [i, transport] of (['websocket', 'socket.io', 'sse'] as const).entries()) {
    for (let twice = 0; twice < 2; twice++) await statusOf(t, server, transport, `ticket=${tickets[i]}`)
  }
  await server.app.inject({ url: `/v1/floors?ticket=${tickets[3]}` })
  await server.app.inject({ url: `/nowhere?ticket=${tickets[3]}` })
  assert.ok(server.lines.all.length > 0)
  for (const line of server.lines.all) for (const ticket of tickets) assert.ok(!line.includes(ticket), line)
  assert.deepEqual(server.stream.errors, [])
})
