import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { readScripts, type ScriptName } from '../../../src/adapters/redis/scripts.ts'
import { redisGuard } from '../../../src/adapters/redis/guard.ts'
import { shardKeys } from '../../../src/adapters/redis/shard-keys.ts'
import { redisStore } from '../../../src/adapters/redis/store.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { done, enliven, frozen, hear, ORG, SHARD } from '../../contract/store/office.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { ACL_FILE, startRedisWithUsers, type AclUser, type GuardedRedis } from '../../harness/redis-acl.ts'

/** Scripts that an edge node runs. */
const EDGE: readonly ScriptName[] = ['commit', 'read', 'now', 'state', 'serve']
/** What the store's adapter and ioredis call beside the scripts. */
const DRIVER = {
  edge: ['ping', 'info', 'select', 'client|setname', 'acl|whoami', 'cluster|slots', 'cluster|info', 'eval', 'evalsha', 'xlen', 'spublish', 'ssubscribe', 'sunsubscribe', 'get', 'set', 'incr', 'decr', 'getdel', 'bgrewriteaof', 'bgsave'],
  keeper: ['xrange', 'xtrim', 'zrem', 'hget']
}

/** Commands that the file gives to a user, sorted. */
function given (user: AclUser): string[] {
  const line = readFileSync(ACL_FILE, 'utf8').split('\n').find(text => text.startsWith(`user perch-${user} `)) ?? ''
  // What stands in brackets is for some keys alone; the next tests look which.
  return unique(line.replaceAll(/[()]/g, ' ').split(' ').filter(word => word.startsWith('+')).map(word => word.slice(1)))
}

