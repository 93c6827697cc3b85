import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Store } from '../../src/application/ports.ts'
import { Served, type Place, type ServedParts } from '../../src/application/served.ts'
import { ShardClocks } from '../../src/application/shard-clocks.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { shardOf } from '../../src/domain/ids.ts'
import { DEFAULT_POLICY } from '../../src/domain/policy.ts'
import { HOUR, MINUTE, SECOND, type Millis } from '../../src/domain/time.ts'
import { HandClock } from '../stand-ins/clock.ts'

const ORG = 'acme'
const SHARD = shardOf(ORG)
const GRACE = DEFAULT_POLICY.releaseGraceMs ?? 0

/** Nodes over one store, in minutes that pass at once. */
class Nodes {
  readonly clock = new HandClock()
  readonly store: Store
  /** Runs before each call of the store. */
  before: () => void = () => {}
  calls = 0

  constructor () {
    const memory = memoryStore({ now: () => this.clock.now(), outboxLimit: 10, outboxReserve: 2 })
    this.store = {
      ...memory,
      serve: async (...asked) => {
        this.calls++
        this.before()
        return await memory.serve(...asked)
      }
    }
  }

  static async open (): Promise<Nodes> {
    const nodes = new Nodes()
    await nodes.recover(1)
    return nodes
  }

  async recover (epoch: number): Promise<void> {
    const frozen = await this.store.freeze(SHARD, epoch, 'keeper')
    if (frozen.frozen) await this.store.thaw(frozen.freeze)
  }

  /** A node that serves people, unless it says otherwise. */
  start (parts: Partial<ServedParts> = {}): Served {
    const served = new Served({ store: this.store, clock: this.clock, clocks: new ShardClocks(this.clock), epoch: () => 0, kiosks: () => [], ...parts })
    served.use(ORG)
    served.start()
    return served
  }

  pass (ms: number): Millis {
    this.clock.pass(ms)
    return this.clock.now()
  }
}

async function notBefore (served: Served, site = 'hq'): Promise<Millis> {
  return await served.noShowsNotBefore(ORG, site, DEFAULT_POLICY)
}

test('while a node serves people the grace counts from its start', async () => {
  const nodes = await Nodes.open()
  const began = nodes.clock.now()
  const served = nodes.start()
  assert.equal(await notBefore(served), began + GRACE)
  nodes.pass(HOUR)
  assert.equal(await notBefore(served), began + GRACE)
})

test('one node that serves is enough, and every other one hears of it', async () => {
  const nodes = await Nodes.open()
  const began = nodes.clock.now()
  const [first, second] = [nodes.start(), nodes.start()]
  nodes.pass(MINUTE)
  first.stop()
  nodes.pass(HOUR)
  assert.equal(await notBefore(second), began + GRACE)
})

test('after all nodes were away everyone has their grace anew, whichever node comes back (INV-9)', async () => {
  const nodes = await Nodes.open()
  const [first, second] = [nodes.start(), nodes.start()]
  nodes.pass(MINUTE)
  first.stop()
  second.stop()
  const back = nodes.pass(20 * MINUTE)
  const third = nodes.start()
  assert.equal(await notBefore(third), back + GRACE)
  nodes.pass(HOUR)
  assert.equal(await notBefore(third), back + GRACE)
})

test('a keeper alone serves nobody: for it check-in is impossible as long as no other node is there', async () => {
  const nodes = await Nodes.open()
  const keeper = nodes.start({ kiosks: null })
  const now = nodes.pass(HOUR)
  assert.equal(await notBefore(keeper), now + GRACE)
  const back = nodes.clock.now()
  nodes.start()
  nodes.pass(MINUTE)
  assert.equal(await notBefore(keeper), back + GRACE)
})

test('a store that was away for longer than a few seconds is a break, a shorter silence is none', async () => {
  const nodes = await Nodes.open()
  const began = nodes.clock.now()
  const served = nodes.start()
  const away = () => { throw new PerchError('RECOVERING') }
  nodes.pass(MINUTE)
  nodes.before = away
  nodes.pass(4 * SECOND)
  nodes.before = () => {}
  nodes.pass(MINUTE)
  assert.equal(await notBefore(served), began + GRACE)
  nodes.before = away
  const now = nodes.pass(8 * SECOND)
  assert.equal(await notBefore(served), now + GRACE, 'while it is away')
  nodes.before = () => {}
  const back = nodes.pass(2 * SECOND)
  nodes.pass(MINUTE)
  assert.equal(await notBefore(served), back + GRACE)
})

