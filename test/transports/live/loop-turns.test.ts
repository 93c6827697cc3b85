import { test } from 'tap'
import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { LoopTurns } from '../../../src/transports/live/loop-turns.ts'

test('whatever comes at once is done in its order, and others have their turn between', async () => {
  const turns = new LoopTurns(4)
  const done: number[] = []
  for (let i = 0; i < 10; i++) turns.take(() => done.push(i))
  const after: number[] = []
  for (let i = 0; i < 4; i++) {
    after.push(done.length)
    await turn()
  }
  assert.deepEqual(after, [4, 8, 10, 10])
  assert.deepEqual(done, Array.from({ length: 10 }, (_, i) => i))
})

test('what is taken while another is done has no turn of its own', async () => {
  const turns = new LoopTurns(1)
  const done: string[] = []
  turns.take(() => {
    done.push('first')
    turns.take(() => done.push('second'))
  })
  assert.deepEqual(done, ['first'])
  await turn()
  assert.deepEqual(done, ['first', 'second'])
})
