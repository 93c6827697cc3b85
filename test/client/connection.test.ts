import assert from 'node:assert/strict'
import { test } from 'tap'
import { systemClock } from '../../src/client/clock.ts'
import { SUBPROTOCOL } from '../../src/protocol/frames.ts'
import { rest } from '../harness/stream-node.ts'
import { idle, reply, scripted } from './scripted.ts'

test('the token stands beside the protocol, and not in the address', async t => {
  const { socket } = scripted(t, { token: async () => 'secret' })
  const { url, protocols } = await socket()
  assert.equal(url, 'ws://perch.test/v1/live')
  assert.deepEqual(protocols, [SUBPROTOCOL, 'bearer.secret'])
})

test('without a token there is the protocol alone', async t => {
  assert.deepEqual((await scripted(t).socket()).protocols, [SUBPROTOCOL])
})

test('an address may have a path, and be secure', async t => {
  assert.equal((await scripted(t, { url: 'https://example.com/perch/' }).socket()).url, 'wss://example.com/perch/v1/live')
})

test('a connection that ends is made again in the window that the server told', async t => {
  const { socket, sockets, pass } = scripted(t, { random: () => 0.5 })
  ;(await socket()).welcome({ retry: { minMs: 1_000, maxMs: 2_000 } }).end()
  await pass(1_499)
  assert.equal(sockets.length, 1)
  await pass(1)
  assert.equal(sockets.length, 2)
})

test('what is said at the end counts for the way back', async t => {
  const { socket, sockets, pass } = scripted(t)
  const first = (await socket()).welcome()
  first.say({ type: 'bye', retry: { minMs: 4_000, maxMs: 9_000 } })
  first.end(4000)
  await pass(3_999)
  assert.equal(sockets.length, 1)
  await pass(1)
  assert.equal(sockets.length, 2)
})

test('attempts that fail come at ever longer times, until one is welcomed', async t => {
  const { socket, sockets, pass, clock } = scripted(t, { random: () => 1 })
  const began = clock.monotonic()
  const waits: number[] = []
  for (let failed = 0; failed < 6; failed++) {
    (await socket()).end()
    const before = sockets.length
    const at = clock.monotonic()
    while (sockets.length === before) await pass(500)
    waits.push(clock.monotonic() - at)
  }
  assert.deepEqual(waits, [6_000, 12_000, 24_000, 30_000, 30_000, 30_000])
  assert.ok(clock.monotonic() > began)
  ;(await socket()).welcome().end()
  await pass(3_000)
  assert.equal(sockets.length, 8)
})

test('a server that says when is asked then', async t => {
  const { socket, sockets, pass } = scripted(t, { random: () => 0.25 })
  ;(await socket()).refuseHandshake(503, { 'retry-after': '7' })
  await pass(7_249)
  assert.equal(sockets.length, 1)
  await pass(1)
  assert.equal(sockets.length, 2)
})

test('a handshake that is refused for its credentials is tried with others, and else not again', async t => {
  const tokens = ['old', 'new', 'new']
  const { perch, socket, sockets, pass } = scripted(t, { token: () => tokens.shift() ?? '' })
  ;(await socket()).refuseHandshake(401)
  await pass(30_000)
  assert.equal(sockets.length, 2)
  ;(await socket()).refuseHandshake(401)
  await pass(30_000)
  assert.equal(sockets.length, 2)
  assert.equal(perch.connection.state, 'closed')
})

for (const [code, expected] of [[4100, 'REFUSED'], [4102, 'FORBIDDEN'], [4103, 'REFUSED'], [4150, 'REFUSED']] as const) {
  test(`close code ${code} ends it for good, until somebody asks for another attempt`, async t => {
    const { perch, socket, sockets, pass } = scripted(t)
    ;(await socket()).welcome().end(code)
    await pass(600_000)
    assert.equal(sockets.length, 1)
    assert.ok(perch.connection.state === 'closed')
    assert.equal(perch.connection.error.code, expected)
    perch.reconnect()
    ;(await socket()).welcome()
    assert.equal(sockets.length, 2)
    assert.equal(perch.connection.state, 'live')
  })
}

test('credentials that are refused are replaced by others, once', async t => {
  const tokens = ['old', 'new', 'newer']
  const { perch, socket, pass } = scripted(t, { token: () => tokens.shift() ?? '' })
  ;(await socket()).welcome().end(4101)
  await pass(250)
  const second = await socket()
  assert.deepEqual(second.protocols, [SUBPROTOCOL, 'bearer.new'])
  second.end(4101)
  assert.ok(perch.connection.state === 'closed')
  assert.equal(perch.connection.error.code, 'UNAUTHENTICATED')
})

test('whoever has no other credentials than those that were refused does not come back', async t => {
  const { perch, socket, sockets, pass } = scripted(t, { token: () => 'the same' })
  ;(await socket()).welcome().end(4101)
  await pass(250)
  assert.equal(sockets.length, 1)
  assert.equal(perch.connection.state, 'closed')
})

test('credentials may run out as often as there are others', async t => {
  let asked = 0
  const { perch, socket, sockets, pass } = scripted(t, { token: () => `token ${++asked}` })
  for (let n = 1; n <= 3; n++) {
    (await socket()).welcome().end(4101)
    await pass(250)
    assert.equal(sockets.length, n + 1)
  }
  assert.notEqual(perch.connection.state, 'closed')
})

test('a server that is not heard for three pulses is left, and another connection made', async t => {
  const { socket, sockets, pass, clock } = scripted(t)
  const first = (await socket()).welcome()
  await pass(14_000)
  first.say(idle(clock))
  await pass(14_999)
  assert.equal(first.left, false)
  await pass(1)
  assert.equal(first.left, true)
  first.end()
  await pass(250)
  assert.equal(sockets.length, 2)
})