test('a store that is away is not asked by everybody who waits for it', async () => {
  const nodes = await Nodes.open()
  const served = nodes.start()
  await notBefore(served)
  nodes.before = () => { throw new PerchError('RECOVERING') }
  nodes.pass(8 * SECOND)
  await notBefore(served)
  const calls = nodes.calls
  for (let i = 0; i < 100; i++) await notBefore(served)
  assert.equal(nodes.calls, calls)
})

test('a shard that was recovered is a break, also for a node that has not been told since (INV-9)', async () => {
  const nodes = await Nodes.open()
  let epoch = 1
  const served = nodes.start({ epoch: () => epoch })
  nodes.pass(MINUTE)
  await notBefore(served)
  await nodes.recover(2)
  const now = nodes.pass(SECOND)
  epoch = 2
  assert.equal(await notBefore(served), now + GRACE)
})

test('check-in that gives only errors of ours is a break until it works (INV-9)', async () => {
  const nodes = await Nodes.open()
  const served = nodes.start()
  nodes.pass(MINUTE)
  served.checkedIn(ORG, new PerchError('LEDGER_BEHIND'))
  const now = nodes.pass(20 * SECOND)
  assert.equal(await notBefore(served), now + GRACE)
  served.checkedIn(ORG, null)
  const back = nodes.pass(2 * SECOND)
  nodes.pass(MINUTE)
  assert.equal(await notBefore(served), back + GRACE)
})

test('check-in that is refused by a rule works', async () => {
  const nodes = await Nodes.open()
  const began = nodes.clock.now()
  const served = nodes.start()
  served.checkedIn(ORG, new PerchError('SPACE_BLOCKED'))
  nodes.pass(20 * SECOND)
  assert.equal(await notBefore(served), began + GRACE)
})

test('check-in that failed and was not tried again is taken to work after a minute', async () => {
  const nodes = await Nodes.open()
  const served = nodes.start()
  served.checkedIn(ORG, new Error('broken'))
  nodes.pass(50 * SECOND)
  nodes.pass(20 * SECOND)
  const first = await notBefore(served)
  nodes.pass(HOUR)
  assert.equal(await notBefore(served), first)
})

test('a site whose kiosks are gone on all nodes is cut off, and no other one (INV-9)', async () => {
  const nodes = await Nodes.open()
  const began = nodes.clock.now()
  const kiosks: Place[][] = [[{ org: ORG, site: 'hq' }], [{ org: ORG, site: 'hq' }, { org: ORG, site: 'west' }]]
  const [first, second] = [nodes.start({ kiosks: () => kiosks[0] ?? [] }), nodes.start({ kiosks: () => kiosks[1] ?? [] })]
  nodes.pass(HOUR)
  kiosks[0] = []
  nodes.pass(HOUR)
  assert.equal(await notBefore(first), began + GRACE, 'the other node has one')
  kiosks[1] = [{ org: ORG, site: 'west' }]
  const now = nodes.pass(20 * MINUTE)
  for (const served of [first, second]) {
    assert.equal(await notBefore(served), now + GRACE)
    assert.equal(await notBefore(served, 'west'), began + GRACE)
    assert.equal(await notBefore(served, 'east'), began + GRACE)
  }
  kiosks[0] = [{ org: ORG, site: 'hq' }]
  const back = nodes.pass(2 * SECOND)
  nodes.pass(HOUR)
  assert.equal(await notBefore(second), back + GRACE)
})

test('a break is told once, with its beginning and its end', async () => {
  const nodes = await Nodes.open()
  const began = nodes.clock.now()
  nodes.start().stop()
  const back = nodes.pass(MINUTE)
  const told: unknown[] = []
  const served = nodes.start({ onBreak: (...of) => told.push(of) })
  await notBefore(served)
  nodes.pass(MINUTE)
  await notBefore(served)
  assert.deepEqual(told, [[SHARD, began, back]])
})
