import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { test } from 'tap'
import { Strangers } from '../../../src/transports/live/strangers.ts'
import { until } from '../../harness/wait.ts'

const LONG = 60_000

test('of more strangers than there may be the last is turned away, until one is known or gone', async () => {
  const strangers = new Strangers({ most: 2, withinMs: LONG })
  const [one, two, three] = [new Socket(), new Socket(), new Socket()]
  strangers.enter(one)
  strangers.enter(two)
  assert.throws(() => strangers.enter(three), { code: 'UNAVAILABLE' })
  assert.equal(await strangers.named(one, async () => 'ada'), 'ada')
  strangers.enter(three)
  two.destroy()
  await until(() => strangers.size === 1, { what: 'one has left' })
  three.destroy()
})

test('a stranger is gone when its time is over, also one that was refused', async () => {
  const strangers = new Strangers({ withinMs: 20 })
  const [silent, refused] = [new Socket(), new Socket()]
  for (const tcp of [silent, refused]) strangers.enter(tcp)
  await assert.rejects(strangers.named(refused, async () => { throw new Error('no') }))
  await until(() => silent.destroyed && refused.destroyed && strangers.size === 0, { what: 'both are gone' })
})

test('the time that it takes to look at a token is not the stranger\'s, but another try is not given afterwards', async () => {
  const strangers = new Strangers({ withinMs: 20 })
  const [known, refused] = [new Socket(), new Socket()]
  for (const tcp of [known, refused]) strangers.enter(tcp)
  let answer = () => {}
  const answered = new Promise<void>(resolve => { answer = resolve })
  const found = strangers.named(known, async () => { await answered })
  const failed = strangers.named(refused, async () => { await answered; throw new Error('no') })
  const third = new Socket()
  strangers.enter(third)
  await until(() => third.destroyed, { what: 'the time of all is over' })
  assert.deepEqual([known.destroyed, refused.destroyed], [false, false])
  answer()
  await found
  await assert.rejects(failed)
  await until(() => refused.destroyed, { what: 'who was refused is gone' })
  assert.deepEqual([known.destroyed, strangers.size], [false, 0])
  known.destroy()
})
