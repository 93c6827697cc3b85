import { test } from 'tap'
import assert from 'node:assert/strict'
import { DEFAULT_POLICY, effectivePolicy } from '../../src/domain/policy.ts'

test('what nobody sets is the default', async () => {
  assert.deepEqual(effectivePolicy(), DEFAULT_POLICY)
  assert.deepEqual(effectivePolicy(null, {}), DEFAULT_POLICY)
})

test('a site\'s values win over the org\'s, and those over the defaults', async () => {
  const policy = effectivePolicy({ minStayMs: 1, horizonMs: 2 }, { minStayMs: 3 })
  assert.deepEqual([policy.minStayMs, policy.horizonMs, policy.longestStayMs], [3, 2, DEFAULT_POLICY.longestStayMs])
})

test('limits are laid over one another kind by kind', async () => {
  const policy = effectivePolicy({ overlapping: { desk: 2, room: 3 } }, { overlapping: { room: null } })
  assert.deepEqual(policy.overlapping, { ...DEFAULT_POLICY.overlapping, desk: 2, room: null })
})

test('null is a value, undefined is none', async () => {
  const policy = effectivePolicy({ releaseGraceMs: null, minStayMs: 1 }, { releaseGraceMs: undefined, minStayMs: undefined })
  assert.deepEqual([policy.releaseGraceMs, policy.minStayMs], [null, 1])
})
