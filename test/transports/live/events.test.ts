import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Authenticator, Principal } from '../../../src/application/principal.ts'
import { STREAM_LIMITS } from '../../../src/application/stream-limits.ts'
import { MINUTE } from '../../../src/domain/time.ts'
import { byRole } from '../http/open-server.ts'
import { EventClient } from './event-client.ts'
import { openLive } from './open-live.ts'

test('a client is welcomed, gets the floor and then the diff of a claim made over HTTP', async t => {
  const server = await openLive(t)
  const client = new EventClient(t, server.port, { token: 'display' })
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  assert.deepEqual(client.frames.map(({ type }) => type), ['welcome', 'snapshot'])
  const { epoch, seq } = client.of('snapshot')[0] ?? {}
  assert.equal(client.lastEventId, `${epoch}-${seq}-anonymous`)
  assert.ok(client.retryMs !== null && client.retryMs >= 250 && client.retryMs <= 3_000)
  assert.deepEqual([client.status, client.headers['cache-control'], client.headers['x-accel-buffering']], [200, 'no-store', 'no'])
  assert.equal(client.headers['x-content-type-options'], 'nosniff')
  await server.claim('d1')
  await server.until('the diff', () => client.of('diff').length === 1)
  const [diff] = client.of('diff')
  assert.deepEqual([diff?.from, diff?.spaces.map(({ id, status }) => [id, status])], [seq, [['d1', 'reserved']]])
  assert.equal(client.lastEventId, `${epoch}-${diff?.to}-anonymous`)
})

test('who comes back with the last event id gets what changed since, not the floor', async t => {
  const server = await openLive(t)
  const first = new EventClient(t, server.port, { path: '/v1/floors/f1/events?audience=anonymous' })
  await server.until('the snapshot', () => first.of('snapshot').length === 1)
  first.request.destroy()
  await server.until('the session to end', () => server.stream.sessions.size === 0)
  await server.claim('d1')
  const second = new EventClient(t, server.port, { headers: { 'last-event-id': String(first.lastEventId) } })
  await server.until('the diff', () => second.of('diff').length === 1)
  assert.deepEqual([second.of('snapshot').length, second.of('diff')[0]?.from], [0, first.of('snapshot')[0]?.seq])
  assert.match(String(second.lastEventId), /-anonymous$/)
})

test('a last event id that is none, or of another audience, gets the whole floor', async t => {
  const server = await openLive(t)
  for (const id of ['', 'x', '1-1', '1-1-everything', '99999999999999999999-1-named', '1-1-named', '-1--1-counts', '1-1-counts']) {
    const client = new EventClient(t, server.port, { path: '/v1/floors/f1/events?audience=anonymous', headers: { 'last-event-id': id } })
    await server.until(`the snapshot for ${id}`, () => client.of('snapshot').length === 1)
    assert.equal(client.of('snapshot')[0]?.audience, 'anonymous')
    client.request.destroy()
  }
})

test('a refusal is an ordinary answer', async t => {
  const server = await openLive(t)
  for (const [token, path, status, code] of [
    [null, '/v1/floors/f1/events', 401, 'UNAUTHENTICATED'],
    ['forged', '/v1/floors/f1/events', 401, 'UNAUTHENTICATED'],
    ['admin', '/v1/floors/nowhere/events', 404, 'FLOOR_UNKNOWN'],
    ['sensor', '/v1/floors/f1/events', 403, 'FORBIDDEN'],
    ['admin', '/v1/floors/f1/events?audience=everything', 400, 'BAD_REQUEST'],
    ['admin', '/v1/floors/%00/events', 400, 'BAD_REQUEST'],
    ['admin', '/v1/floors/f1/events?more=1', 400, 'BAD_REQUEST']
  ] as const) {
    const client = new EventClient(t, server.port, { token, path })
    await server.until('the answer', () => client.gone)
    assert.deepEqual([client.status, JSON.parse(client.body).code, client.headers['content-type']], [status, code, 'application/json; charset=utf-8'], path)
  }
  assert.equal(server.stream.metrics.open, 0)
})

