import { test } from 'tap'
import assert from 'node:assert/strict'
import { refusal } from '../../scripts/simulation/connection.ts'
import { comeBackMs } from '../../src/client/coming-back.ts'

const WINDOW = { minMs: 250, maxMs: 3_000 }
const nothing = () => 0
const almostAll = () => 0.9999

test('who lost its connection comes back within the whole window, from the first attempt on', async () => {
  assert.equal(comeBackMs(WINDOW, 0, null, nothing), 250)
  assert.equal(Math.round(comeBackMs(WINDOW, 0, null, almostAll)), 3_000)
})

test('the window\'s end doubles with each attempt that failed, up to 30 s; its beginning stays', async () => {
  const ends = [1, 2, 3, 4, 40].map(failed => Math.round(comeBackMs(WINDOW, failed, null, almostAll) / 1_000))
  assert.deepEqual(ends, [6, 12, 24, 30, 30])
  assert.equal(comeBackMs(WINDOW, 40, null, nothing), 250)
})

test('a window longer than that is kept', async () => {
  assert.equal(Math.round(comeBackMs({ minMs: 0, maxMs: 60_000 }, 3, null, almostAll) / 1_000), 60)
})

test('a refusal that says when goes before the window, and is spread over one more second', async () => {
  const { retryAfterS } = refusal(503, '7')
  assert.deepEqual([nothing, almostAll].map(random => Math.round(comeBackMs(WINDOW, 5, retryAfterS, random))), [7_000, 8_000])
})
