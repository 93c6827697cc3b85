import assert from 'node:assert/strict'
import { test } from 'tap'
import { hunt, MUTATIONS, mutate } from './mutations.ts'

test('a Perch that compares no versions is found out', async t => {
  const mutation = MUTATIONS['commit.lua compares no versions']
  assert.ok(mutation !== undefined)
  const { failure } = await hunt(t, 'commit.lua compares no versions', mutation)
  assert.match(failure ?? '', /doubled|not linearizable|not in order/)
})

test('every mutation can still be made', async t => {
  for (const [name, mutation] of Object.entries(MUTATIONS)) await mutate(t, name, mutation)
})
