import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { LimitExchange } from '../../src/application/limit-exchange.ts'
import { limitedCommands } from '../../src/application/limited-commands.ts'
import { Limits, type LimitSettings } from '../../src/application/limits.ts'
import type { Principal } from '../../src/application/principal.ts'
import { PerchError, type ErrorCode } from '../../src/domain/errors.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { noCommands, rest } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const SETTINGS: LimitSettings = { ipRate: 10, ipFailures: 6, ipSockets: 4, principalRate: 2, principalClaims: 6, principalSockets: 2 }
const ADA: Principal = { org: 'acme', id: 'person:ada', role: 'member', person: 'ada', site: null, expiresAt: null }
const KIOSK: Principal = { org: 'acme', id: 'device:k1', role: 'kiosk', person: null, site: null, expiresAt: null }
const HERE = '192.0.2.1'

function open (clock = new HandClock()) {
  const limited: string[] = []
  return { clock, limited, limits: new Limits(SETTINGS, clock, { limited: limit => { limited.push(limit) } }) }
}

/** How many of them were let through. */
function passed (times: number, act: () => void): number {
  return Array.from({ length: times }, () => codeOf(act)).filter(code => code === null).length
}

function codeOf (act: () => void): ErrorCode | null {
  try {
    act()
    return null
  } catch (error) {
    if (error instanceof PerchError) return error.code
    throw error
  }
}

/** The code of what became of credentials that are `right` or not. */
async function tried (limits: Limits, token: string, right: boolean, address = HERE): Promise<ErrorCode | null> {
  const authenticator = limits.authenticator({
    async authenticate () {
      if (!right) throw new PerchError('UNAUTHENTICATED')
      return ADA
    }
  })
  return await authenticator.authenticate(token, address).then(() => null, (error: PerchError) => error.code)
}

test('strangers of one address share what it may, and those of another have their own', async () => {
  const { clock, limits } = open()
  assert.equal(passed(100, () => limits.stranger('2001:db8:1:2::1')), 20)
  assert.equal(passed(1, () => limits.stranger('2001:db8:1:2:ffff::')), 0)
  assert.equal(passed(100, () => limits.stranger('2001:db8:1:3::1')), 20)
  clock.pass(1_000)
  assert.equal(passed(100, () => limits.stranger('2001:db8:1:2::1')), 10)
})

test('a refusal says in how long there is room again, and then there is', async () => {
  const { clock, limits, limited } = open()
  assert.equal(passed(100, () => limits.claim(ADA)), 6)
  assert.throws(() => limits.claim(ADA), { code: 'RATE_LIMITED', detail: { exceeded: 'claims', retryAfterMs: 10_000 } })
  clock.pass(10_000)
  assert.equal(passed(2, () => limits.claim(ADA)), 1)
  assert.deepEqual(new Set(limited), new Set(['claims']))
})

test('after too many wrong credentials from an address nobody looks at others from there, but those that were right before go on', async () => {
  const { clock, limits } = open()
  assert.equal(await tried(limits, 'good', true), null)
  const guesses = []
  for (let i = 0; i < 20; i++) guesses.push(await tried(limits, `guess ${i}`, false))
  assert.deepEqual([guesses.filter(code => code === 'UNAUTHENTICATED').length, guesses.at(-1)], [6, 'RATE_LIMITED'])
  assert.equal(await tried(limits, 'good', true), null)
  assert.equal(await tried(limits, 'good from elsewhere', true, '192.0.2.2'), null)
  assert.equal(await tried(limits, 'the right one, guessed', true), 'RATE_LIMITED')
  clock.pass(10_000)
  assert.equal(await tried(limits, 'new', true), null)
})

test('credentials that are right cost an address nothing, however many there are', async () => {
  const { limits } = open()
  for (let i = 0; i < 1_000; i++) assert.equal(await tried(limits, `person ${i}`, true), null)
  assert.equal(codeOf(() => limits.stranger(HERE)), null)
})

test('credentials that were right and are taken back count as wrong ones', async () => {
  const { limits } = open()
  await tried(limits, 'key', true)
  const codes = []
  for (let i = 0; i < 10; i++) codes.push(await tried(limits, 'key', false))
  assert.deepEqual([codes[0], codes.at(-1)], ['UNAUTHENTICATED', 'RATE_LIMITED'])
})

test('a device may do ten times what a person may, and a service a thousand times', async () => {
  const { limits } = open()
  const service: Principal = { ...KIOSK, id: 'key:product', role: 'admin' }
  const each = [ADA, KIOSK, service]
  assert.deepEqual(each.map(who => passed(20_000, () => limits.request(who))), [10, 100, 10_000])
  assert.deepEqual(each.map(who => passed(20_000, () => limits.claim(who))), [6, 60, 6_000])
})

