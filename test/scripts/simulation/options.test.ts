import assert from 'node:assert/strict'
import { test } from 'tap'
import { DAY_MINUTES, readOptions, UsageError } from '../../../scripts/simulation/options.ts'

const now = new Date('2026-03-02T08:00:00Z')
const pace = (...args: string[]) => {
  const options = readOptions(args, now)
  assert.equal(options.do, 'run')
  return { speed: options.speed, runMs: options.runMs }
}

test('without options a day takes two minutes', async () => {
  assert.deepEqual(pace(), { speed: DAY_MINUTES / 120, runMs: 120_000 })
})

test('one of speed and length gives the other, so that one day fits; both are taken as they are', async () => {
  assert.deepEqual(pace('--speed', '14'), { speed: 14, runMs: 60_000 })
  assert.deepEqual(pace('--minutes', '1'), { speed: 14, runMs: 60_000 })
  assert.deepEqual(pace('--minutes', '5', '--speed', '14'), { speed: 14, runMs: 300_000 })
})

test('a run is never longer than four hours, however slow the day', async () => {
  assert.equal(pace('--speed', '0.0167').runMs, 240 * 60_000)
})

test('what cannot be is refused', async () => {
  for (const args of [['--speed', 'fast'], ['--people', '0'], ['--minutes', '1000'], ['--url', 'ftp://here'], ['--what'], ['--seed', '']]) {
    assert.throws(() => readOptions(args, now), UsageError, args.join(' '))
  }
})

test('a journal is verified at the same address', async () => {
  assert.deepEqual(readOptions(['--verify', 'j.jsonl', '--url', 'http://127.0.0.1:9000/x'], now), {
    do: 'verify', server: { url: 'http://127.0.0.1:9000', token: null }, journal: 'j.jsonl', report: null
  })
})
