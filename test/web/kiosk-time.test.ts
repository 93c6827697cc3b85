import assert from 'node:assert/strict'
import { test } from 'tap'
import { partOfDay } from '../../src/web/kiosk/part-of-day.ts'
import { Patience, type TimeLeft } from '../../src/web/kiosk/patience.ts'
import type { Clock } from '../../src/client/index.ts'

test('the kiosk greets by the time of the day', async () => {
  const parts = ['00:00', '04:59', '05:00', '11:59', '12:00', '17:59', '18:00'].map(time => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number)
    return partOfDay(hours * 60 + minutes)
  })
  assert.deepEqual(parts, ['evening', 'evening', 'morning', 'morning', 'day', 'day', 'evening'])
})

/** A stopwatch that goes on when it is told to. */
function patience () {
  let now = 0
  let timers: Array<{ at: number, run: () => void }> = []
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    after (ms, run) {
      const timer = { at: now + ms, run }
      timers.push(timer)
      return () => { timers = timers.filter(other => other !== timer) }
    }
  }
  let gone = 0
  const told: Array<TimeLeft | null> = []
  const patience = new Patience(clock, { gone: () => { gone++ }, changed: left => { told.push(left) } })
  const pass = (seconds: number): number => {
    now += seconds * 1_000
    for (const timer of timers.filter(({ at }) => at <= now)) timer.run()
    return gone
  }
  return { patience, told, pass }
}

test('whoever has not touched it for 15 seconds has gone, and every touch counts anew', async () => {
  const { patience: waits, pass, told } = patience()
  waits.touch('touching')
  assert.equal(pass(14), 0)
  waits.touch('touching')
  assert.deepEqual([pass(14), pass(1), pass(100)], [0, 1, 1])
  assert.deepEqual(told, [{ endsAt: 15_000, lastsMs: 15_000 }, { endsAt: 29_000, lastsMs: 15_000 }, null])
})

test('whoever looks for letters has longer, and whoever goes by keys or asked for time has a minute until they have gone', async () => {
  const { patience: waits, pass } = patience()
  waits.touch('typing')
  assert.deepEqual([pass(29), pass(1)], [0, 1])
  waits.touch('unhurried')
  waits.touch('touching')
  assert.deepEqual([pass(59), pass(1)], [1, 2])
  waits.touch('touching')
  assert.equal(pass(15), 3, 'the next one is not waited for that long')
})

test('nobody is waited for where nobody is', async () => {
  const { patience: waits, pass } = patience()
  waits.touch('touching')
  waits.rest()
  assert.deepEqual([pass(60), waits.left], [0, null])
})
