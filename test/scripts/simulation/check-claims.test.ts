import assert from 'node:assert/strict'
import { test } from 'tap'
import { overlapsBy } from '../../../scripts/simulation/check-claims.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'

const at = (minute: number) => `2026-03-02T08:${String(minute).padStart(2, '0')}:00Z`
const claim = (id: string, from: number, to: number, more: Partial<ClaimView> = {}): ClaimView =>
  ({ id, space: 'd1', floor: 'f', kind: 'desk', person: 'p1', by: 'p1', from: at(from), to: at(to), createdAt: at(0), state: 'booked', ...more })
const found = (...claims: ClaimView[]) => overlapsBy(claims, ({ space }) => space).length

test('claims that touch do not overlap, those that share time do', async () => {
  assert.equal(found(claim('a', 0, 10), claim('b', 10, 20)), 0)
  assert.equal(found(claim('a', 0, 11), claim('b', 10, 20)), 1)
})

test('a claim that ended early leaves the rest of its time to others', async () => {
  assert.equal(found(claim('a', 0, 30, { state: 'ended', endedAt: at(10), why: 'released' }), claim('b', 10, 20)), 0)
})

test('a claim that was given back before it began, or revoked by a fault, was never held', async () => {
  assert.equal(found(claim('a', 5, 30, { state: 'ended', endedAt: at(2), why: 'released' }), claim('b', 0, 20)), 0)
  assert.equal(found(claim('a', 5, 30, { state: 'ended', endedAt: at(20), why: 'revoked' }), claim('b', 0, 20)), 0)
})

test('a long claim overlaps all that lie in it, also behind a short one', async () => {
  assert.equal(found(claim('a', 0, 30), claim('b', 1, 2), claim('c', 20, 25)), 2)
})

test('spaces do not mix', async () => {
  assert.equal(found(claim('a', 0, 30), claim('b', 0, 30, { space: 'd2' })), 0)
})
