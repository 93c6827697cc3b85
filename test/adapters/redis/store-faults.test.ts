import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Redis } from 'ioredis'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import type { RedisStoreOptions } from '../../../src/adapters/redis/store.ts'
import type { Store } from '../../../src/application/ports.ts'
import { commitOf, done, enliven, EPOCH, frozen, hear, ORG, PAST, SHARD, withCode } from '../../contract/store/office.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { freePort } from '../../harness/ports.ts'
import { command, startRedis } from '../../harness/redis.ts'
import type { RedisServer } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'

const DURABLE = { appendonly: true, args: ['--appendfsync', 'always'] }
/** Long enough for an answer that comes, short enough to wait for one that does not. */
const PATIENCE_MS = 300

function openStore (t: Cleanup, server: Pick<RedisServer, 'url'>, options: Partial<RedisStoreOptions> = {}): Store {
  const store = redisStore({ url: server.url, ...options })
  t.after(() => store.close())
  return store
}

/** What an operator says to a server, beside the store. */
function ask<T> (server: Pick<RedisServer, 'port'>, run: (client: Redis) => Promise<T>): Promise<T> {
  return command(server.port, run)
}

const works = (store: Store) => until(() => store.ping().then(() => true), { what: 'the store is connected again' })

/** One floor, one space, one entry: what tells whether a commit happened. */
const write = { floors: ['hq-3'], writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }], entry: 'a' } as const

test('a server that was restarted makes the shard foreign, whatever file it came back from, and its store can be kept', async t => {
  const files: Record<string, (server: RedisServer) => Promise<unknown>> = {
    'append-only file': async () => {},
    snapshot: async server => {
      await ask(server, client => client.save())
      await ask(server, client => client.config('SET', 'appendonly', 'no'))
    }
  }
  for (const [file, prepare] of Object.entries(files)) {
    await t.test(`from its ${file}`, async t => {
      const server = await startRedis(t, file === 'snapshot' ? {} : DURABLE)
      const store = openStore(t, server)
      await enliven(store)
      await done(store, write)
      await prepare(server)
      await server.restart()
      await works(store)

      assert.deepEqual(await store.state(SHARD), { state: 'foreign', epoch: EPOCH })
      assert.equal((await store.commit(commitOf(write))).state, 'stale')
      await assert.rejects(store.read(ORG, ['space/d1']), withCode('RECOVERING'))
      await assert.rejects(store.due(SHARD, 1), withCode('RECOVERING'))

      const { freeze, was } = await frozen(store, EPOCH + 1)
      assert.equal(was, EPOCH)
      assert.deepEqual(await store.positions(freeze), { n: 1, seqs: new Map([['acme/hq-3', 1]]) })
      assert.equal((await store.drain(freeze, EPOCH, 0, 10)).length, 1)
      await store.thaw(freeze)
      await done(store, { ...write, epoch: EPOCH + 1, checks: [{ key: 'space/d1', version: 1 }] })
    })
  }
})

test('a freeze does not outlive its server: after a restart only a later one counts', async t => {
  const server = await startRedis(t, DURABLE)
  const store = openStore(t, server)
  await enliven(store)
  const { freeze } = await frozen(store, EPOCH + 1)
  await server.restart()
  await works(store)
  assert.deepEqual(await store.state(SHARD), { state: 'frozen', epoch: EPOCH + 1 })
  await assert.rejects(store.positions(freeze), withCode('RECOVERING'))
  await assert.rejects(store.drain(freeze, EPOCH, 0, 10), withCode('RECOVERING'))
  await assert.rejects(store.clear(freeze), withCode('RECOVERING'))
  await assert.rejects(store.load(freeze, { records: [], due: [], seqs: new Map(), n: 0 }), withCode('RECOVERING'))
  await assert.rejects(store.thaw(freeze), withCode('RECOVERING'))
  await enliven(store, EPOCH + 2)
})

test('a server that was emptied makes the shard missing', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  await enliven(store)
  await ask(server, client => client.flushall())
  assert.deepEqual(await store.state(SHARD), { state: 'missing' })
  assert.equal((await store.commit(commitOf({}))).state, 'stale')
})

