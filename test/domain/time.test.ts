import { test } from 'tap'
import assert from 'node:assert/strict'
import { claimIdTime, isClaimId, shardOf, SHARDS } from '../../src/domain/ids.ts'
import { DAY, overlaps, utcDays, wholeSecond } from '../../src/domain/time.ts'

test('spans that share an instant overlap, spans that touch do not', async () => {
  const span = { from: 10, to: 20 }
  assert.ok(overlaps(span, { from: 19, to: 30 }) && overlaps({ from: 0, to: 11 }, span) && overlaps(span, { from: 12, to: 13 }) && overlaps(span, span))
  assert.ok(!overlaps(span, { from: 20, to: 30 }) && !overlaps({ from: 0, to: 10 }, span))
})

test('a moment is cut to its second, before 1970, too', async () => {
  assert.deepEqual([wholeSecond(1_999), wholeSecond(2_000), wholeSecond(-1)], [1_000, 2_000, -1_000])
})

test('a span touches the UTC days that it has an instant in', async () => {
  assert.deepEqual(utcDays({ from: 0, to: DAY }), [0])
  assert.deepEqual(utcDays({ from: DAY - 1, to: DAY + 1 }), [0, 1])
  assert.deepEqual(utcDays({ from: DAY, to: 3 * DAY }), [1, 2])
})

test('a UUIDv7 carries its moment', async () => {
  const id = '019aa1c2-7c00-7abc-8def-0123456789ab'
  assert.ok(isClaimId(id))
  assert.equal(claimIdTime(id), 0x019aa1c27c00)
})

test('only a UUIDv7 in lower case is a claim id', async () => {
  for (const id of ['', '019AA1C2-7C00-7ABC-8DEF-0123456789AB', '019aa1c2-7c00-4abc-8def-0123456789ab', '019aa1c2-7c00-7abc-cdef-0123456789ab',
    '019aa1c2-7c00-7abc-8def-0123456789ab0', ' 019aa1c2-7c00-7abc-8def-0123456789ab', '019aa1c2-7c00-7abc-8def-0123456789ab\n']) {
    assert.ok(!isClaimId(id), JSON.stringify(id))
  }
})

test('an org stays in its shard', async () => {
  assert.deepEqual(['demo', 'acme', 'constructor'].map(shardOf), [54, 47, 15])
})

test('orgs spread over all shards', async () => {
  assert.equal(new Set(Array.from({ length: 2_000 }, (_, i) => shardOf(`org-${i}`))).size, SHARDS)
})
