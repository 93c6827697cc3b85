import assert from 'node:assert/strict'
import { test } from 'tap'
import { dayOf } from '../../../scripts/simulation/day-plan.ts'
import { DAY_MINUTES } from '../../../scripts/simulation/options.ts'
import { Random } from '../../../src/cli/seed/random.ts'

const days = Array.from({ length: 2_000 }, (_, seed) => dayOf(new Random(seed), seed % 4 === 0))
const stays = days.flat()
const desks = days.map(day => day.find(({ kind }) => kind === 'desk')).filter(stay => stay !== undefined)
const share = (count: number) => count / desks.length

test('a person\'s day is the same for the same seed', async () => {
  assert.deepEqual(dayOf(new Random(7), true), dayOf(new Random(7), true))
})

test('everything on a day is asked for, begins, changes and ends in that order, within the day', async () => {
  for (const { asksAt, from, to, turns } of stays) {
    assert.ok(asksAt >= 0 && asksAt <= from && from < to && to <= DAY_MINUTES + 8, JSON.stringify({ asksAt, from, to }))
    for (const [i, { at }] of turns.entries()) assert.ok(at >= (turns[i - 1]?.at ?? 0), JSON.stringify(turns))
    assert.ok(!turns.slice(0, -1).some(({ turn }) => turn === 'release'), JSON.stringify(turns))
  }
})

test('most people come between eight and ten', async () => {
  const peak = desks.filter(({ from }) => from >= 120 && from < 240).length
  assert.ok(share(peak) > 0.6, String(share(peak)))
})

test('some book and never come, some leave early, some move, some come to a kiosk', async () => {
  const noShows = desks.filter(({ how, turns }) => how === 'booked' && turns.length === 0).length
  const early = desks.filter(({ turns }) => turns.some(({ turn }) => turn === 'release')).length
  const moves = desks.filter(({ turns }) => turns.some(({ turn }) => turn === 'move')).length
  const kiosk = desks.filter(({ how }) => how === 'badge').length
  for (const count of [noShows, moves]) assert.ok(share(count) > 0.01 && share(count) < 0.15, String(share(count)))
  for (const count of [early, kiosk]) assert.ok(share(count) > 0.1 && share(count) < 0.5, String(share(count)))
})

test('drivers park, teams meet, people call', async () => {
  assert.deepEqual([...new Set(stays.map(({ kind }) => kind))].sort(), ['booth', 'desk', 'locker', 'parking', 'room'])
})
