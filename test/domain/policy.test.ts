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

test('a preset lies over the defaults and under the values that stand beside it; a site\'s preset lies over its org\'s values', async () => {
  const privacy = ({ smallZone, displayNames, hiddenAtFirst, historyDays }: ReturnType<typeof effectivePolicy>) => [smallZone, displayNames, hiddenAtFirst, historyDays]
  assert.deepEqual(privacy(effectivePolicy({ preset: 'standard' })), privacy(DEFAULT_POLICY))
  assert.deepEqual(privacy(effectivePolicy({ preset: 'works-council', historyDays: 20 })), [10, false, true, 20])
  assert.deepEqual(privacy(effectivePolicy({ preset: 'open' }, { displayNames: false })), [1, false, false, 365])
  assert.deepEqual(privacy(effectivePolicy({ smallZone: 3 }, { preset: 'works-council' })).slice(0, 2), [10, false])
  assert.ok(!('preset' in effectivePolicy({ preset: 'open' })))
})
