import { test } from 'tap'
import assert from 'node:assert/strict'
import { PerchError } from '../../src/domain/errors.ts'
import { errorView } from '../../src/protocol/error.ts'

const AT = Date.UTC(2026, 2, 2, 8)

test('moments of a detail are written like all others', async () => {
  const view = errorView(new PerchError('SPACE_TAKEN', { taken: { from: AT, to: AT + 60_000 }, until: null, limit: 96, longestMs: 1_000 }))
  assert.deepEqual(view, {
    code: 'SPACE_TAKEN',
    message: 'the space is claimed for part of that time',
    retry: false,
    taken: { from: '2026-03-02T08:00:00Z', to: '2026-03-02T08:01:00Z' },
    until: null,
    limit: 96,
    longestMs: 1_000
  })
})

test('no detail hides the code, the message or whether to ask again', async () => {
  const view = errorView(new PerchError('BUSY', { code: 'OK', message: 'fine', retry: false }))
  assert.deepEqual(view, { code: 'BUSY', message: 'the space is being claimed right now', retry: true })
})

test('what caused an error stays here', async () => {
  assert.deepEqual(Object.keys(errorView(new PerchError('INTERNAL', {}, new Error('secret')))), ['code', 'message', 'retry'])
})
