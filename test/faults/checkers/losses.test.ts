import assert from 'node:assert/strict'
import { test } from 'tap'
import { checkLosses } from './losses.ts'
import { Story } from './story.ts'

test('a loss that is told of is reported, one that is not is a problem, and one of a node that died is neither', async () => {
  const operation = new Story().grants('c1', 's1', 'p1', [0, 1], false)
  const told = { operation, lives: true, answer: { code: 'CLAIM_UNKNOWN', lost: true } }
  const untold = { ...told, answer: { code: 'CLAIM_UNKNOWN' } }
  const { problems, reported } = checkLosses([told, untold, { ...untold, lives: false }])
  assert.deepEqual([problems.map(({ kind }) => kind), reported], [['not reported'], 1])
})
