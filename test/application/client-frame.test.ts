import { test } from 'tap'
import assert from 'node:assert/strict'
import { readClientFrame } from '../../src/application/client-frame.ts'
import { clientFrames } from '../../src/protocol/frames.ts'
import { seeded } from '../harness/random.ts'

const CLAIM = '019cad00-0000-7000-8000-000000000001'
const WHOLE = {
  watch: { type: 'watch', id: '1', floor: 'hq-1', audience: 'named', epoch: 7, seq: 412 },
  unwatch: { type: 'unwatch', id: '1', floor: 'hq-1' },
  claim: { type: 'claim', id: '1', claim: { id: CLAIM, space: 'd1', person: { badge: 'abc' }, from: '2026-03-02T09:00:00Z', to: '2026-03-02T10:00:00Z', checkIn: true, await: 'accepted' } },
  checkIn: { type: 'checkIn', id: '1', claim: CLAIM, ageMs: 60_000 },
  release: { type: 'release', id: '1', claim: CLAIM, ageMs: 0 },
  change: { type: 'change', id: '1', claim: CLAIM, change: { to: '2026-03-02T10:00:00Z', space: 'd2', ageMs: 14_400_000 } },
  arrive: { type: 'arrive', id: '1', person: { badge: 'abc' }, site: 'hq', ageMs: 60_000, await: 'accepted' },
  leave: { type: 'leave', id: '1', person: { id: 'ada', pin: '4711' } },
  renew: { type: 'renew', id: '1', token: 'abc' }
} as const

/** Members that may be left out. */
const OPTIONAL: Partial<Record<keyof typeof WHOLE, readonly string[]>> = {
  watch: ['audience', 'epoch', 'seq'], checkIn: ['ageMs'], release: ['ageMs'], arrive: ['person', 'site', 'ageMs', 'await'], leave: ['person']
}

/** As a transport hands it over: the text, and what its library makes of it. */
const bothWays = (text: string): unknown[] => [text, JSON.parse(text)]

const stateOf = (received: unknown): string => readClientFrame(received).state

/** The member that is complained of. */
function fieldOf (frame: object): string {
  const read = readClientFrame(frame)
  assert.ok(read.state === 'refused', `refused: ${JSON.stringify(frame)}`)
  assert.equal(read.id, '1')
  assert.notEqual(read.reason, '')
  return read.field
}

test('every frame of the protocol is taken as it is, from text and from an object', async () => {
  assert.deepEqual(Object.keys(WHOLE), Object.keys(clientFrames))
  for (const frame of Object.values(WHOLE)) {
    for (const received of bothWays(JSON.stringify(frame))) assert.deepEqual(readClientFrame(received), { state: 'frame', frame })
  }
})

test('only what a frame must have is needed', async () => {
  const least = [
    { type: 'watch', id: '1', floor: 'hq-1' },
    { type: 'claim', id: '1', claim: { space: 'd1' } },
    { type: 'change', id: '1', claim: CLAIM, change: { space: 'd2' } }
  ]
  for (const frame of least) assert.deepEqual(readClientFrame(frame), { state: 'frame', frame })
})

test('what is no JSON, no object or has no id to answer to is broken', async () => {
  for (const text of ['', ' ', '{', '{"type":"watch"', 'null', 'true', '7', '"watch"', '[]', `[${JSON.stringify(WHOLE.watch)}]`, '{"id":"1",}', '\u0000', 'NaN', '['.repeat(16_000)]) {
    assert.equal(stateOf(text), 'broken', text.slice(0, 40))
  }
  for (const value of [null, undefined, true, 7, 7n, Symbol('x'), () => {}, [], [WHOLE.watch]]) assert.equal(stateOf(value), 'broken')
  for (const id of [undefined, null, 1, '', 'x'.repeat(65), ['1'], { toString: '1' }, true]) assert.equal(stateOf({ ...WHOLE.unwatch, id }), 'broken')
  assert.equal(stateOf({ ...WHOLE.unwatch, id: 'x'.repeat(64) }), 'frame')
})

test('an id or a type that is inherited or computed is none', async () => {
  assert.equal(stateOf(Object.create(WHOLE.unwatch)), 'broken')
  assert.equal(stateOf(Object.assign(Object.create({ type: 'unwatch' }), { id: '1', floor: 'hq-1' })), 'refused')
  let asked = 0
  const computed = Object.defineProperty({ type: 'unwatch', floor: 'hq-1' }, 'id', { enumerable: true, get: () => { asked++; return '1' } })
  assert.equal(stateOf(computed), 'broken')
  assert.equal(asked, 0)
})

test('a type that there is none of is refused, also when every object has a member of that name', async () => {
  for (const type of ['', 'Watch', 'welcome', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 7, null, undefined, ['watch'], { type: 'watch' }]) {
    assert.equal(fieldOf({ ...WHOLE.unwatch, type }), 'type')
  }
})

