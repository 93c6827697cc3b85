import { test } from 'tap'
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { readScripts } from '../../../src/adapters/redis/scripts.ts'
import { shardKeys } from '../../../src/adapters/redis/shard-keys.ts'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import type { Key } from '../../../src/domain/keys.ts'
import { done, enliven, EPOCH, ORG, PAST, SHARD } from '../../contract/store/office.ts'
import { command, startRedis } from '../../harness/redis.ts'

const prefix = `perch:{s${String(SHARD).padStart(2, '0')}}:`
/** What the scripts that run on a live shard name. */
const named = ['epoch', 'meta', 'floors', 'spaces', 'days', 'people', 'claims', 'due', `outbox:${EPOCH}`].map(name => prefix + name).sort()

test('a live shard has every key that its scripts name, also while it has no record, deadline or entry', async t => {
  const server = await startRedis(t)
  const store = redisStore({ url: server.url })
  t.after(() => store.close())
  const keys = async () => (await command(server.port, client => client.keys('*'))).sort()
  await enliven(store)
  assert.deepEqual(await keys(), named)

  await done(store, { writes: [{ key: 'space/d1', body: 'a', floor: null }], due: [{ name: 'over/acme/a', at: PAST }], entry: 'a' })
  await done(store, { writes: [{ key: 'space/d1', body: null, floor: null }], due: [{ name: 'over/acme/a', at: null }] })
  await store.trimOutbox(SHARD, EPOCH, 2)
  assert.deepEqual(await keys(), named)
  assert.equal(await command(server.port, client => client.type(`${prefix}outbox:${EPOCH}`)), 'stream')
})

test('what keeps those keys there is never given to anybody', async t => {
  const server = await startRedis(t)
  const store = redisStore({ url: server.url })
  t.after(() => store.close())
  await enliven(store)
  const odd: Key[] = ['floor/-', 'space/-', 'day/-/-', 'person/-/-', 'claim/-', 'space/']
  const { records } = await store.read(ORG, odd)
  assert.deepEqual([...records.values()], odd.map(() => ({ version: 0, body: null })))
  await done(store, { due: [{ name: 'over/acme/a', at: PAST }] })
  const { names, next } = await store.due(SHARD, 100)
  assert.deepEqual([names.map(({ name }) => name), next], [['over/acme/a'], null])
  const answer = await store.freeze(SHARD, EPOCH + 1, 'k1')
  assert.ok(answer.frozen)
  assert.deepEqual(await store.positions(answer.freeze), { n: 1, seqs: new Map() })
})

test('a recovery leaves one outbox stream behind, whatever was there', async t => {
  const server = await startRedis(t)
  const store = redisStore({ url: server.url })
  t.after(() => store.close())
  const streams = () => command(server.port, client => client.keys('*outbox*'))
  await enliven(store, 1)
  await done(store, { epoch: 1, entry: 'a' })
  const kept = await store.freeze(SHARD, 2, 'k1')
  assert.ok(kept.frozen)
  assert.deepEqual(await streams(), [`${prefix}outbox:1`])
  await store.thaw(kept.freeze)
  assert.deepEqual(await streams(), [`${prefix}outbox:2`])
  await enliven(store, 3)
  assert.deepEqual(await streams(), [`${prefix}outbox:3`])
})

test('the keys of a shard share one hash tag, and no two shards have one', async () => {
  const tags = shardKeys().map(keys => {
    const all = [...keys.all, ...keys.records, keys.lease, keys.served, keys.outbox(7), keys.channel('keeper')]
    const [tag, ...others] = new Set(all.map(key => /^perch:(\{s\d\d\}):/.exec(key)?.[1]))
    assert.equal(others.length, 0)
    return tag
  })
  assert.equal(new Set(tags).size, 64)
})

test('each Lua file says in its header how many keys it takes, and is called with as many', async () => {
  const folder = new URL('../../../src/adapters/redis/lua/', import.meta.url)
  const scripts = readScripts()
  assert.deepEqual(readdirSync(folder).sort(), [...scripts.keys()].map(name => `${name}.lua`).sort())
  for (const [name, { keys, lua }] of scripts) {
    assert.equal(lua, readFileSync(new URL(`${name}.lua`, folder), 'utf8'))
    const header = lua.slice(0, lua.indexOf(']]'))
    const told = [...header.slice(header.indexOf('KEYS'), header.indexOf('ARGV')).matchAll(/(?:KEYS {2}|[, ] ?)(?:(\d+)-)?(\d+) [a-z]/g)].map(match => Number(match[2]))
    assert.equal(Math.max(...told), keys, `${name}.lua`)
    assert.ok(lua.split('\n').length <= 61, `${name}.lua has at most 60 lines`)
  }
})
