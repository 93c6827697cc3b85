import assert from 'node:assert/strict'
import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { redisGuard } from '../../src/adapters/redis/guard.ts'
import { redisStore } from '../../src/adapters/redis/store.ts'
import type { PerchNode } from '../../src/application/node.ts'
import type { Guard } from '../../src/application/ports.ts'
import { PerchError, type ErrorCode } from '../../src/domain/errors.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ADMIN, GRANTS_ALWAYS, openCore, openDatabase, placeFloor, rowOfDesks, SHARD } from '../harness/core.ts'
import { startRedis } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'

const ROUNDS = 200
const CLIENTS = 64

/** Two nodes on one Redis and one Postgres, and a floor of desks on both of two storeys. */
async function twoNodes (t: Cleanup, openGuard: (url: string) => Guard): Promise<[PerchNode, PerchNode]> {
  const database = await openDatabase(t)
  const redis = await startRedis(t)
  const open = async (id: string) => {
    const store = redisStore({ url: redis.url })
    const guard = openGuard(redis.url)
    t.after(async () => await Promise.all([store.close(), guard.close()]))
    return { store, node: await openCore(t, { ...database, store, id, guard }) }
  }
  const [first, second] = [await open('node-1'), await open('node-2')]
  await until(async () => (await first.store.state(SHARD)).state === 'live', { what: 'the shard lives' })
  for (const floor of ['f1', 'f2']) await placeFloor(first.node, database.directory, rowOfDesks(floor, 20))
  return [first.node, second.node]
}

/** The code it was refused with; null: it went through. Asked again as long as the answer says so. */
async function outcome (run: () => Promise<unknown>): Promise<ErrorCode | null> {
  for (;;) {
    try {
      await run()
      return null
    } catch (error) {
      if (!(error instanceof PerchError)) throw error
      if (error.code !== 'BUSY') return error.code
    }
  }
}

function count (all: ReadonlyArray<ErrorCode | null>, wanted: ErrorCode | null): number {
  return all.filter(code => code === wanted).length
}

for (const [guardName, openGuard] of [
  ['Redlock', (url: string) => redisGuard({ urls: [url], secret: 'test', alarm () {} })],
  ['a guard that always grants', () => GRANTS_ALWAYS]
] as const) {
  test(`64 clients on two nodes race for one space under ${guardName}: one wins, ${ROUNDS} times`, async t => {
    const nodes = await twoNodes(t, openGuard)
    for (let round = 0; round < ROUNDS; round++) {
      const id = uuidv7()
      const racers = Array.from({ length: CLIENTS }, async (_, i) => {
        const commands = nodes[i % 2 === 0 ? 0 : 1].commands
        return await outcome(async () => await commands.claim(ADMIN, { id: i === 0 ? id : uuidv7(), space: `f1-d${round % 20}`, person: `p${i}`, await: 'accepted' }))
      })
      const outcomes = await Promise.all(racers)
      assert.equal(count(outcomes, null), 1, `round ${round}: ${JSON.stringify(outcomes)}`)
      assert.equal(count(outcomes, 'SPACE_TAKEN'), CLIENTS - 1, JSON.stringify(outcomes))
      const [winner] = await nodes[0].commands.claims(ADMIN, { space: `f1-d${round % 20}` })
      await nodes[1].commands.release(ADMIN, winner?.id ?? '', 'accepted')
    }
  })
}

test('one person racing for desks on two floors over two nodes gets one', async t => {
  const [first, second] = await twoNodes(t, () => GRANTS_ALWAYS)
  for (let round = 0; round < 50; round++) {
    const outcomes = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
      const { commands } = i % 2 === 0 ? first : second
      return await outcome(async () => await commands.claim(ADMIN, { space: `f${1 + i % 2}-d${i}`, person: 'p7', await: 'accepted' }))
    }))
    assert.equal(count(outcomes, null), 1, JSON.stringify(outcomes))
    assert.equal(count(outcomes, 'PERSON_BUSY'), 7)
    const [mine] = await first.commands.claims(ADMIN, { person: 'p7' })
    await first.commands.release(ADMIN, mine?.id ?? '', 'accepted')
  }
})

test('the same claim sent over both nodes at once has one outcome', async t => {
  const [first, second] = await twoNodes(t, () => GRANTS_ALWAYS)
  for (let round = 0; round < 20; round++) {
    const request = { id: uuidv7(), space: `f1-d${round}`, person: `p${round}` }
    const answers = await Promise.all(Array.from({ length: 6 }, async (_, i) => await (i % 2 === 0 ? first : second).commands.claim(ADMIN, request)))
    assert.equal(answers.filter(({ repeated }) => !repeated).length, 1)
    for (const { claim } of answers) assert.deepEqual(claim, answers[0]?.claim)
    await assert.rejects(second.commands.claim(ADMIN, { ...request, space: 'f2-d0' }), { code: 'CLAIM_ID_REUSED' })
  }
})

test('what one node released the other claims at once, without a false refusal', async t => {
  const [first, second] = await twoNodes(t, () => GRANTS_ALWAYS)
  let [giver, taker] = [first, second]
  let held = (await giver.commands.claim(ADMIN, { space: 'f1-d0', person: 'p0', await: 'accepted' })).claim.id
  for (let round = 1; round < 100; round++) {
    await giver.commands.release(ADMIN, held, 'accepted')
    held = (await taker.commands.claim(ADMIN, { space: 'f1-d0', person: `p${round}`, await: 'accepted' })).claim.id
    ;[giver, taker] = [taker, giver]
  }
})