/** Commands that scripts call, as an ACL names them. */
function called (names: Iterable<ScriptName>): string[] {
  const scripts = readScripts()
  return [...names].flatMap(name => [...(scripts.get(name)?.lua ?? '').matchAll(/\b(?:call|redis\.p?call)\('([A-Z]+)'(?:, '([A-Z]+)')?/g)].map(([, command = '', word]) => {
    return ['XGROUP', 'CLUSTER'].includes(command) && word !== undefined ? `${command}|${word}`.toLowerCase() : command.toLowerCase()
  }))
}

const unique = (all: readonly string[]): string[] => [...new Set(all)].sort()

function connectAs (t: Cleanup, redis: GuardedRedis, user: AclUser): Redis {
  const client = new Redis(redis.as(user), { retryStrategy: () => null, replyMapping: 'legacy' })
  t.after(() => client.disconnect())
  client.on('error', () => {})
  return client
}

test('each user has the commands that its scripts and its driver call, and no others', async () => {
  assert.deepEqual(given('edge'), unique([...called(EDGE), ...DRIVER.edge]))
  assert.deepEqual(given('keeper'), unique([...called(readScripts().keys()), ...DRIVER.edge, ...DRIVER.keeper]))
  assert.deepEqual(unique(called(['read'])), ['get', 'hget', 'hmget', 'info', 'time'], 'calls are found')
})

test('nobody gets in without a name', async () => {
  assert.match(readFileSync(ACL_FILE, 'utf8'), /^user default off$/m)
})

test('an edge node\'s user serves people, and cannot do what is a keeper\'s', async t => {
  const redis = await startRedisWithUsers(t)
  const [edge, keeper] = (['edge', 'keeper'] as const).map(user => redisStore({ url: redis.as(user) })) as [ReturnType<typeof redisStore>, ReturnType<typeof redisStore>]
  t.after(async () => { await Promise.all([edge.close(), keeper.close()]) })
  await enliven(keeper)
  const floor = await hear(t, edge, 'floor/acme/hq-3')
  await done(edge, {
    checks: [{ key: 'space/d1', version: 0 }],
    writes: [{ key: 'space/d1', body: 'a', floor: 'hq-3' }, { key: 'claim/a', body: null, floor: null }],
    due: [{ name: 'space/acme/d1', at: 1 }, { name: 'claim/acme/a', at: null }],
    floors: ['hq-3'],
    entry: 'a',
    messages: [{ topic: 'floor/acme/hq-3', floor: 'hq-3', body: 'told' }]
  })
  await floor.ends('told')
  await edge.announce(SHARD, 'floor/acme/hq-3', 7, 'announced')
  await floor.ends('announced')
  assert.equal((await edge.read(ORG, ['space/d1'])).records.get('space/d1')?.body, 'a')
  assert.equal((await edge.state(SHARD)).state, 'live')
  assert.equal((await edge.serve(SHARD, ['people'], ['acme/hq'])).presences.size, 2)
  await edge.now(SHARD)
  await edge.ping()

  const { freeze } = await frozen(keeper, 8)
  const refused: Array<() => Promise<unknown>> = [
    () => edge.freeze(SHARD, 9, 'edge'), () => edge.thaw(freeze), () => edge.clear(freeze), () => edge.positions(freeze),
    () => edge.lease(SHARD, 'edge', 1_000), () => edge.endLease(SHARD, 'edge'), () => edge.heartbeat('edge', 1_000), () => edge.leave('edge'),
    () => edge.outbox(SHARD, 7, 0, 1), () => edge.gap(SHARD, 7, 0), () => edge.drain(freeze, 7, 0, 1), () => edge.scan(freeze, 'claim', null, 1), () => edge.trimOutbox(SHARD, 7, 1)
  ]
  for (const run of refused) await assert.rejects(run, PerchError)
  assert.deepEqual(await keeper.state(SHARD), { state: 'frozen', epoch: 8 })
  assert.equal((await keeper.drain(freeze, 7, 0, 10)).length, 1)
})

for (const [user, commands] of Object.entries({
  edge: [['SET', '{epoch}', '1:a'], ['DEL', '{meta}'], ['RENAME', '{meta}', '{due}'], ['XTRIM', '{outbox}', 'MAXLEN', '0'], ['GET', 'perch:keepers'], ['SUBSCRIBE', 'news'], ['KEYS', '*'], ['FLUSHALL']],
  keeper: [['GET', 'elsewhere'], ['FLUSHALL'], ['KEYS', '*'], ['CONFIG', 'SET', 'appendonly', 'no'], ['REPLICAOF', 'NO', 'ONE'], ['SHUTDOWN'], ['ACL', 'SETUSER', 'x'], ['SCRIPT', 'FLUSH']],
  doctor: [['GET', '{epoch}'], ['HGETALL', '{meta}'], ['CONFIG', 'SET', 'appendonly', 'no'], ['ACL', 'LIST'], ['EVAL', 'return 1', '0'], ['XLEN', '{outbox}']],
  lock: [['GET', '{epoch}'], ['SET', '{meta}', '1'], ['FLUSHALL'], ['HGETALL', 'perch:lock:a'], ['CONFIG', 'GET', 'appendonly']]
} satisfies Record<AclUser, string[][]>)) {
  test(`the user perch-${user} is denied what its role does not need`, async t => {
    const client = connectAs(t, await startRedisWithUsers(t), user as AclUser)
    const keys = shardKeys()[SHARD]
    const names: Record<string, string> = { '{epoch}': keys?.epoch ?? '', '{meta}': keys?.meta ?? '', '{due}': keys?.due ?? '', '{outbox}': keys?.outbox(7) ?? '' }
    for (const [command = '', ...words] of commands) {
      await assert.rejects(client.call(command, ...words.map(word => names[word] ?? word)), /NOPERM/, `${command} ${words.join(' ')}`)
    }
  })
}

test('the lock nodes\' user takes and gives back locks', async t => {
  const redis = await startRedisWithUsers(t)
  const guard = redisGuard({ urls: [redis.as('lock')], secret: 'secret', alarm: reason => assert.fail(reason) })
  t.after(async () => { await guard.close() })
  await guard.reached(5_000)
  const held = await guard.hold(['space/acme/d1'], 60_000)
  assert.ok(held.state === 'held')
  assert.equal((await guard.hold(['space/acme/d1'], 60_000)).state, 'busy')
})
