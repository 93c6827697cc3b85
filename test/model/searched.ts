import assert from 'node:assert/strict'
import { test } from 'tap'
import { temporaryFolder } from '../harness/folder.ts'
import { search } from './pan.ts'
import type { Search } from './searches.ts'

/** One test a search. Two files share them, so that two cores do. */
export function testSearches (searches: ReadonlyArray<readonly [what: string, bounds: Search]>): void {
  for (const [what, bounds] of searches) {
    test(`what Perch promises holds in every order of ${what}`, async t => {
      const { states, depth, seconds, memoryMb, trace } = await search(await temporaryFolder(t, 'model'), bounds)
      console.error(`  ${what}: ${states} states, ${depth} deep, ${seconds} s, ${memoryMb} MB`)
      assert.equal(trace, null, trace ?? '')
    })
  }
}
