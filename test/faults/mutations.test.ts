import assert from 'node:assert/strict'
import { test } from 'tap'
import { hunt, mutated, MUTATIONS } from './mutations.ts'

test('a Perch that compares no versions is found out', async t => {
  const mutation = MUTATIONS['commit.lua compares no versions']
  assert.ok(mutation !== undefined)
  // Found out by what it doubles: nobody need wait until it heals.
  const { failure } = await hunt(t, 'commit.lua compares no versions', mutation, 10_000)
  assert.match(failure ?? '', /doubled|not linearizable|not in order/)
})

test('every mutation can still be made', async () => {
  for (const [name, mutation] of Object.entries(MUTATIONS)) await mutated(name, mutation)
})
