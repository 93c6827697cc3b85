import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { redisStore } from '../../src/adapters/redis/store.ts'
import { PerchError } from '../../src/domain/errors.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startRedisCluster } from '../harness/redis-cluster.ts'
import { startRedis } from '../harness/redis.ts'
import { Author } from './commands/author.ts'
import { LIMITS, Nodes } from './commands/nodes.ts'
import { fill, SITES } from './commands/office.ts'

async function open (t: Cleanup, store: ConstructorParameters<typeof Nodes>[1]): Promise<Nodes> {
  const nodes = new Nodes(t, store)
  await fill(nodes.directory)
  await nodes.start()
  for (const site of Object.keys(SITES)) await nodes.follow(site)
  return nodes
}

/** An answer, or in its place the refusal with all it says. */
async function answer (run: Promise<unknown>): Promise<unknown> {
  try {
    return await run
  } catch (error) {
    if (error instanceof PerchError) return { refused: error.code, detail: error.detail }
    throw error
  }
}

/** Both live through the same story; what came up in it. */
async function agree (t: Cleanup, url: string, commands: number): Promise<Map<string, number>> {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  const redis = redisStore({ url, ...LIMITS })
  t.after(() => redis.close())
  // A memory store whose own clock never gets anywhere: like the other's it stands at the last commit.
  const [ours, theirs] = [await open(t, memoryStore({ now: () => 0, ...LIMITS })), await open(t, redis)]
  const author = new Author(seed)
  const story: string[] = []
  const came = new Map<string, number>()
  for (let i = 0; i < commands; i++) {
    const step = author.next()
    story.push(step.what)
    const [expected, found] = await Promise.all([answer(step.run(ours)), answer(step.run(theirs))])
    assert.deepEqual(found, expected, `SEED=${seed} differs at command ${i}:\n${story.slice(-20).join('\n')}`)
    author.learn(expected)
    const what = typeof expected === 'object' && expected !== null && 'refused' in expected ? String(expected.refused) : 'done'
    came.set(what, (came.get(what) ?? 0) + 1)
  }
  assert.deepEqual(await theirs.contents(), await ours.contents(), `SEED=${seed}: the records differ`)
  return came
}

test('memory and Redis give the same answers to the same 10,000 commands over two nodes, and hold the same records at the end', async t => {
  const came = await agree(t, (await startRedis(t)).url, 10_000)
  const common = ['done', 'SPACE_TAKEN', 'PERSON_BUSY', 'SPACE_BLOCKED', 'CLAIM_ENDED', 'CLAIM_UNKNOWN', 'CLAIM_ID_REUSED', 'OUTSIDE_POLICY', 'FORBIDDEN', 'BAD_REQUEST', 'SPACE_UNKNOWN', 'PERSON_UNKNOWN', 'LEDGER_BEHIND']
  assert.deepEqual(common.filter(what => !came.has(what)), [], 'every answer that is not rare came up')
})

test('memory and a Redis Cluster of three masters give the same answers to the same 1,000 commands', async t => {
  const { nodes } = await startRedisCluster(t)
  await agree(t, `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, 1_000)
})
