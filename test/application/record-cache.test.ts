import { test } from 'tap'
import assert from 'node:assert/strict'
import { RecordCache } from '../../src/application/record-cache.ts'
import type { Known } from '../../src/domain/draft.ts'
import { shardOf } from '../../src/domain/ids.ts'
import { spaceKey } from '../../src/domain/keys.ts'

const ORG = 'acme'
const LIMIT = 100
const known = (version: number): Known => ({ version, value: null })

test('never more than the limit is remembered, however much is put in', async () => {
  const cache = new RecordCache(LIMIT)
  for (let i = 0; i < 10 * LIMIT; i++) {
    cache.set(ORG, 1, spaceKey(`d${i}`), known(i))
    assert.ok(cache.size <= LIMIT, `${cache.size} records`)
  }
  assert.deepEqual(cache.get(ORG, spaceKey(`d${10 * LIMIT - 1}`)), known(10 * LIMIT - 1))
  assert.equal(cache.get(ORG, spaceKey('d0')), undefined)
})

test('what is asked for again and again is not forgotten', async () => {
  const cache = new RecordCache(LIMIT)
  cache.set(ORG, 1, spaceKey('often'), known(7))
  for (let i = 0; i < 10 * LIMIT; i++) {
    cache.set(ORG, 1, spaceKey(`d${i}`), known(i))
    assert.deepEqual(cache.get(ORG, spaceKey('often')), known(7))
    assert.ok(cache.size <= LIMIT)
  }
})

test('a record that is put again is the new one, wherever the old one was', async () => {
  const cache = new RecordCache(4)
  for (let version = 1; version < 20; version++) {
    cache.set(ORG, 1, spaceKey('d1'), known(version))
    cache.set(ORG, 1, spaceKey(`other${version}`), known(version))
    assert.deepEqual(cache.get(ORG, spaceKey('d1')), known(version))
    assert.ok(cache.size <= 4)
  }
})

test('a new epoch voids what the shard\'s orgs had, and is told once; records of an epoch that is over are not taken', async () => {
  const told: number[][] = []
  const cache = new RecordCache(LIMIT, (...epochs) => told.push(epochs))
  const [shard, elsewhere] = [shardOf(ORG), Array.from({ length: 100 }, (_, i) => `org${i}`).find(org => shardOf(org) !== shardOf(ORG)) ?? '']
  for (let i = 0; i < 60; i++) cache.set(ORG, 3, spaceKey(`d${i}`), known(i))
  cache.set(elsewhere, 1, spaceKey('d1'), known(1))
  cache.sawEpoch(shard, 4)
  assert.equal(cache.size, 1)
  assert.equal(cache.get(ORG, spaceKey('d59')), undefined)
  assert.deepEqual(cache.get(elsewhere, spaceKey('d1')), known(1))
  cache.set(ORG, 3, spaceKey('d1'), known(1))
  assert.equal(cache.get(ORG, spaceKey('d1')), undefined)
  cache.set(ORG, 5, spaceKey('d1'), known(2))
  assert.deepEqual(cache.get(ORG, spaceKey('d1')), known(2))
  assert.deepEqual(told, [[shard, 4, 3], [shard, 5, 4]])
})