test('a replica refuses what it has from its primary, and is foreign when it is promoted', async t => {
  const primary = await startRedis(t, { args: ['--repl-diskless-sync-delay', '0'] })
  const replica = await startRedis(t)
  const [before, after] = [openStore(t, primary), openStore(t, replica)]
  await ask(replica, client => client.replicaof('127.0.0.1', primary.port))
  await until(async () => /master_link_status:up/.test(await ask(replica, client => client.info('replication'))), { what: 'the replica follows' })
  await enliven(before)
  await done(before, write)
  await ask(primary, client => client.wait(1, 5_000))

  assert.deepEqual(await after.state(SHARD), { state: 'foreign', epoch: EPOCH })
  assert.equal((await after.commit(commitOf(write))).state, 'stale')
  await assert.rejects(after.read(ORG, ['space/d1']), withCode('RECOVERING'))
  await assert.rejects(after.freeze(SHARD, EPOCH + 1, 'k1'), withCode('RECOVERING'))

  await works(after)
  await ask(replica, client => client.replicaof('NO', 'ONE'))
  assert.deepEqual(await after.state(SHARD), { state: 'foreign', epoch: EPOCH })
  assert.equal((await after.commit(commitOf(write))).state, 'stale')
  const { freeze, was } = await frozen(after, EPOCH + 1)
  assert.equal(was, EPOCH)
  await after.thaw(freeze)
  await done(after, { ...write, epoch: EPOCH + 1, checks: [{ key: 'space/d1', version: 1 }] })
})

test('a flush of the scripts is not noticed', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  await enliven(store)
  for (let round = 0; round < 3; round++) {
    await ask(server, client => client.script('FLUSH'))
    await Promise.all(Array.from({ length: 50 }, () => done(store, { floors: ['hq-3'] })))
    await ask(server, client => client.script('FLUSH'))
    assert.equal((await store.read(ORG, [], ['hq-3'])).seqs.get('hq-3'), 50 * (round + 1))
  }
})

test('a commit that is not answered in time has an unknown outcome, and is not sent again', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server, { commandTimeoutMs: PATIENCE_MS })
  await enliven(store)
  await done(store, {})
  await ask(server, client => client.client('PAUSE', 60_000, 'WRITE'))
  const [commit, read] = [store.commit(commitOf(write)), store.read(ORG, [])]
  await Promise.all([assert.rejects(commit, withCode('OUTCOME_UNKNOWN')), assert.rejects(read, withCode('RECOVERING'))])
  await ask(server, client => client.client('UNPAUSE'))
  await works(store)
  assert.equal((await store.read(ORG, [], ['hq-3'])).seqs.get('hq-3'), 1, 'it happened, once')
})

test('a commit whose connection is cut has an unknown outcome, and is not sent again', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  await enliven(store)
  await ask(server, client => client.client('PAUSE', 60_000, 'WRITE'))
  const commits = Promise.allSettled(Array.from({ length: 20 }, () => store.commit(commitOf(write))))
  await until(async () => (await blocked(server)) > 0, { what: 'the server has the commits' })
  await ask(server, client => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'))
  for (const result of await commits) {
    assert.equal(result.status, 'rejected')
    assert.ok(result.status === 'rejected' && withCode('OUTCOME_UNKNOWN')(result.reason))
  }
  await ask(server, client => client.client('UNPAUSE'))
  await works(store)
  assert.equal((await store.read(ORG, [], ['hq-3'])).seqs.get('hq-3'), 0, 'none of them happened, none was sent again')
})

async function blocked (server: RedisServer): Promise<number> {
  const info = await ask(server, client => client.info('clients'))
  return Number(/blocked_clients:(\d+)/.exec(info)?.[1])
}

test('while the server is away nothing is sent: commits and reads are RECOVERING at once, and work again when it is back', async t => {
  const server = await startRedis(t, DURABLE)
  const store = openStore(t, server)
  await enliven(store)
  await server.kill()
  await until(() => store.ping().then(() => false, () => true), { what: 'the store knows' })
  for (let i = 0; i < 10; i++) {
    await assert.rejects(store.commit(commitOf(write)), withCode('RECOVERING'))
    await assert.rejects(store.read(ORG, []), withCode('RECOVERING'))
  }
  await assert.rejects(store.subscribe(SHARD, 'ledger', () => {}), withCode('RECOVERING'))
  await server.restart()
  await works(store)
  await enliven(store, EPOCH + 1)
  await done(store, { ...write, epoch: EPOCH + 1 })
})

