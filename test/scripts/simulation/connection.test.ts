import { test } from 'tap'
import assert from 'node:assert/strict'
import { refusal } from '../../../scripts/simulation/connection.ts'

test('a refusal that says nothing, or no number of seconds, leaves it to the window', async () => {
  assert.deepEqual([null, undefined, 'Wed, 21 Oct 2026 07:28:00 GMT'].map(header => refusal(503, header).retryAfterS), [null, null, null])
})

test('only what cannot get better is final', async () => {
  assert.deepEqual([401, 404, 429, 500, 503].filter(status => refusal(status, null).final), [401, 404])
})
