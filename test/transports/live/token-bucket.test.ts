import { test } from 'tap'
import assert from 'node:assert/strict'
import { TokenBucket } from '../../../src/transports/live/token-bucket.ts'
import { HandClock } from '../../stand-ins/clock.ts'

/** How many of `asked` are let through. */
function taken (bucket: TokenBucket, asked: number): number {
  return Array.from({ length: asked }, () => bucket.take()).filter(Boolean).length
}

test('a bucket lets one second\'s worth through at once, then its rate, whatever is asked', async () => {
  const clock = new HandClock()
  const bucket = new TokenBucket(clock, 200)
  assert.equal(taken(bucket, 5_000), 200)
  const perTenth: number[] = []
  for (let i = 0; i < 20; i++) {
    clock.pass(100)
    perTenth.push(taken(bucket, 5_000))
  }
  assert.deepEqual(new Set(perTenth), new Set([20]))
})

test('an hour without anybody fills a bucket no further', async () => {
  const clock = new HandClock()
  const bucket = new TokenBucket(clock, 10)
  clock.pass(3_600_000)
  assert.equal(taken(bucket, 100), 10)
})

test('a bucket of few per second gathers parts of a token', async () => {
  const clock = new HandClock()
  const bucket = new TokenBucket(clock, 1)
  bucket.take()
  const got: boolean[] = []
  for (let i = 0; i < 4; i++) {
    clock.pass(500)
    got.push(bucket.take())
  }
  assert.deepEqual(got, [false, true, false, true])
})
