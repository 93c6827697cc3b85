import assert from 'node:assert/strict'
import { test } from 'tap'
import { temporaryFolder } from '../harness/folder.ts'
import { search } from './pan.ts'
import { testSearches } from './searched.ts'
import { SEARCHES } from './searches.ts'

testSearches(Object.entries(SEARCHES).filter(([, bounds]) => !('failovers' in bounds)))

test('a lock that never ran out would do without versions: it is the guard\'s weakness that they stand against', async t => {
  assert.equal((await search(await temporaryFolder(t, 'model'), { commits: 3, without: 'NO_VERSION_CHECK', locks: true })).trace, null)
})
