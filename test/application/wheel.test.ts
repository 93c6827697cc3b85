import { test } from 'tap'
import assert from 'node:assert/strict'
import { Wheel, type Turning } from '../../src/application/wheel.ts'
import { CountedClock } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

const PERIOD_MS = 5_000

function scene () {
  const clock = new HandClock()
  const counted = new CountedClock(clock)
  const errors: unknown[] = []
  const wheel = new Wheel(counted, PERIOD_MS, error => errors.push(error))
  const member = (turn: () => void = () => {}) => {
    const made: Turning & { turns: number } = { turns: 0, spoke: null, turn: () => { made.turns++; turn() } }
    return made
  }
  return { clock, counted, errors, wheel, member }
}

test('each member has one turn per period, whenever it joined', async () => {
  const { clock, wheel, member } = scene()
  const members = Array.from({ length: 120 }, () => member())
  for (const one of members) {
    wheel.join(one)
    clock.pass(7)
  }
  for (const one of members) one.turns = 0
  clock.pass(3 * PERIOD_MS)
  assert.deepEqual(members.map(({ turns }) => turns), members.map(() => 3))
})

test('members that join at once are spread evenly over the period', async () => {
  const { clock, wheel, member } = scene()
  const members = Array.from({ length: 500 }, () => member())
  for (const one of members) wheel.join(one)
  const perTick: number[] = []
  let before = 0
  for (let i = 0; i < 50; i++) {
    clock.pass(PERIOD_MS / 50)
    const turns = members.reduce((sum, { turns }) => sum + turns, 0)
    perTick.push(turns - before)
    before = turns
  }
  assert.deepEqual(perTick, perTick.map(() => 10))
})

test('a member whose turn throws is told of, keeps its place, and costs the others nothing', async () => {
  const { clock, wheel, member, errors } = scene()
  const members = Array.from({ length: 51 }, (_, i) => member(() => { if (i === 0) throw new Error('a defect') }))
  for (const one of members) wheel.join(one)
  clock.pass(2 * PERIOD_MS)
  assert.deepEqual(members.map(({ turns }) => turns), members.map(() => 2))
  assert.equal(errors.length, 2)
})

test('a member may leave in its own turn or another\'s, and leave twice', async () => {
  const { clock, wheel, member } = scene()
  const leaves = (...gone: Turning[]) => () => { for (const one of gone) wheel.leave(one) }
  const last = member()
  const first: ReturnType<typeof member> = member(() => leaves(first, last)())
  wheel.join(first)
  for (let i = 0; i < 49; i++) wheel.join(member())
  // On the spoke of the first.
  wheel.join(last)
  clock.pass(2 * PERIOD_MS)
  assert.deepEqual([first.turns, last.turns, wheel.size], [1, 0, 49])
  wheel.leave(first)
  assert.equal(wheel.size, 49)
})

test('there is one timer for all, and none while nobody is there', async () => {
  const { clock, counted, wheel, member } = scene()
  const members = Array.from({ length: 10 }, () => member())
  assert.equal(counted.timers, 0)
  for (const one of members) wheel.join(one)
  assert.equal(counted.timers, 1)
  clock.pass(PERIOD_MS)
  for (const one of members) wheel.leave(one)
  assert.deepEqual([counted.timers, wheel.size], [0, 0])
  const late = member()
  wheel.join(late)
  clock.pass(PERIOD_MS)
  assert.equal(late.turns, 1)
})
