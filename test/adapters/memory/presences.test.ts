import { test } from 'tap'
import assert from 'node:assert/strict'
import { Presences } from '../../../src/adapters/memory/presences.ts'
import { BREAK_MS, unbrokenSince } from '../../../src/domain/served.ts'

test('a new epoch is a break whenever it is heard of, also at the very end of the longest silence that is none', async () => {
  for (const silent of [1, BREAK_MS - 1, BREAK_MS, BREAK_MS + 1]) {
    const [before, now] = [100_000, 100_000 + silent]
    const [saying, asking] = [new Presences(), new Presences()]
    for (const presences of [saying, asking]) presences.say('hq', 1, before)
    assert.equal(unbrokenSince(saying.say('hq', 2, now), now), now, `said after ${silent} ms`)
    assert.equal(unbrokenSince(asking.tell('hq', 2, now), now), now, `asked after ${silent} ms`)
  }
})
