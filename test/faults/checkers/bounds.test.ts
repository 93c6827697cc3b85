import assert from 'node:assert/strict'
import { test } from 'tap'
import { checkBounds, MOST_MEMORY, type Sample } from './bounds.ts'

const sample: Sample = { node: 0, memory: MOST_MEMORY, outbox: 100 }

test('what keeps to its bounds is sound, also where a node did not answer', async () => {
  assert.deepEqual(checkBounds([sample, { node: 1, memory: null, outbox: null }], 100), [])
})

test('memory and an outbox that grow beyond them are found', async () => {
  const problems = checkBounds([sample, { ...sample, memory: MOST_MEMORY + 1 }, { ...sample, outbox: 101 }], 100)
  assert.deepEqual(problems.map(({ kind, invariant }) => `${kind} ${invariant}`), ['unbounded INV-8', 'unbounded INV-8'])
})
