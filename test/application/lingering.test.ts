import { test } from 'tap'
import assert from 'node:assert/strict'
import { Lingering } from '../../src/application/lingering.ts'
import { CountedClock } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

function scene (most = 100) {
  const clock = new HandClock()
  const counted = new CountedClock(clock)
  const dropped: string[] = []
  const lingering = new Lingering<string>(counted, 1_000, most)
  const keep = (...keys: string[]) => { for (const key of keys) lingering.keep(key, () => dropped.push(key)) }
  return { clock, counted, dropped, lingering, keep }
}

test('what is kept is dropped when its own time is up, oldest first, on one timer', async () => {
  const { clock, counted, dropped, keep } = scene()
  keep('a')
  clock.pass(400)
  keep('b', 'c')
  assert.equal(counted.timers, 1)
  clock.pass(599)
  assert.deepEqual(dropped, [])
  clock.pass(1)
  assert.deepEqual(dropped, ['a'])
  clock.pass(399)
  assert.deepEqual(dropped, ['a'])
  clock.pass(1)
  assert.deepEqual([dropped, counted.timers], [['a', 'b', 'c'], 0])
})

test('what is recalled is not dropped, and stays as long as any other when it is kept again', async () => {
  const { clock, dropped, lingering, keep, counted } = scene()
  keep('a', 'b')
  clock.pass(900)
  assert.deepEqual([lingering.recall('a'), lingering.recall('a'), lingering.recall('x')], [true, false, false])
  keep('a')
  clock.pass(100)
  assert.deepEqual(dropped, ['b'])
  clock.pass(899)
  assert.deepEqual(dropped, ['b'])
  clock.pass(1)
  assert.deepEqual(dropped, ['b', 'a'])
  keep('c')
  lingering.recall('c')
  assert.deepEqual([counted.timers, lingering.size], [0, 0])
})

test('with more than fit the oldest goes at once', async () => {
  const { dropped, lingering, keep } = scene(2)
  keep('a', 'b', 'c', 'd')
  assert.deepEqual([dropped, lingering.size], [['a', 'b'], 2])
  assert.deepEqual([lingering.dropOldest(), lingering.dropOldest(), lingering.dropOldest()], [true, true, false])
})

test('closing drops all and leaves no timer; what a drop keeps anew is dropped, too', async () => {
  const { counted, dropped, lingering, keep } = scene()
  lingering.keep('a', () => keep('again'))
  keep('b')
  lingering.close()
  assert.deepEqual([dropped, lingering.size, counted.timers], [['b', 'again'], 0, 0])
})
