import assert from 'node:assert/strict'
import { test } from 'tap'
import { History, type HistoryLine } from './history.ts'

test('a history has a line for what was asked and one for the answer, and counts what was never answered as unknown', async () => {
  const lines: HistoryLine[] = []
  const history = new History(line => lines.push(line))
  history.note({ type: 'round', seed: 1, setting: 'single', base: 0 })
  const asked = { client: 0, node: 1, pid: 2, command: { call: 'release', claim: 'c1' }, person: 'p1', slot: 0 } as const
  history.invoke(asked)({ type: 'fail', code: 'CLAIM_ENDED' })
  history.invoke(asked)
  history.note({ type: 'fault', fault: 'Redis is killed', state: 'begins' })
  assert.deepEqual(lines.map(({ type }) => type), ['round', 'invoke', 'fail', 'invoke', 'fault'])
  assert.deepEqual(history.operations.map(({ outcome, returnedAt }) => [outcome.type, returnedAt !== null]), [['fail', true], ['unknown', false]])
})
