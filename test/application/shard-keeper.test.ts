import assert from 'node:assert/strict'
import { test } from 'tap'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { decodeStored } from '../../src/application/codec.ts'
import { encodeWatermark } from '../../src/application/news.ts'
import { openNode } from '../../src/application/node.ts'
import { parseEntry } from '../../src/application/recorder.ts'
import { Turns } from '../../src/application/turns.ts'
import { recover } from '../../src/application/recovery.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { spaceKey } from '../../src/domain/keys.ts'
import type { SpaceRecord } from '../../src/domain/space.ts'
import { ADMIN, GRANTS_ALWAYS, ORG, placeFloor, rowOfDesks, SHARD } from '../harness/core.ts'
import { claimId } from '../harness/office.ts'
import { pass, rest } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'
import { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { SILENT } from '../stand-ins/silent.ts'

/** A node that keeps the shard of an office with one desk; `onTaken` runs while it is still opening. */
async function openKeeper (make: (directory: DirectoryInMemory) => LedgerInMemory = directory => new LedgerInMemory(directory), onTaken: () => Promise<void> = async () => {}) {
  const clock = new HandClock()
  const directory = new DirectoryInMemory()
  const ledger = make(directory)
  const store = memoryStore({ now: () => clock.now(), outboxLimit: 100, outboxReserve: 10 })
  await directory.putOrg({ id: ORG, name: 'Demo', policy: {} })
  await directory.putSite(ORG, { id: 'hq', name: 'HQ', hours: { zone: 'UTC', hours: null }, policy: {} })
  await directory.putPeople(ORG, [{ id: 'p1', name: 'One', visibility: 'everyone', groups: [], badges: [] }])
  const lookup = cachedDirectory({ directory, calendars: luxonCalendars(), clock })
  const node = openNode({
    id: 'keeper',
    store,
    ledger,
    directory,
    lookup,
    clock,
    guard: GRANTS_ALWAYS,
    guardMode: 'off',
    badgeHash: badge => badge,
    keeps: [SHARD],
    cacheLimit: 1_000,
    onTaken,
    watch: SILENT
  })
  return { clock, directory, ledger, store, lookup, node }
}

async function claimsAreStored ({ clock, node, ledger }: Awaited<ReturnType<typeof openKeeper>>): Promise<void> {
  const { claim } = await node.commands.claim(ADMIN, { id: claimId(clock.now(), 1), space: 'f1-d0', person: 'p1', await: 'accepted' })
  await pass(clock, 5_000, 100)
  assert.notEqual(await ledger.claim(ORG, claim.id), null)
  const stopped = node.stop()
  await pass(clock, 100)
  await stopped
}

test('a keeper that holds its lease while another one recovers the shard records in the new epoch (INV-5)', async () => {
  const scene = await openKeeper()
  const { clock, directory, ledger, store, lookup, node } = scene
  await node.start()
  await pass(clock, 1_000, 100)
  await placeFloor(node, directory, rowOfDesks('f1', 1))

  const recovered = await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  assert.equal(recovered.state, 'done')
  await claimsAreStored(scene)
})

test('a store that is back after a fault is looked after at once, not at the next round', async () => {
  const scene = await openKeeper()
  const { clock, directory, ledger, store, node } = scene
  const { heartbeat } = store
  await node.start()
  await pass(clock, 1_000, 100)
  await placeFloor(node, directory, rowOfDesks('f1', 1))

  store.heartbeat = async () => { throw new PerchError('RECOVERING') }
  await pass(clock, 2_000, 100)
  await store.freeze(SHARD, (await ledger.cursor(SHARD)).epoch + 1, 'fault')
  await pass(clock, 3_300, 100)
  assert.notEqual((await store.state(SHARD)).state, 'live')
  store.heartbeat = heartbeat
  await pass(clock, 400, 50)
  assert.equal((await store.state(SHARD)).state, 'live')
  await claimsAreStored(scene)
})

test('a shard that could not be opened for a while is opened as soon as the store is back', async () => {
  const { clock, store, node } = await openKeeper()
  const { heartbeat, state } = store
  store.state = async () => { throw new PerchError('RECOVERING') }
  await node.start()
  await pass(clock, 1_900, 100)
  store.heartbeat = async () => { throw new PerchError('RECOVERING') }
  await pass(clock, 1_400, 100)
  Object.assign(store, { heartbeat, state })
  await pass(clock, 400, 50)
  assert.equal((await store.state(SHARD)).state, 'live')
  const stopped = node.stop()
  await pass(clock, 100)
  await stopped
})

/** Another recorder is faster with the first batch. */
class Contested extends LedgerInMemory {
  #batches = 0

  override async record (...batch: Parameters<LedgerInMemory['record']>): ReturnType<LedgerInMemory['record']> {
    if (++this.#batches === 1) await super.record(...batch)
    return await super.record(...batch)
  }
}

test('a keeper whose recorder is relieved while it is still opening begins anew, and records (INV-5)', async () => {
  const scene = await openKeeper(directory => new Contested(directory), async () => {
    if (await scene.directory.floor(ORG, 'f1') !== null) return
    await placeFloor(scene.node, scene.directory, rowOfDesks('f1', 1))
    await rest()
  })
  await scene.node.start()
  await pass(scene.clock, 1_000, 100)
  await claimsAreStored(scene)
})

test('a keeper makes room in a full outbox before it brings its shard in line (INV-8)', async () => {
  const scene = await openKeeper(undefined, async () => {
    if (await scene.store.outboxLength(SHARD, 1) > 0) throw new PerchError('LEDGER_BEHIND')
  })
  const { clock, directory, ledger, store, lookup, node } = scene
  await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  await placeFloor(node, directory, rowOfDesks('f1', 1))
  assert.equal(await store.outboxLength(SHARD, 1), 1)
  await node.start()
  await pass(clock, 5_000, 100)
  assert.deepEqual(node.keeper.held, [SHARD])
  assert.ok(node.keeper.ready)
  assert.equal(await store.outboxLength(SHARD, 1), 0)
  await claimsAreStored(scene)
})

test('a keeper whose server takes no writes raises no epoch: it would stop whoever keeps the shard elsewhere', async () => {
  const { clock, directory, ledger, store, lookup, node } = await openKeeper()
  await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  // Recovered elsewhere meanwhile, as after a failover that this side of a split has not heard of.
  const { epoch } = await ledger.raiseEpoch(SHARD, 0)
  const { lease } = store
  let [takesWrites, refused] = [true, 0]
  store.lease = async (...words) => {
    if (!takesWrites) {
      refused++
      throw new PerchError('RECOVERING')
    }
    takesWrites = false
    return await lease(...words)
  }
  await node.start()
  await pass(clock, 10_000, 100)
  assert.equal((await ledger.cursor(SHARD)).epoch, epoch)
  assert.ok(refused > 4)

  store.lease = lease
  await pass(clock, 5_000, 100)
  assert.ok(node.keeper.ready)
  assert.ok((await ledger.cursor(SHARD)).epoch > epoch)
})

/** Out of reach, as long as it is told to be. */
class Away extends LedgerInMemory {
  isAway = false

  override async cursor (shard: number): ReturnType<LedgerInMemory['cursor']> {
    if (this.isAway) throw new PerchError('LEDGER_BEHIND')
    return await super.cursor(shard)
  }
}

test('a keeper that takes a shard over while the ledger is away says so, until it has come back', async () => {
  const scene = await openKeeper(directory => new Away(directory))
  const { clock, directory, store, lookup, node } = scene
  const ledger = scene.ledger as Away
  await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  await placeFloor(node, directory, rowOfDesks('f1', 1))
  await node.watermarks.listen(SHARD)
  ledger.isAway = true
  await node.start()
  await pass(clock, 5_000, 100)
  assert.equal(node.watermarks.behind(SHARD), true)
  await node.commands.claim(ADMIN, { id: claimId(clock.now(), 1), space: 'f1-d0', person: 'p1', await: 'accepted' })
  assert.equal(await isProvisional(scene), true)

  ledger.isAway = false
  await pass(clock, 5_000, 100)
  assert.equal(node.watermarks.behind(SHARD), false)
  assert.equal(await isProvisional(scene), false)
})

/** A keeper recorded what was granted while the ledger was behind, and died. */
async function recordedAndGone ({ node, clock, directory, ledger, store, lookup }: Awaited<ReturnType<typeof openKeeper>>): Promise<void> {
  await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  await placeFloor(node, directory, rowOfDesks('f1', 1))
  await node.watermarks.listen(SHARD)
  await store.announce(SHARD, 'ledger', 1, encodeWatermark({ stream: 1, n: 0, behind: true, refused: [] }))
  await rest()
  await node.commands.claim(ADMIN, { id: claimId(clock.now(), 1), space: 'f1-d0', person: 'p1', await: 'accepted' })
  const cursor = await ledger.cursor(SHARD)
  const entries = (await store.outbox(SHARD, 1, 0, 100)).map(parseEntry)
  await ledger.record(SHARD, cursor, entries)
  await store.trimOutbox(SHARD, 1, entries.at(-1)?.n ?? 0)
}

async function isProvisional ({ store }: Awaited<ReturnType<typeof openKeeper>>): Promise<boolean | undefined> {
  const key = spaceKey('f1-d0')
  const stored = (await store.read(ORG, [key])).records.get(key)
  assert.ok(stored !== undefined)
  return (decodeStored(key, stored).value as SpaceRecord).current?.provisional
}

test('a keeper confirms what another one recorded and did not live to say', async () => {
  const scene = await openKeeper()
  await recordedAndGone(scene)
  assert.equal(await isProvisional(scene), true)
  await scene.node.start()
  await pass(scene.clock, 3_000, 100)
  assert.equal(await isProvisional(scene), false)
  assert.equal(await scene.store.outboxLength(SHARD, 1), 0)
})

test('a keeper revokes what another one found refused by the ledger and did not live to take back (INV-1)', async () => {
  const scene = await openKeeper()
  const { node, clock, directory, ledger, store, lookup } = scene
  await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  await placeFloor(node, directory, rowOfDesks('f1', 1))
  const { claim } = await node.commands.claim(ADMIN, { id: claimId(clock.now(), 1), space: 'f1-d0', person: 'p1', await: 'accepted' })
  const entries = (await store.outbox(SHARD, 1, 0, 100)).map(parseEntry)
  // However it came there: another claim of that space is in the ledger.
  const rival = { ...claim, id: claimId(clock.now(), 2), person: 'p2' }
  const first = entries[0]
  assert.ok(first !== undefined)
  const before = { ...first, entry: { ...first.entry, events: [...first.entry.events, { type: 'granted' as const, floor: 'f1', space: 'f1-d0', claim: rival, hash: 'h' }] } }
  const recorded = await ledger.record(SHARD, await ledger.cursor(SHARD), [before, ...entries.slice(1)])
  assert.equal(recorded.state === 'recorded' && recorded.quarantined.length, 1)

  await node.start()
  await pass(clock, 3_000, 100)
  const { life } = await node.commands.find(ADMIN, claim.id)
  assert.equal(life.state === 'ended' && life.why, 'revoked')
  assert.deepEqual(await ledger.setAside(SHARD, 1), [])
})

test('a keeper that is stopped while its shard does not live leaves the outbox to the recovery, and ends', async () => {
  const { clock, directory, store, node } = await openKeeper()
  await node.start()
  await pass(clock, 1_000, 100)
  await placeFloor(node, directory, rowOfDesks('f1', 1))
  assert.ok((await store.freeze(SHARD, 100, 'other')).frozen)
  let ended = false
  node.stop().then(() => { ended = true }, () => {})
  await pass(clock, 3_000, 100)
  assert.ok(ended)
})
