import { test } from 'tap'
import assert from 'node:assert/strict'
import type { ClaimAnswer, Commands } from '../../src/application/commands.ts'
import type { Principal } from '../../src/application/principal.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { claimView } from '../../src/protocol/claim.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { heldBy, openFloors } from '../harness/floors.ts'
import { ADA, noCommands, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const F = 'hq-1'
const { claim } = heldBy('ada', 'd1', F)
const ANSWER: ClaimAnswer = { claim, position: { floor: F, epoch: 1, seq: 7 }, persisted: true, repeated: false }

interface SceneOptions {
  limits?: Partial<StreamLimits>
  principal?: Principal
  authenticate?: (token: string | null, address: string) => Promise<Principal>
  claims?: (principal: Principal) => Promise<ClaimAnswer>
}

/** A session, and every call of a use case that it makes. */
async function scene (t: Cleanup, { limits = {}, principal = ADA, authenticate, claims = async () => ANSWER }: SceneOptions = {}) {
  const clock = new HandClock()
  const floors = await openFloors(clock)
  await floors.place(F, 2)
  const calls: unknown[][] = []
  const does = (name: keyof Commands) => async (...call: unknown[]): Promise<ClaimAnswer> => {
    calls.push([name, ...call.filter(argument => argument !== undefined)])
    return await claims(call[0] as Principal)
  }
  const commands = noCommands({ claim: does('claim'), checkIn: does('checkIn'), release: does('release'), change: does('change'), arrive: does('arrive'), leave: does('leave') } as Partial<Commands>)
  const node = new StreamNode(t, { store: floors.store, clock, commands, limits, ...(authenticate !== undefined && { authenticator: { authenticate } }) })
  const { session, socket } = node.connect(principal)
  const replies = () => socket.of('reply').map(reply => reply.ok ? [reply.id, 'ok'] : [reply.id, reply.error.code])
  const claimSpace = (id: string) => session.receive({ type: 'claim', id, claim: { space: 'd1' } })
  return { clock, floors, node, session, socket, calls, replies, claimSpace }
}

/** Use cases that end when the test says so. */
function held () {
  const waiting: Array<(error?: Error) => void> = []
  const claims = async () => await new Promise<ClaimAnswer>((resolve, reject) => {
    waiting.push(error => error === undefined ? resolve(ANSWER) : reject(error))
  })
  return { waiting, claims }
}

test('a session begins with a welcome', async t => {
  const { socket } = await scene(t)
  assert.deepEqual(socket.frames, [{ type: 'welcome', now: '2026-03-02T08:00:00Z', pulseMs: 5_000, retry: { minMs: 250, maxMs: 3_000 }, version: '1.2.3' }])
})

test('each command reaches its use case with the principal and nothing else, and is answered under its id', async t => {
  const { session, socket, calls } = await scene(t)
  const change = { space: 'd2' }
  session.receive(JSON.stringify({ type: 'claim', id: 'a', claim: { space: 'd1' } }))
  session.receive({ type: 'checkIn', id: 'b', claim: claim.id })
  session.receive({ type: 'release', id: 'c', claim: claim.id })
  session.receive({ type: 'change', id: 'd', claim: claim.id, change })
  session.receive({ type: 'checkIn', id: 'e', claim: claim.id, ageMs: 5_000 })
  session.receive({ type: 'arrive', id: 'f', person: { badge: 'b' }, site: 'hq' })
  session.receive({ type: 'leave', id: 'g', ageMs: 5_000 })
  await rest()
  assert.deepEqual(calls, [
    ['claim', ADA, { space: 'd1' }], ['checkIn', ADA, claim.id], ['release', ADA, claim.id], ['change', ADA, claim.id, change],
    ['checkIn', ADA, claim.id, 5_000], ['arrive', ADA, { person: { badge: 'b' }, site: 'hq' }], ['leave', ADA, { ageMs: 5_000 }]
  ])
  const answer = { claim: claimView(claim), position: ANSWER.position, persisted: true }
  assert.deepEqual(socket.of('reply'), ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(id => ({ ...answer, type: 'reply', id, ok: true })))
})

test('a refusal is answered with its code and detail', async t => {
  const { socket, claimSpace } = await scene(t, { claims: async () => { throw new PerchError('SPACE_TAKEN', { alternatives: ['d2'] }) } })
  claimSpace('1')
  await rest()
  assert.deepEqual(socket.of('reply'), [
    { type: 'reply', id: '1', ok: false, error: { alternatives: ['d2'], code: 'SPACE_TAKEN', message: 'the space is claimed for part of that time', retry: false } }
  ])
})

test('an error of ours is logged, and the client hears INTERNAL and nothing of it', async t => {
  const { socket, node, claimSpace, replies } = await scene(t, { claims: async () => { throw new Error('password of the database') } })
  claimSpace('1')
  await rest()
  assert.deepEqual([replies(), node.errors.length, socket.closed], [[['1', 'INTERNAL']], 1, null])
  assert.doesNotMatch(socket.sent.map(({ text }) => text).join(), /password/)
})

test('what is no frame ends the session, and nothing is done', async t => {
  for (const bad of ['{"type":"claim"', '[]', 'null', '{}', '{"type":"claim","claim":{"space":"d1"}}', '{"__proto__":{"type":"claim","id":"1"}}', null, undefined, 7, []]) {
    const { session, socket, calls, claimSpace, node } = await scene(t)
    session.receive(bad)
    claimSpace('after')
    await rest()
    assert.deepEqual([bad, socket.closed, socket.of('reply'), calls, node.sessions.size], [bad, 'BAD_FRAME', [], [], 0])
  }
})

test('a frame that is not well formed but can be answered is refused, nothing is done, and the session goes on', async t => {
  const { session, socket, calls, replies, floors } = await scene(t)
  const before = await floors.whole(F, 'named')
  const bad = [
    '{"type":"claim","id":"1","claim":{"__proto__":{"space":"d1"}}}', '{"type":"claim","id":"2","claim":{"space":"d1","constructor":{}}}',
    '{"type":"constructor","id":"3"}', '{"type":"__proto__","id":"4"}', '{"type":"delete","id":"5"}', '{"type":"claim","id":"6","claim":"d1"}',
    '{"type":"release","id":"7","claim":"../d1"}', '{"type":"watch","id":"8","floor":null}', '{"type":"claim","id":"9","claim":{"space":"d1","from":"yesterday"}}'
  ]
  for (const text of bad) session.receive(text)
  await rest()
  assert.deepEqual(replies(), bad.map((_, i) => [String(i + 1), 'BAD_REQUEST']))
  assert.deepEqual([calls, socket.closed, await floors.whole(F, 'named')], [[], null, before])
  session.receive({ type: 'watch', id: 'w', floor: F })
  await rest()
  assert.deepEqual(replies().at(-1), ['w', 'ok'])
})

test('a frame of more characters than allowed ends the session, one of exactly so many does not', async t => {
  for (const [more, closed] of [[0, null], [1, 'BAD_FRAME']] as const) {
    const { session, socket, calls } = await scene(t)
    const text = JSON.stringify({ type: 'claim', id: '1', claim: { space: 'd1' } })
    session.receive(text + ' '.repeat(STREAM_LIMITS.frameLength - text.length + more))
    assert.deepEqual([socket.closed, calls.length], [closed, closed === null ? 1 : 0])
  }
})

test('commands run side by side and are answered as they are done', async t => {
  const { waiting, claims } = held()
  const { claimSpace, replies } = await scene(t, { claims })
  for (const id of ['1', '2', '3']) claimSpace(id)
  assert.equal(waiting.length, 3)
  waiting[2]?.()
  await rest()
  waiting[0]?.(new PerchError('BUSY'))
  await rest()
  assert.deepEqual(replies(), [['3', 'ok'], ['1', 'BUSY']])
})

test('commands beyond so many at a time are refused, and with more of them and no answer between the session is closed', async t => {
  const { waiting, claims } = held()
  const { socket, calls, claimSpace, replies, node } = await scene(t, { claims, limits: { commandsPerSession: 2, refusalsPerSession: 3 } })
  for (const id of ['1', '2', '3', '4', '5']) claimSpace(id)
  assert.deepEqual([calls.length, replies()], [2, [['3', 'RATE_LIMITED'], ['4', 'RATE_LIMITED'], ['5', 'RATE_LIMITED']]])
  // An answer shows that somebody reads them.
  waiting[0]?.()
  await rest()
  for (const id of ['6', '7', '8', '9']) claimSpace(id)
  assert.deepEqual([calls.length, socket.closed], [3, null])
  claimSpace('10')
  assert.deepEqual([socket.closed, node.sessions.size, calls.length], ['TOO_MANY_REQUESTS', 0, 3])
  waiting[1]?.()
  await rest()
  assert.deepEqual(replies().at(-1), ['9', 'RATE_LIMITED'])
})

test('watches and renewals that wait are bounded alike', async t => {
  let authenticated = (_: Principal) => {}
  const authenticate = async () => await new Promise<Principal>(resolve => { authenticated = resolve })
  const { session, socket, replies } = await scene(t, { authenticate, limits: { queuedPerSession: 3, refusalsPerSession: 2 } })
  session.receive({ type: 'renew', id: '1', token: 'x' })
  for (const id of ['2', '3', '4', '5']) session.receive({ type: 'unwatch', id, floor: F })
  await rest()
  assert.deepEqual([replies(), socket.closed], [[['4', 'RATE_LIMITED'], ['5', 'RATE_LIMITED']], null])
  authenticated(ADA)
  await rest()
  assert.deepEqual(replies().slice(2), [['1', 'ok'], ['2', 'ok'], ['3', 'ok']])
  session.receive({ type: 'renew', id: '6', token: 'x' })
  for (const id of ['7', '8', '9', '10', '11']) session.receive({ type: 'unwatch', id, floor: F })
  assert.equal(socket.closed, 'TOO_MANY_REQUESTS')
})

test('a socket that is too far behind for another frame is closed', async t => {
  const { socket, claimSpace, node } = await scene(t)
  socket.backlog = STREAM_LIMITS.highMarkBytes
  claimSpace('1')
  await rest()
  assert.deepEqual([socket.of('reply').length, socket.closed], [1, null])
  socket.backlog++
  claimSpace('2')
  await rest()
  assert.deepEqual([socket.of('reply').length, socket.closed, node.metrics.slow, node.sessions.size], [1, 'TOO_SLOW', 1, 0])
})

test('credentials that have ended end the session with a goodbye: at the next frame, which is not done, or at the next pulse', async t => {
  const expiresAt = new HandClock().now() + 60_000
  const atFrame = await scene(t, { principal: { ...ADA, expiresAt } })
  atFrame.clock.pass(59_999)
  atFrame.claimSpace('1')
  await rest()
  assert.deepEqual([atFrame.calls.length, atFrame.socket.closed], [1, null])
  atFrame.clock.pass(1)
  atFrame.claimSpace('2')
  assert.deepEqual([atFrame.calls.length, atFrame.socket.frames.at(-1)?.type, atFrame.socket.closed], [1, 'bye', 'UNAUTHENTICATED'])
  const atPulse = await scene(t, { principal: { ...ADA, expiresAt } })
  await pass(atPulse.clock, 60_000 + STREAM_LIMITS.pulseMs, 1_000)
  assert.deepEqual([atPulse.socket.frames.at(-1)?.type, atPulse.socket.closed, atPulse.node.sessions.size], ['bye', 'UNAUTHENTICATED', 0])
})

test('a renewal in time lets the session live on with the new end', async t => {
  const now = new HandClock().now()
  const tokens: unknown[] = []
  const authenticate = async (...asked: unknown[]) => {
    tokens.push(asked)
    return { ...ADA, expiresAt: now + 120_000 }
  }
  const { session, socket, clock, claimSpace, replies } = await scene(t, { principal: { ...ADA, expiresAt: now + 60_000 }, authenticate })
  session.receive({ type: 'renew', id: 'r', token: 'fresh' })
  await rest()
  assert.deepEqual(socket.of('reply'), [{ type: 'reply', id: 'r', ok: true, expiresAt: '2026-03-02T08:02:00Z' }])
  assert.deepEqual(tokens, [['fresh', '127.0.0.1']])
  clock.pass(119_999)
  claimSpace('1')
  await rest()
  assert.deepEqual([replies().at(-1), socket.closed], [['1', 'ok'], null])
  clock.pass(1)
  claimSpace('2')
  assert.equal(socket.closed, 'UNAUTHENTICATED')
})

test('a token that is invalid or somebody else\'s is refused, and the session stays who it was', async t => {
  const others: ReadonlyArray<readonly [Principal | PerchError, string]> = [
    [new PerchError('UNAUTHENTICATED'), 'UNAUTHENTICATED'],
    [{ ...ADA, person: 'bob', id: 'person:bob' }, 'FORBIDDEN'],
    [{ ...ADA, person: 'bob' }, 'FORBIDDEN'],
    [{ ...ADA, id: 'device:lobby', role: 'display', person: null }, 'FORBIDDEN'],
    [{ ...ADA, org: 'evil' }, 'FORBIDDEN'],
    [{ ...ADA, id: 'key:admin', role: 'admin' }, 'FORBIDDEN']
  ]
  for (const [other, code] of others) {
    const authenticate = async () => {
      if (other instanceof PerchError) throw other
      return other
    }
    const { session, socket, calls, claimSpace, replies } = await scene(t, { authenticate })
    session.receive({ type: 'renew', id: 'r', token: 'other' })
    await rest()
    claimSpace('1')
    assert.deepEqual([replies()[0], calls[0]?.[1], session.principal, socket.closed], [['r', code], ADA, ADA, null])
  }
})

test('a renewal with other rights is granted and the session must be made anew', async t => {
  for (const changed of [{ role: 'viewer' }, { site: 'hq' }] as const) {
    const { session, socket, replies } = await scene(t, { authenticate: async () => ({ ...ADA, ...changed }) })
    session.receive({ type: 'renew', id: 'r', token: 'x' })
    await rest()
    assert.deepEqual([replies(), socket.closed], [[['r', 'ok']], 'RELOAD'])
  }
})

test('a session that is gone answers nothing, does nothing and may be closed again', async t => {
  const { waiting, claims } = held()
  const { session, socket, calls, claimSpace, node } = await scene(t, { claims })
  claimSpace('1')
  session.closed()
  waiting[0]?.()
  claimSpace('2')
  session.close('RELOAD')
  session.closed()
  await rest()
  assert.deepEqual([calls.length, socket.of('reply'), socket.closed, node.sessions.size, node.metrics.open], [1, [], null, 0, 0])
})