test('nobody is given more than they may see', async t => {
  const server = await openLive(t)
  const client = new EventClient(t, server.port, { token: 'display', path: '/v1/floors/f1/events?audience=named' })
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  assert.equal(client.of('snapshot')[0]?.audience, 'anonymous')
})

test('a stream has no head to be asked for', async t => {
  const server = await openLive(t)
  const client = new EventClient(t, server.port, { method: 'HEAD' })
  await server.until('the answer', () => client.gone)
  assert.deepEqual([client.status, server.stream.metrics.open], [404, 0])
})

test('drain says bye and why, and ends the stream; newcomers get no stream', async t => {
  const server = await openLive(t)
  const client = new EventClient(t, server.port)
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  await server.stream.sessions.drain()
  await server.until('the end', () => client.gone)
  assert.deepEqual([client.of('bye').length, client.closed?.code], [1, 4000])
  const late = new EventClient(t, server.port)
  await server.until('the end', () => late.gone)
  assert.deepEqual([late.status, JSON.parse(late.body).code, late.frames, server.opened.length], [503, 'UNAVAILABLE', [], 1])
  assert.deepEqual([server.stream.metrics.open, server.stream.metrics.watching], [0, 0])
})

/** Looks at credentials when it is told to. */
class Hesitant implements Authenticator {
  go = (): void => {}
  readonly #told = new Promise<void>(resolve => { this.go = resolve })
  waiting = 0

  async authenticate (...asked: Parameters<Authenticator['authenticate']>): Promise<Principal> {
    this.waiting++
    await this.#told
    return await byRole.authenticate(...asked)
  }
}

test('who was let in before a drain began is told of it in the stream', async t => {
  const authenticator = new Hesitant()
  const server = await openLive(t, { authenticator })
  const client = new EventClient(t, server.port)
  await server.until('the credentials to be looked at', () => authenticator.waiting === 1)
  await server.stream.sessions.drain()
  authenticator.go()
  await server.until('the end', () => client.gone)
  assert.deepEqual([client.status, client.frames.map(({ type }) => type), client.closed?.code], [200, ['welcome', 'bye'], 4000])
})

test('who leaves while the credentials are looked at leaves nothing behind', async t => {
  const authenticator = new Hesitant()
  const server = await openLive(t, { authenticator })
  const client = new EventClient(t, server.port)
  await server.until('the credentials to be looked at', () => authenticator.waiting === 1)
  client.request.destroy()
  await server.until('the connection to end', () => server.sockets.size === 0)
  authenticator.go()
  const next = new EventClient(t, server.port)
  await server.until('the next one\'s snapshot', () => next.of('snapshot').length === 1)
  await server.until('one session', () => server.stream.metrics.open === 1)
  assert.equal(server.stream.metrics.watching, 1)
})

test('nothing is left when all have gone: no session, no watcher, no timer', async t => {
  const server = await openLive(t)
  const clients = Array.from({ length: 4 }, () => new EventClient(t, server.port))
  await server.until('all snapshots', () => clients.every(client => client.of('snapshot').length === 1))
  for (const client of clients) client.request.destroy()
  await server.until('all sessions to end', () => server.stream.sessions.size === 0)
  server.building.clock.pass(MINUTE)
  await server.until('the floor to be let go', () => server.stream.hub.floors === 0)
  const { open, watching, followed } = server.stream.metrics
  assert.deepEqual([open, watching, followed, server.stream.clock.timers], [0, 0, 0, 0])
})

test('pulses confirm the position', async t => {
  const server = await openLive(t)
  const client = new EventClient(t, server.port)
  await server.until('the snapshot', () => client.of('snapshot').length === 1)
  server.building.clock.pass(STREAM_LIMITS.pulseMs)
  await server.until('a pulse', () => client.of('pulse').length > 0)
  const { epoch, seq } = client.of('snapshot')[0] ?? {}
  const confirmed = client.of('pulse').at(-1)?.floors['f1']
  assert.deepEqual([confirmed?.epoch, confirmed?.seq], [epoch, seq])
})