test('a handshake that does not end is given up', async t => {
  const { socket, sockets, pass } = scripted(t)
  const first = await socket()
  await pass(10_000)
  assert.equal(first.left, true)
  await pass(250)
  assert.equal(sockets.length, 2)
})

test('a provider of tokens that fails, or never answers, is asked again', async t => {
  let asked = 0
  const provide = async (): Promise<string> => {
    asked++
    if (asked === 1) throw new Error('offline')
    return asked === 2 ? await new Promise<never>(() => {}) : 'token'
  }
  const { socket, sockets, failures, pass } = scripted(t, { token: provide })
  await pass(0)
  await pass(250)
  assert.match(String(failures[0]), /offline/)
  await pass(10_000)
  await pass(250)
  assert.equal(asked, 3)
  assert.deepEqual((await socket()).protocols, [SUBPROTOCOL, 'bearer.token'])
  assert.equal(sockets.length, 1)
})

test('a token is replaced in-band before it ends, and the next one before it ends', async t => {
  const tokens = ['first', 'second', 'third']
  const { socket, sockets, heard } = scripted(t, { token: () => tokens.shift() ?? '' })
  const only = (await socket()).welcome({ expiresAt: '2026-03-02T08:01:40Z' })
  await heard(69_000)
  assert.equal(only.of('renew').length, 0)
  await heard(1_000)
  const { id, token } = only.last('renew')
  assert.equal(token, 'second')
  only.say(reply(id, { expiresAt: '2026-03-02T08:16:40Z' }))
  await heard(650_000)
  assert.equal(only.of('renew').length, 1)
  await heard(10_000)
  assert.equal(only.last('renew').token, 'third')
  assert.equal(sockets.length, 1)
})

test('a provider that fails to renew is asked again while there is time', async t => {
  let asked = 0
  const provide = () => {
    if (++asked === 2) throw new Error('offline')
    return 'token'
  }
  const { socket, heard } = scripted(t, { token: provide })
  const only = (await socket()).welcome({ expiresAt: '2026-03-02T08:01:40Z' })
  await heard(75_000)
  assert.deepEqual([asked, only.of('renew').length], [2, 0])
  await heard(20_000)
  assert.equal(only.of('renew').length, 1)
})

test('a token of which the server does not say that it ends is not renewed before it is refused', async t => {
  const { socket, heard } = scripted(t, { token: () => 'the.admin.key' })
  const only = (await socket()).welcome()
  await heard(3_600_000)
  assert.equal(only.of('renew').length, 0)
})

test('a connection is live while it is heard, and stale since it was not for 10 s', async t => {
  const { perch, socket, pass, clock } = scripted(t)
  const told: string[] = []
  perch.on('connection', ({ state }) => told.push(state))
  const first = (await socket()).welcome()
  await pass(8_000)
  first.say(idle(clock))
  const heardAt = clock.now()
  await pass(9_999)
  assert.deepEqual(told, ['live'])
  await pass(1)
  const { connection } = perch
  assert.ok(connection.state === 'stale')
  assert.ok(Math.abs(Number(connection.since) - heardAt) <= 1_000, 'by the server\'s clock, which tells whole seconds')
  first.end()
  await pass(250)
  ;(await socket()).welcome()
  assert.deepEqual(told, ['live', 'stale', 'live'])
})

test('a connection that is lost and found within 10 s is catching up meanwhile', async t => {
  const { perch, socket, pass } = scripted(t)
  const told: string[] = []
  perch.on('connection', ({ state }) => told.push(state))
  ;(await socket()).welcome().end()
  await pass(250)
  ;(await socket()).welcome()
  assert.deepEqual(told, ['live', 'catching-up', 'live'])
})

test('whoever is closed sends nothing, and comes back never', async t => {
  const { perch, socket, sockets, pass } = scripted(t)
  const only = (await socket()).welcome()
  perch.close()
  perch.close()
  perch.reconnect()
  await pass(600_000)
  assert.equal(sockets.length, 1)
  assert.equal(only.left, true)
  assert.equal(perch.connection.state, 'closed')
})

test('a listener that throws stops nobody else', async t => {
  const { perch, socket } = scripted(t)
  const told: string[] = []
  const thrown: unknown[] = []
  const surfaced = (error: unknown) => thrown.push(error)
  process.once('uncaughtException', surfaced)
  t.after(() => process.off('uncaughtException', surfaced))
  const end = perch.on('connection', () => { throw new Error('mine') })
  perch.on('connection', ({ state }) => told.push(state))
  ;(await socket()).welcome()
  end()
  await rest(2)
  assert.deepEqual(told, ['live'])
  assert.match(String(thrown[0]), /mine/)
})

test('a token that no handshake can carry, and an address that is none, close it at once', async t => {
  class Picky {
    constructor () { throw new SyntaxError('invalid') }
  }
  const { perch, pass } = scripted(t, { WebSocket: Picky as never })
  const floor = perch.watch('f')
  await pass(0)
  assert.ok(perch.connection.state === 'closed')
  assert.equal(perch.connection.error.code, 'REFUSED')
  await assert.rejects(floor.ready(), { code: 'REFUSED', details: { reason: 'SyntaxError: invalid' } })
})

test('a page that slept knows that it did', async t => {
  const clock = systemClock()
  const now = Date.now
  t.after(() => { Date.now = now })
  const before = clock.monotonic()
  Date.now = () => now() + 3_600_000
  const after = clock.monotonic()
  assert.ok(after - before > 3_599_000)
  Date.now = () => now() - 7_200_000
  assert.ok(clock.monotonic() >= after, 'and it does not go back with the wall clock')
})
