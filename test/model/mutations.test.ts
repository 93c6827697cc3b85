import assert from 'node:assert/strict'
import { test } from 'tap'
import { temporaryFolder } from '../harness/folder.ts'
import { search } from './pan.ts'
import { MUTATIONS } from './searches.ts'

for (const [what, bounds] of Object.entries(MUTATIONS)) {
  test(`${what} is caught`, async t => {
    const { states, depth, seconds, trace } = await search(await temporaryFolder(t, 'model'), bounds, { short: true })
    console.error(`  ${what}: ${states} states, ${depth} deep, ${seconds} s`)
    assert.ok(trace !== null, 'nothing was violated')
  })
}
