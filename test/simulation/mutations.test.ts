import assert from 'node:assert/strict'
import { test } from 'tap'
import { askedOf } from './asked.ts'
import { hunt } from './hunt.ts'
import { MUTATIONS } from './mutations.ts'

/** As long as somebody waits for it to be found out. On a free core most need less than a second. */
const MS = 60_000

const { alone, hunts } = askedOf(process.env, MS)

// Whoever hunts, hunts Perch as it is.
for (const [what, { faults, everyMs, cut, ...wiring }] of Object.entries(alone || hunts ? {} : MUTATIONS)) {
  test(`it is found out when ${what}`, async t => {
    if (cut !== undefined) t.after(cut())
    const { runs, tookMs, broken } = await hunt({ from: 1, wiring, ms: MS, ...(faults === undefined ? {} : { faults }), ...(everyMs === undefined ? {} : { everyMs }) })
    assert.ok(broken !== null, `nothing was found in ${runs} seeds`)
    console.log(`  ${what}: ${runs} seeds, ${(tookMs / 1_000).toFixed(1)} s; ${broken.broken?.slice(0, 120)}`)
  })
}

if (alone || hunts) test('mutations are left out of a hunt', async () => {})
