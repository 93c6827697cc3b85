import assert from 'node:assert/strict'
import { test } from 'tap'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { Losses, type LostClaim } from '../../src/application/losses.ts'
import { encodeWatermark } from '../../src/application/news.ts'
import { openNode, type NodeWatch } from '../../src/application/node.ts'
import { Turns } from '../../src/application/turns.ts'
import { recover } from '../../src/application/recovery.ts'
import type { Store } from '../../src/application/ports.ts'
import { DAY } from '../../src/domain/time.ts'
import { ADMIN, GRANTS_ALWAYS, ORG, placeFloor, rowOfDesks, SHARD } from '../harness/core.ts'
import { claimId } from '../harness/office.ts'
import { rest } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'
import { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { SILENT } from '../stand-ins/silent.ts'

/** Two nodes that keep nothing over a shard that lives; recovery is the test's. */
async function openScene () {
  const clock = new HandClock()
  const directory = new DirectoryInMemory()
  const ledger = new LedgerInMemory(directory)
  const store = memoryStore({ now: () => clock.now(), outboxLimit: 10_000, outboxReserve: 10 })
  await directory.putOrg({ id: ORG, name: 'Demo', policy: {} })
  await directory.putSite(ORG, { id: 'hq', name: 'HQ', hours: { zone: 'UTC', hours: null }, policy: {} })
  await directory.putPeople(ORG, Array.from({ length: 10 }, (_, i) => ({ id: `p${i}`, name: `P${i}`, visibility: 'everyone' as const, groups: [], badges: [] })))
  const lookup = cachedDirectory({ directory, calendars: luxonCalendars(), clock })
  const lost: Array<[string, number]> = []
  const watch: NodeWatch = { ...SILENT, lost: (_, by, claims) => lost.push([by, claims.length]) }
  const open = (id: string) => openNode({
    id, store, ledger, directory, lookup, clock, guard: GRANTS_ALWAYS, guardMode: 'off', badgeHash: badge => badge, keeps: [], cacheLimit: 1_000, onTaken: async () => {}, watch
  })
  const [node, other] = [open('one'), open('two')]
  const found: LostClaim[] = []
  const parts = { store, ledger, directory, siteRules: lookup.place, keeper: 'k', turns: new Turns(1), now: () => clock.now(), onLost: (_: number, claims: readonly LostClaim[]) => found.push(...claims) }
  const recovered = async () => await recover(parts, SHARD, await store.state(SHARD))
  await recovered()
  await placeFloor(node, directory, rowOfDesks('f1', 10))
  for (const one of [node, other]) {
    await one.watermarks.listen(SHARD)
    one.losses.listen(ORG)
  }
  let ids = 0
  const claim = async (desk: number): Promise<string> => {
    return (await node.commands.claim(ADMIN, { id: claimId(clock.now(), ++ids), space: `f1-d${desk}`, person: `p${desk}`, await: 'accepted' })).claim.id
  }
  /** Everything in the store since the last time is gone, as with a server that comes back empty. */
  const fails = async () => {
    const { freeze } = await store.freeze(SHARD, (await ledger.cursor(SHARD)).epoch + 1, 'fault') as Extract<Awaited<ReturnType<Store['freeze']>>, { frozen: true }>
    await store.clear(freeze)
    await recovered()
  }
  const mark = async (n: number) => {
    const { epoch } = await ledger.cursor(SHARD)
    await store.announce(SHARD, 'ledger', epoch, encodeWatermark({ stream: epoch, n, behind: false, refused: [] }))
    await rest()
  }
  return { clock, ledger, store, node, other, claim, fails, mark, lost, found, recovered }
}

test('a claim that was answered and not stored, and that a fault took, is told to its holder once, wherever they are', async () => {
  const { node, other, claim, fails, mark, lost } = await openScene()
  const id = await claim(1)
  const here: LostClaim[] = []
  node.losses.toldBy(one => here.push(one) > 0)
  await fails()
  await mark(0)
  assert.deepEqual(here, [{ org: ORG, person: 'p1', claim: id }])
  assert.deepEqual(lost, [['answer', 1]])
  assert.deepEqual(other.losses.take(ORG, 'p1'), [id], 'the other node keeps it for who comes there')
  assert.deepEqual(other.losses.take(ORG, 'p1'), [])
  assert.deepEqual(node.losses.take(ORG, 'p1'), [])
})

test('a request about a lost claim says that it is lost, on every node', async () => {
  const { node, other, claim, fails, mark, clock } = await openScene()
  const id = await claim(1)
  await fails()
  await mark(0)
  for (const { commands } of [node, other]) {
    for (const ask of [() => commands.checkIn(ADMIN, id), () => commands.find(ADMIN, id)]) await assert.rejects(ask(), { code: 'CLAIM_UNKNOWN', detail: { claim: id, lost: true } })
    await assert.rejects(commands.find(ADMIN, claimId(clock.now(), 99)), { code: 'CLAIM_UNKNOWN', detail: { claim: claimId(clock.now(), 99) } })
  }
})

test('what the ledger has by then is neither remembered nor looked up', async () => {
  const { node, claim, mark } = await openScene()
  await claim(1)
  await claim(2)
  assert.equal(node.losses.size, 2)
  await mark(2)
  assert.equal(node.losses.size, 1)
  await mark(3)
  assert.equal(node.losses.size, 0)
})

test('what survived a recovery is not lost', async () => {
  const { node, claim, recovered, mark, lost } = await openScene()
  await claim(1)
  await recovered()
  await mark(0)
  assert.deepEqual([lost, node.losses.size], [[], 0])
})

test('what is so old that the store may have forgotten it in its time is not called lost', async () => {
  const { node, claim, fails, mark, clock, lost } = await openScene()
  const id = await claim(1)
  clock.pass(8 * DAY)
  await fails()
  await mark(0)
  assert.deepEqual([lost, node.losses.isLost(ORG, id)], [[], false])
})

test('a store of another history is searched for claims that the ledger has not got, before it is made anew', async () => {
  const { claim, ledger, store, recovered, found } = await openScene()
  const { epoch } = await ledger.cursor(SHARD)
  const id = await claim(1)
  // The ledger follows another stream by now: this one is that of a server that came back from the past.
  await ledger.switchStream(SHARD, await ledger.raiseEpoch(SHARD, epoch), 0)
  await recovered()
  assert.deepEqual(found, [{ org: ORG, person: 'p1', claim: id }])
  assert.equal((await store.state(SHARD)).state, 'live')
})

test('no more answers are remembered than there is room for, and the oldest are given up', async () => {
  const forgotten: number[] = []
  const { store, clock } = await openScene()
  const losses = new Losses({ store, clock, onLost () {}, onForgotten: count => forgotten.push(count), onTrouble () {} })
  for (let n = 1; n <= 20_001; n++) losses.answered({ org: ORG, person: 'p1', claim: `c${n}` }, 1, n)
  assert.deepEqual([losses.size, forgotten], [18_001, [2_000]])
  losses.passed(SHARD, 1, 20_000)
  assert.equal(losses.size, 1)
})