test('a store may be opened before its server is there', async t => {
  const port = await freePort()
  const store = openStore(t, { url: `redis://127.0.0.1:${port}` }, { commandTimeoutMs: PATIENCE_MS })
  await assert.rejects(store.ping(), withCode('RECOVERING'))
  const server = await startRedis(t, { port })
  await works(store)
  await enliven(store)
  assert.equal(server.port, port)
})

test('the first calls wait for the connection', async t => {
  const store = openStore(t, await startRedis(t))
  assert.deepEqual(await store.state(SHARD), { state: 'missing' })
})

test('a server out of memory refuses commits whole and still answers reads', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  await enliven(store)
  await done(store, { ...write, due: [{ name: 'over/acme/a', at: PAST }] })
  await ask(server, client => client.config('SET', 'maxmemory', '1'))
  await assert.rejects(store.commit(commitOf({ ...write, due: [{ name: 'over/acme/b', at: PAST }] })), withCode('LEDGER_BEHIND'))
  await assert.rejects(store.commit(commitOf({ ...write, entry: null })), withCode('LEDGER_BEHIND'))
  assert.deepEqual((await store.read(ORG, ['space/d1'], ['hq-3'])).records.get('space/d1'), { version: 1, body: 'a' })
  assert.equal((await store.due(SHARD, 10)).names.length, 1)
  assert.equal(await store.outboxLength(SHARD, EPOCH), 1)
  await ask(server, client => client.config('SET', 'maxmemory', '0'))
  assert.equal((await done(store, write)).n, 2)
})

test('a server that may not write is RECOVERING, and nothing is written', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  await enliven(store)
  await ask(server, client => client.config('SET', 'min-replicas-to-write', '1'))
  await assert.rejects(store.commit(commitOf(write)), withCode('RECOVERING'))
  await ask(server, client => client.config('SET', 'min-replicas-to-write', '0'))
  assert.equal((await done(store, write)).n, 1)
})

test('subscribers whose connection was cut hear again', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  const [one, two] = [await hear(t, store, 'ledger'), await hear(t, store, 'floor/acme/hq-3', 5)]
  await ask(server, client => client.client('KILL', 'TYPE', 'PUBSUB'))
  await until(async () => {
    await store.announce(SHARD, 'ledger', EPOCH, 'hello')
    await store.announce(5, 'floor/acme/hq-3', EPOCH, 'hello')
    return one.told.length > 0 && two.told.length > 0
  }, { what: 'both hear' })
})

test('a password of the URL is used, and without it everything is RECOVERING', async t => {
  const server = await startRedis(t)
  await ask(server, client => client.config('SET', 'requirepass', 'p@ss'))
  const at = (access: string) => openStore(t, { url: `redis://${access}127.0.0.1:${server.port}` }, { commandTimeoutMs: PATIENCE_MS })
  await at(':p%40ss@').ping()
  await assert.rejects(at('').ping(), withCode('RECOVERING'))
  await assert.rejects(at(':wrong@').ping(), withCode('RECOVERING'))
})

test('a database of the URL is used', async t => {
  const server = await startRedis(t)
  const store = openStore(t, { url: `${server.url}/3` })
  await enliven(store)
  assert.equal(await ask(server, client => client.dbsize()), 0)
  await store.ping()
})

test('a store that was closed is RECOVERING, and may be closed again', async t => {
  const server = await startRedis(t)
  const store = openStore(t, server)
  await store.ping()
  await store.close()
  await assert.rejects(store.commit(commitOf(write)), withCode('RECOVERING'))
  await assert.rejects(store.read(ORG, []), withCode('RECOVERING'))
  await assert.rejects(store.subscribe(SHARD, 'ledger', () => {}), withCode('RECOVERING'))
  await store.close()
})

test('every call is told with its outcome and how long it took', async t => {
  const server = await startRedis(t)
  const calls: Array<[string, string]> = []
  const store = openStore(t, server, { onCall: (name, outcome, ms) => { if (ms >= 0) calls.push([name, outcome]) } })
  await enliven(store)
  await done(store, write)
  await ask(server, client => client.config('SET', 'maxmemory', '1'))
  await assert.rejects(store.commit(commitOf(write)))
  assert.deepEqual(calls.slice(-2), [['commit', 'ok'], ['commit', 'LEDGER_BEHIND']])
})
