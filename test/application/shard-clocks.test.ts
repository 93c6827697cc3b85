import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { ShardClocks } from '../../src/application/shard-clocks.ts'
import { HOUR, MINUTE } from '../../src/domain/time.ts'
import { openCore } from '../harness/core.ts'
import { ADMIN, openBuilding, rowOfDesks, withSite } from '../stand-ins/building.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { emptyLedger } from '../stand-ins/ledger.ts'

test('a node goes by the store\'s clock from its first command on, however wrong its own is', async t => {
  const building = await withSite(await openBuilding(t))
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1']), { release: false })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'anna', name: 'Anna' }] })
  // The building's clock stands in March 2026; this node has the machine's.
  const { store, directory } = building
  const { commands } = await openCore(t, { store, directory, ledger: emptyLedger(), keeps: [] })
  const { claim } = await commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted' })
  // What passed on this machine meanwhile counts; its own clock is months away.
  assert.ok(Math.abs(claim.createdAt - building.clock.now()) < HOUR)
})

test('between two answers a shard\'s clock goes on with this node\'s, and never back', async () => {
  const node = new HandClock()
  const jumps: number[] = []
  const clocks = new ShardClocks(node, (_, byMs) => jumps.push(byMs))
  const store = memoryStore({ now: () => node.now() - HOUR, outboxLimit: 1, outboxReserve: 0 })
  assert.deepEqual([clocks.knows(0), clocks.now(0)], [false, node.now()])
  clocks.learn(0, await store.now(0))
  const learnt = clocks.now(0)
  assert.deepEqual([clocks.knows(0), learnt], [true, node.now() - HOUR])
  node.pass(MINUTE)
  assert.equal(clocks.now(0), learnt + MINUTE)
  clocks.learn(0, learnt)
  assert.equal(clocks.now(0), learnt + MINUTE)
  assert.deepEqual(jumps, [-MINUTE])
})
