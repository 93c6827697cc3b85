import assert from 'node:assert/strict'
import { test } from 'tap'
import { Stopwatch } from '../../../scripts/simulation/stopwatch.ts'

test('percentiles are right to 5 %', async () => {
  const watch = new Stopwatch()
  for (let ms = 1; ms <= 10_000; ms++) watch.add(ms)
  for (const share of [0.01, 0.5, 0.99, 1]) {
    const found = watch.percentile(share)
    assert.ok(Math.abs(found - share * 10_000) <= share * 10_000 * 0.05, `${share}: ${found}`)
  }
  assert.equal(watch.count, 10_000)
  assert.equal(watch.longestMs, 10_000)
})

test('nothing measured is nothing', async () => {
  assert.equal(new Stopwatch().percentile(0.5), 0)
})
