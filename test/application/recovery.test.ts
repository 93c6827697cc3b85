import assert from 'node:assert/strict'
import { test } from 'tap'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { ADMIN, openCore, openDatabase, ORG, placeFloor, rowOfDesks, SHARD } from '../harness/core.ts'
import { until } from '../harness/wait.ts'

const emptyStore = () => memoryStore({ now: () => Date.now(), outboxLimit: 10_000, outboxReserve: 100 })
const live = (store: ReturnType<typeof emptyStore>) => async () => (await store.state(SHARD)).state === 'live'

test('an empty store is rebuilt from the ledger with every persisted claim', async t => {
  const database = await openDatabase(t)
  const before = emptyStore()
  const first = await openCore(t, { ...database, store: before })
  await until(live(before), { what: 'the shard lives' })
  await placeFloor(first, database.directory, rowOfDesks('f1', 10))
  const claims: Claim[] = []
  for (let i = 0; i < 10; i++) {
    const answer = await first.commands.claim(ADMIN, { space: `f1-d${i}`, person: `p${i}`, checkIn: i % 2 === 0 })
    assert.equal(answer.persisted, true)
    claims.push(answer.claim)
  }
  const ended = await first.commands.release(ADMIN, claims[9]?.id ?? '')
  await first.stop()

  const after = emptyStore()
  const steps: string[] = []
  const progress: Array<{ spaces: number, claims: number, left: number }> = []
  const second = await openCore(t, { ...database, store: after, id: 'node-2', watch: { recovery: (shard, step) => { if (shard === SHARD) steps.push(step) }, rebuilding: (_, what) => progress.push(what) } })
  await until(live(after), { what: 'the shard lives again' })
  assert.deepEqual(steps, ['raise', 'freeze', 'drain', 'rebuild', 'switch', 'thaw'])
  assert.deepEqual(progress, [{ spaces: 0, claims: 10, left: 10 }, { spaces: 10, claims: 0, left: 0 }])
  for (const claim of claims.slice(0, 9)) assert.deepEqual(await second.commands.find(ADMIN, claim.id), claim)
  assert.deepEqual(await second.commands.find(ADMIN, ended.claim.id), ended.claim)
  await assert.rejects(second.commands.claim(ADMIN, { space: 'f1-d3', person: 'p50' }), { code: 'SPACE_TAKEN' })
  assert.equal((await second.commands.claim(ADMIN, { space: 'f1-d9', person: 'p51' })).persisted, true)
  assert.equal((await database.ledger.cursor(SHARD)).epoch, (await after.read(ORG, [])).epoch)
})