test('a kiosk at which too many PINs were wrong goes on with badges', async () => {
  const { limits } = open()
  const commands = limitedCommands(noCommands({ claim: async () => { throw new PerchError('PERSON_UNKNOWN') } }), limits)
  const claim = async (person: { id: string, pin: string } | { badge: string }) => await commands.claim(KIOSK, { space: 'd1', person }).catch((error: PerchError) => error.code)
  const codes = []
  for (let i = 0; i < 10; i++) codes.push(await claim({ id: `p${i}`, pin: '1234' }))
  assert.deepEqual([codes.filter(code => code === 'PERSON_UNKNOWN').length, codes.at(-1)], [6, 'RATE_LIMITED'])
  assert.equal(await claim({ badge: 'b' }), 'PERSON_UNKNOWN')
})

test('badges that are tried out at a kiosk are stopped like PINs, whatever they are shown for, and PINs go on', async () => {
  const { limits } = open()
  const unknown = async () => { throw new PerchError('PERSON_UNKNOWN') }
  const commands = limitedCommands(noCommands({ claim: unknown, identify: unknown }), limits)
  const codes = []
  for (let i = 0; i < 5; i++) {
    for (const asked of [commands.identify(KIOSK, { badge: `b${i}` }), commands.claim(KIOSK, { space: 'd1', person: { badge: `c${i}` } })]) codes.push(await asked.catch((error: PerchError) => error.code))
  }
  assert.deepEqual([codes.filter(code => code === 'PERSON_UNKNOWN').length, codes.at(-1)], [6, 'RATE_LIMITED'])
  assert.equal(await commands.identify(KIOSK, { id: 'ada', pin: '1234' }).catch((error: PerchError) => error.code), 'PERSON_UNKNOWN')
})

test('a principal has so many connections at a time', async () => {
  const { limits } = open()
  limits.entered(ADA)
  limits.entered(ADA)
  assert.equal(codeOf(() => limits.mustHaveRoom(ADA)), 'RATE_LIMITED')
  limits.left(ADA)
  assert.equal(codeOf(() => limits.mustHaveRoom(ADA)), null)
})

test('however many addresses come, what is remembered of them is bounded', async () => {
  const { limits } = open()
  for (let i = 0; i < 60_000; i++) limits.stranger(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`)
  assert.equal(limits.strangers.size, 50_000)
})

/** Nodes that tell one another. */
function nodes (t: Cleanup, count: number) {
  const clock = new HandClock()
  const store = memoryStore({ now: () => clock.now(), outboxLimit: 10, outboxReserve: 1 })
  let told = 0
  const counted = { subscribe: store.subscribe.bind(store), announce: async (...news: Parameters<typeof store.announce>) => { told++; await store.announce(...news) } }
  const all = Array.from({ length: count }, (_, i) => {
    const { limits } = open(clock)
    const { strangers, failures, requests, claims, connections, sockets } = limits
    const exchange = new LimitExchange({ id: `n${i}`, store: counted, clock, allowances: { strangers, failures, requests, claims }, headcounts: { connections, sockets }, onTrouble: error => { throw error } })
    exchange.start()
    t.after(() => exchange.close())
    return limits
  })
  const soon = async (): Promise<void> => {
    await rest()
    clock.pass(500)
    await rest()
  }
  return { clock, all, soon, told: () => told }
}

test('over time a principal gets its rate from all nodes together, and at once no more than that on each', async t => {
  const { clock, all, soon } = nodes(t, 3)
  await rest()
  let got = 0
  for (let s = 0; s < 120; s++) {
    for (const limits of all) got += passed(100, () => limits.request(ADA))
    await soon()
    await soon()
  }
  assert.equal(clock.now() - new HandClock().now(), 120_000)
  assert.ok(got >= 2 * 120 && got <= 2 * 120 + 3 * 10 + 2 * 3, `${got} in 120 s of 2 per second`)
})

test('what is tried on one node is known on the others', async t => {
  const { all: [one, other], soon } = nodes(t, 2)
  assert.ok(one !== undefined && other !== undefined)
  await rest()
  for (let i = 0; i < 6; i++) await tried(one, `guess ${i}`, false)
  assert.equal(await tried(other, 'another', false), 'UNAUTHENTICATED')
  await soon()
  assert.equal(await tried(other, 'one more', false), 'RATE_LIMITED')
})

test('connections count on all nodes, and those of a node that died are forgotten', async t => {
  const { all: [one, other], soon, clock } = nodes(t, 2)
  assert.ok(one !== undefined && other !== undefined)
  await rest()
  one.entered(ADA)
  one.entered(ADA)
  await soon()
  assert.equal(other.hasRoom(ADA), false)
  one.left(ADA)
  await soon()
  assert.equal(other.hasRoom(ADA), true)
  one.entered(ADA)
  await soon()
  one.sockets.tell = () => []
  one.sockets.leave('acme/person:ada', 20)
  clock.pass(6_000)
  assert.equal(other.hasRoom(ADA), true)
})

test('whoever keeps well within what they may is told to nobody', async t => {
  const { all, soon, told } = nodes(t, 2)
  await rest()
  for (let s = 0; s < 60; s++) {
    for (const limits of all) limits.request(KIOSK)
    await soon()
  }
  assert.equal(told(), 0)
})