test('`__proto__` and `constructor` are members too many, wherever they stand', async () => {
  for (const name of ['__proto__', 'constructor', 'prototype', 'toString']) {
    const poison = `"${name}":{"role":"admin","type":"watch"}`
    for (const frame of Object.values(WHOLE)) {
      const text = JSON.stringify(frame)
      // Into every object of the frame in turn.
      for (const [i, char] of [...text].entries()) {
        if (char !== '{') continue
        const poisoned = `${text.slice(0, i + 1)}${poison},${text.slice(i + 1)}`
        for (const received of bothWays(poisoned)) assert.equal(stateOf(received), 'refused', poisoned)
      }
    }
    for (const received of bothWays(`{${poison}}`)) assert.equal(stateOf(received), 'broken')
  }
  assert.deepEqual([Reflect.get({}, 'role'), Object.keys(Object.prototype)], [undefined, []])
})

test('a member that is missing, too many, of the wrong type or too long is named', async () => {
  const { watch, claim, change, renew } = WHOLE
  const cases: ReadonlyArray<readonly [object, string]> = [
    [{ ...watch, floor: 7 }, 'floor'],
    [{ ...watch, floor: '../secrets' }, 'floor'],
    [{ ...watch, floor: 'x'.repeat(65) }, 'floor'],
    [{ ...watch, floor: '__proto__' }, 'floor'],
    [{ ...watch, audience: 'everybody' }, 'audience'],
    [{ ...watch, audience: ['named'] }, 'audience'],
    [{ ...watch, epoch: -1 }, 'epoch'],
    [{ ...watch, seq: 1.5 }, 'seq'],
    [{ ...watch, seq: '412' }, 'seq'],
    [{ ...watch, seq: null }, 'seq'],
    [{ ...claim, claim: { ...claim.claim, space: ['d1'] } }, 'claim.space'],
    [{ ...claim, claim: { ...claim.claim, id: CLAIM.toUpperCase() } }, 'claim.id'],
    [{ ...claim, claim: { ...claim.claim, id: '00000000-0000-4000-8000-000000000001' } }, 'claim.id'],
    [{ ...claim, claim: { ...claim.claim, checkIn: 'yes' } }, 'claim.checkIn'],
    [{ ...claim, claim: { ...claim.claim, await: 'never' } }, 'claim.await'],
    [{ ...claim, claim: { ...claim.claim, from: 0 } }, 'claim.from'],
    [{ ...claim, claim: { ...claim.claim, to: 'tomorrow' } }, 'claim.to'],
    [{ ...claim, claim: 'd1' }, 'claim'],
    [{ ...WHOLE.release, claim: 'd1' }, 'claim'],
    [{ ...WHOLE.checkIn, claim: { id: CLAIM } }, 'claim'],
    [{ ...WHOLE.checkIn, ageMs: -1 }, 'ageMs'],
    [{ ...WHOLE.release, ageMs: 0.5 }, 'ageMs'],
    [{ ...WHOLE.arrive, ageMs: 14_400_001 }, 'ageMs'],
    [{ ...WHOLE.leave, site: '' }, 'site'],
    [{ ...claim, claim: { ...claim.claim, ageMs: '5' } }, 'claim.ageMs'],
    [{ ...change, change: {} }, 'change'],
    [{ ...change, change: { to: 7 } }, 'change.to'],
    [{ ...renew, token: null }, 'token'],
    [{ ...renew, token: 'x'.repeat(8_193) }, 'token']
  ]
  for (const [frame, field] of cases) assert.equal(fieldOf(frame), field, JSON.stringify(frame).slice(0, 200))
  for (const person of [7, { badge: '' }, { badge: 'x'.repeat(257) }, { badge: 'x', id: 'ada' }, { id: 'ada' }, ['ada']]) {
    assert.match(fieldOf({ ...claim, claim: { ...claim.claim, person } }), /^claim\.person/)
  }
  for (const frame of Object.values(WHOLE)) {
    assert.equal(stateOf({ ...frame, extra: 1 }), 'refused')
    const optional: readonly string[] = OPTIONAL[frame.type] ?? []
    for (const name of Object.keys(frame)) {
      const { [name]: _, ...less } = frame as Record<string, unknown>
      assert.equal(stateOf(less), name === 'id' ? 'broken' : optional.includes(name) ? 'frame' : 'refused', `${frame.type} without ${name}`)
    }
  }
})

test('a frame with any part put in another\'s place is taken or refused, and never throws', async () => {
  const random = seeded(7)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const frames = Object.values(WHOLE)
  const parts: unknown[] = [null, '', -0, 1e308, Number.MAX_SAFE_INTEGER + 2, [], {}, [[]], { length: 1 }, 'x'.repeat(300), ...frames, ...frames.flatMap(frame => Object.values(frame))]
  for (let n = 0; n < 3_000; n++) {
    const frame: Record<string, unknown> = structuredClone(pick(frames))
    for (let changes = 1 + Math.floor(random() * 2); changes > 0; changes--) {
      const nested = Object.values(frame).filter((value): value is Record<string, unknown> => typeof value === 'object' && value !== null)
      const target = pick([frame, frame, ...nested])
      target[pick([...Object.keys(target), 'extra', 'constructor'])] = structuredClone(pick(parts))
    }
    const read = readClientFrame(JSON.stringify(frame))
    if (read.state === 'frame') assert.deepEqual(Object.keys(read.frame).filter(name => name === 'extra' || name === 'constructor'), [])
    if (read.state === 'refused') assert.equal(read.id, frame.id)
  }
})
