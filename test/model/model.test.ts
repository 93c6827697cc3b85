import assert from 'node:assert/strict'
import { test } from 'tap'
import { temporaryFolder } from '../harness/folder.ts'
import { search } from './pan.ts'
import { SEARCHES } from './searches.ts'

for (const [what, bounds] of Object.entries(SEARCHES)) {
  test(`what Perch promises holds in every order of ${what}`, async t => {
    const { states, depth, seconds, memoryMb, trace } = await search(await temporaryFolder(t, 'model'), bounds)
    console.error(`  ${what}: ${states} states, ${depth} deep, ${seconds} s, ${memoryMb} MB`)
    assert.equal(trace, null, trace ?? '')
  })
}

test('a lock that never ran out would do without versions: it is the guard\'s weakness that they stand against', async t => {
  assert.equal((await search(await temporaryFolder(t, 'model'), { commits: 3, without: 'NO_VERSION_CHECK', locks: true })).trace, null)
})
