import { test } from 'tap'
import assert from 'node:assert/strict'
import { until } from './wait.ts'

test('until gives the first value that is not empty', async () => {
  const values = [undefined, 0, '', null, false, 'here', 'there']
  assert.equal(await until(() => values.shift(), { what: 'a value' }), 'here')
})

test('until takes a condition that throws for one that does not hold yet', async () => {
  let looks = 0
  assert.equal(await until(async () => { assert.ok(++looks > 3); return true }, { what: 'the fourth look' }), true)
})

test('until gives up with what it waited for and the last error as its cause', async () => {
  const cause = new Error('still closed')
  await assert.rejects(until(() => { throw cause }, { what: 'the door opens', withinMs: 30 }), {
    message: 'not within 30 ms: the door opens', cause
  })
})

test('until gives up on a condition that never answers', async () => {
  await assert.rejects(until(() => new Promise<boolean>(() => {}), { what: 'an answer', withinMs: 30 }), /not within 30 ms: an answer/)
})
