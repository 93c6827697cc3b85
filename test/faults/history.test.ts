import assert from 'node:assert/strict'
import { test } from 'tap'
import { History, operationsOf, type HistoryLine } from './history.ts'

test('a history is read back as it happened, also where somebody was never answered', async () => {
  const lines: HistoryLine[] = []
  const history = new History(line => lines.push(line))
  history.note({ type: 'round', seed: 1, setting: 'single', base: 0 })
  const asked = { client: 0, node: 1, pid: 2, command: { call: 'release', claim: 'c1' }, person: 'p1', slot: 0 } as const
  history.invoke(asked)({ type: 'fail', code: 'CLAIM_ENDED' })
  history.invoke(asked)
  history.note({ type: 'fault', fault: 'Redis is killed', state: 'begins' })
  const read = operationsOf(JSON.parse(JSON.stringify(lines)) as HistoryLine[])
  assert.deepEqual(read.map(({ outcome, returnedAt }) => [outcome.type, returnedAt !== null]), [['fail', true], ['unknown', false]])
  assert.deepEqual(read[0], history.operations[0])
})
