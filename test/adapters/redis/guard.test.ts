import { test } from 'tap'
import assert from 'node:assert/strict'
import { Redis } from 'ioredis'
import { redisGuard } from '../../../src/adapters/redis/guard.ts'
import type { RedisGuard, RedisGuardOptions } from '../../../src/adapters/redis/guard.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { startRedis } from '../../harness/redis.ts'

const longMs = 60_000
const quiet = { secret: 'a secret of the tests', alarm () {} }

test('a guard of an even number of lock nodes, of none, of seven or of the same one twice is refused', async () => {
  const url = (port: number) => `redis://127.0.0.1:${port}`
  for (const urls of [[], [url(1), url(2)], [url(1), url(2), url(3), url(4)], [url(1), url(1), url(1)], [url(1), url(2), url(2)], [1, 2, 3, 4, 5, 6, 7].map(url)]) {
    assert.throws(() => redisGuard({ ...quiet, urls }), RangeError)
  }
})

test('a lock node sees a keyed hash in place of a name', async t => {
  const server = await startRedis(t)
  const guard = await open(t, { urls: [server.url] })
  assert.equal((await guard.hold(['acme/person/jane.doe'], longMs)).state, 'held')
  const client = new Redis(server.url)
  t.after(() => client.disconnect())
  const keys = await client.keys('*')
  assert.equal(keys.length, 1)
  assert.match(keys[0] ?? '', /^perch:lock:[A-Za-z0-9_-]{43}$/)
})

test('two guards with one secret keep each other out, with two secrets they do not', async t => {
  const server = await startRedis(t)
  const [one, two, stranger] = await Promise.all([
    open(t, { urls: [server.url] }), open(t, { urls: [server.url] }), open(t, { urls: [server.url], secret: 'another' })
  ])
  assert.equal((await one.hold(['d1'], longMs)).state, 'held')
  assert.equal((await two.hold(['d1'], longMs)).state, 'busy')
  assert.equal((await stranger.hold(['d1'], longMs)).state, 'held')
})

test('rivals from three guards over three lock nodes never hold a name at the same time', async t => {
  const urls = (await Promise.all([startRedis(t), startRedis(t), startRedis(t)])).map(server => server.url)
  const guards = await Promise.all([open(t, { urls }), open(t, { urls }), open(t, { urls })])
  let inside = 0
  let entered = 0

  async function rival (guard: RedisGuard): Promise<void> {
    for (let round = 0; round < 150; round++) {
      const answer = await guard.hold(['desk', `person ${round % 7}`], longMs)
      if (answer.state !== 'held') continue
      entered++
      assert.equal(++inside, 1)
      await new Promise(resolve => setImmediate(resolve))
      inside--
      answer.release()
    }
  }

  await Promise.all([...guards, ...guards].map(rival))
  assert.ok(entered > 0)
})

test('a lock node that has forgotten the scripts gets them again', async t => {
  const server = await startRedis(t)
  const guard = await open(t, { urls: [server.url] })
  const client = new Redis(server.url)
  t.after(() => client.disconnect())
  const first = await guard.hold(['d1'], longMs)
  await client.script('FLUSH')
  if (first.state === 'held') first.release()
  await client.script('FLUSH')
  assert.equal((await guard.hold(['d1'], longMs)).state, 'held')
})

test('every answer is told with the time it took', async t => {
  const server = await startRedis(t)
  const answers: string[] = []
  const guard = await open(t, { urls: [server.url], answered: (state, tookMs) => answers.push(`${state} ${tookMs > 0 && tookMs < 1_000}`) })
  await guard.hold(['d1'], longMs)
  await guard.hold(['d1'], longMs)
  assert.deepEqual(answers, ['held true', 'busy true'])
})

test('a closed guard answers unguarded, and closing it twice is harmless', async t => {
  const server = await startRedis(t)
  const guard = await open(t, { urls: [server.url] })
  await guard.close()
  await guard.close()
  assert.equal((await guard.hold(['d1'], longMs)).state, 'unguarded')
})

async function open (t: Cleanup, options: { urls: string[] } & Partial<RedisGuardOptions>): Promise<RedisGuard> {
  const guard = redisGuard({ ...quiet, ...options })
  t.after(() => guard.close())
  assert.equal(await guard.reached(5_000), options.urls.length)
  return guard
}
