import { test } from 'tap'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { tellableZones } from '../../src/domain/coarsen.ts'

/** Zones of so many claimable spaces; `none`: spaces in no zone. */
const told = (smallZone: number, { none = 0, ...zones }: Record<string, number>): string[] => {
  const sizes = new Map<string | null, { spaces: number, claimable: number }>(Object.entries(zones).map(([zone, n]) => [zone, { spaces: n, claimable: n }]))
  if (none > 0) sizes.set(null, { spaces: none, claimable: none })
  return [...tellableZones(sizes, smallZone)].sort()
}

test('zones of fewer claimable spaces than the policy says are not told', async () => {
  assert.deepEqual(told(5, { a: 5, b: 8, c: 4, d: 3 }), ['a', 'b'])
  assert.deepEqual(told(1, { a: 1, b: 8 }), ['a', 'b'])
})

test('a small zone is not told by what the others leave of the totals', async () => {
  assert.deepEqual(told(5, { a: 5, b: 8, c: 2 }), ['b'], 'the totals without b are of seven')
  assert.deepEqual(told(5, { a: 9, none: 2 }), [], 'the totals without a would be of two')
  assert.deepEqual(told(5, { a: 9, b: 7, none: 5 }), ['a', 'b'])
})

test('a space of which only a sensor tells makes no zone larger, and does hide behind others', async () => {
  const sizes = new Map<string | null, { spaces: number, claimable: number }>([['a', { spaces: 9, claimable: 4 }], ['b', { spaces: 6, claimable: 6 }], ['c', { spaces: 7, claimable: 6 }]])
  assert.deepEqual([...tellableZones(sizes, 5)], ['b'])
})

test('whatever is told, what is left of the totals is nothing or of enough spaces', async () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 12 }), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 1, max: 10 }), (zones, none, k) => {
    const sizes = new Map<string | null, { spaces: number, claimable: number }>(zones.map((n, i) => [`z${i}`, { spaces: n, claimable: n }]))
    if (none > 0) sizes.set(null, { spaces: none, claimable: none })
    const names = tellableZones(sizes, k)
    const sum = (of: (zone: string | null) => boolean) => [...sizes].reduce((total, [zone, { spaces }]) => total + (of(zone) ? spaces : 0), 0)
    const left = sum(zone => zone === null || !names.has(zone))
    if (k > 1 && names.size > 0) assert.ok(left === 0 || left >= k, `${left} are left`)
    for (const [zone, { claimable }] of sizes) if (zone !== null && names.has(zone)) assert.ok(claimable >= k)
  }))
})
