import assert from 'node:assert/strict'
import { test } from 'tap'
import { temporaryFolder } from '../harness/folder.ts'
import { runBench } from './bench.ts'

/** The same faults in the same order each time; `npm run faults` goes on with others for as long as one likes, and on a Redis Cluster. */
const SEED = 1
const RAGE_MS = 8_000
/** More than is promised: other tests run beside these. */
const HEAL_MS = 60_000

for (const setting of ['single', 'sentinel'] as const) {
  test(`nobody is doubled and nothing persisted is lost while things break: ${setting}`, async t => {
    const out = await temporaryFolder(t, 'histories')
    const told: string[] = []
    const { failure, rounds } = await runBench(t, { minutes: 2, seed: SEED, setting, rounds: 1, nodes: 2, clients: 8, rageMs: RAGE_MS, healMs: HEAL_MS, fsync: 'always', script: null, main: null, out }, line => told.push(line))
    assert.equal(failure, null, told.join('\n'))
    assert.ok(rounds.every(({ persisted, places }) => persisted > 0 && places > 0))
    console.log(`  ${told.join('\n  ')}`)
  })
}
