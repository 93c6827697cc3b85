import assert from 'node:assert/strict'
import { test } from 'tap'
import { readOptions, UsageError } from './options.ts'
import { bound } from './report.ts'

test('a run is what it is told to be, and else a short one on one Redis', async () => {
  const options = readOptions(['--minutes', '60', '--seed', '7', '--setting', 'sentinel', '--faults', 'Redis is killed + a node is paused, a node is killed'])
  assert.ok(typeof options === 'object')
  const { minutes, seed, setting, script } = options
  assert.deepEqual([minutes, seed, setting, script], [60, 7, 'sentinel', ['Redis is killed + a node is paused', 'a node is killed']])
  const short = readOptions([])
  assert.ok(typeof short === 'object')
  assert.deepEqual([short.minutes, short.setting, short.script, short.healMs], [5, 'single', null, 10_000])
})

test('what cannot be is refused', async () => {
  for (const words of [['--setting', 'many'], ['--minutes', 'long'], ['--clients', '0'], ['--what']]) assert.throws(() => readOptions(words), UsageError, words.join(' '))
})

test('what never happened in n trials has a chance of less than 3/n', async () => {
  assert.deepEqual([bound(0, 1_000_000), bound(0, 300), bound(1, 300), bound(0, 0)], ['3.0e-6', '1.0e-2', 'it happened', 'nothing was tried'])
})
