import assert from 'node:assert/strict'
import { test } from 'tap'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import { openNode } from '../../src/application/node.ts'
import { Turns } from '../../src/application/turns.ts'
import { recover } from '../../src/application/recovery.ts'
import type { Claim } from '../../src/domain/claim.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { ADMIN, GRANTS_ALWAYS, ORG, placeFloor, rowOfDesks, SHARD } from '../harness/core.ts'
import { claimId } from '../harness/office.ts'
import { pass } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'
import { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { SILENT } from '../stand-ins/silent.ts'

/** A node that keeps its shard, with a floor of ten desks and what it told of recoveries. */
async function openScene () {
  const clock = new HandClock()
  const directory = new DirectoryInMemory()
  const ledger = new LedgerInMemory(directory)
  const store = memoryStore({ now: () => clock.now(), outboxLimit: 100, outboxReserve: 10 })
  await directory.putOrg({ id: ORG, name: 'Demo', policy: {} })
  await directory.putSite(ORG, { id: 'hq', name: 'HQ', hours: { zone: 'UTC', hours: null }, policy: {} })
  await directory.putPeople(ORG, Array.from({ length: 10 }, (_, i) => ({ id: `p${i}`, name: `P${i}`, visibility: 'everyone' as const, groups: [], badges: [] })))
  const steps: Array<[string, Record<string, unknown>]> = []
  const lookup = cachedDirectory({ directory, calendars: luxonCalendars(), clock })
  let away = false
  const node = openNode({
    id: 'keeper',
    store,
    ledger: new Proxy(ledger, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target)
        if (typeof member !== 'function') return member
        return async (...given: unknown[]) => {
          if (away) throw new PerchError('LEDGER_BEHIND')
          return await Reflect.apply(member, target, given) as unknown
        }
      }
    }),
    directory,
    lookup,
    clock,
    guard: GRANTS_ALWAYS,
    guardMode: 'off',
    badgeHash: badge => badge,
    keeps: [SHARD],
    cacheLimit: 1_000,
    onTaken: async () => {},
    watch: { ...SILENT, recovery: (_, step, detail) => steps.push([step, detail]) }
  })
  let ids = 0
  const claim = async (desk: number): Promise<Claim> => {
    return (await node.commands.claim(ADMIN, { id: claimId(clock.now(), ++ids), space: `f1-d${desk}`, person: `p${desk}`, await: 'accepted' })).claim
  }
  await node.start()
  await pass(clock, 1_000, 100)
  await placeFloor(node, directory, rowOfDesks('f1', 10))
  await pass(clock, 1_000, 100)
  steps.length = 0
  return { clock, directory, ledger, store, lookup, node, claim, steps, leave: (gone: boolean) => { away = gone } }
}

type Scene = Awaited<ReturnType<typeof openScene>>

const named = ({ steps }: Scene) => steps.map(([step]) => step)

/** Store and ledger say the same of these claims, and of what is granted from now on. */
async function agree (scene: Scene, claims: readonly Claim[]): Promise<void> {
  const { node, ledger, clock, claim } = scene
  for (const { id } of claims) assert.deepEqual((await ledger.claim(ORG, id))?.claim, await node.commands.find(ADMIN, id))
  const { id } = await claim(9)
  await pass(clock, 3_000, 100)
  assert.notEqual(await ledger.claim(ORG, id), null)
  const stopped = node.stop()
  await pass(clock, 100)
  await stopped
}

/** What an operator's hand can do to the stream of a shard that lives. */
async function trimByForce ({ store }: Scene, upTo: number): Promise<void> {
  const state = await store.state(SHARD)
  assert.ok(state.state === 'live')
  await store.trimOutbox(SHARD, state.epoch, upTo)
}

test('commits that were trimmed off the outbox by force are in the ledger soon, with an alarm', async t => {
  for (const [what, then] of [['nothing else happens', 0], ['another commit follows', 1]] as const) {
    await t.test(`and ${what}`, async () => {
      const scene = await openScene()
      const { clock, claim, ledger, steps } = scene
      scene.leave(true)
      const claims = [await claim(0), await claim(1)]
      await trimByForce(scene, 1_000)
      scene.leave(false)
      if (then > 0) claims.push(await claim(2))
      await pass(clock, 5_000, 100)
      assert.deepEqual(named(scene), ['raise', 'freeze', 'drain', 'resync', 'switch', 'thaw'])
      assert.deepEqual(steps[3]?.[1], { floors: 1, claims: claims.length, spaces: 0 })
      assert.equal(ledger.seqs(ORG).get('f1'), 1 + claims.length)
      await agree(scene, claims)
    })
  }
})

test('a ledger that was set back is noticed also where nothing is granted any more, and gets back what it lost', async () => {
  const scene = await openScene()
  const { clock, claim, ledger } = scene
  const restore = ledger.backUp()
  const claims = [await claim(0), await claim(1)]
  await pass(clock, 1_000, 100)
  restore()
  await pass(clock, 15_000, 100)
  assert.deepEqual(named(scene), ['raise', 'freeze', 'drain', 'resync', 'switch', 'thaw'])
  await agree(scene, claims)
})

test('what a ledger lost that was set back comes back from the store: what is held, and what has ended, moved and been blocked since', async () => {
  const scene = await openScene()
  const { clock, claim, ledger, node } = scene
  const claims = [await claim(0), await claim(1), await claim(2)]
  await pass(clock, 1_000, 100)
  const restore = ledger.backUp()
  await node.commands.release(ADMIN, claims[0]?.id ?? '', 'accepted')
  await node.commands.change(ADMIN, claims[1]?.id ?? '', { space: 'f1-d0', await: 'accepted' })
  await node.commands.change(ADMIN, claims[2]?.id ?? '', { space: 'f1-d1', await: 'accepted' })
  await node.commands.block(ADMIN, 'f1-d7', {})
  claims.push(await claim(3))
  await pass(clock, 1_000, 100)
  restore()
  claims.push(await claim(5))
  await pass(clock, 5_000, 100)
  assert.deepEqual(named(scene), ['raise', 'freeze', 'drain', 'resync', 'switch', 'thaw'])
  const [org] = await ledger.orgs(SHARD)
  assert.deepEqual(org?.spaces.map(({ space, block }) => [space, block?.by]), [['f1-d7', 'key:admin']])
  await agree(scene, claims)
})

test('a ledger that was set back to before a recovery knows the store for its own all the same', async () => {
  const scene = await openScene()
  const { clock, directory, claim, ledger, store, lookup } = scene
  const first = await claim(0)
  await pass(clock, 1_000, 100)
  const restore = ledger.backUp()
  await recover({ store, ledger, directory, siteRules: lookup.place, keeper: 'other', turns: new Turns(1), now: () => clock.now() }, SHARD, await store.state(SHARD))
  await pass(clock, 5_000, 100)
  const second = await claim(1)
  await pass(clock, 1_000, 100)
  restore()
  scene.steps.length = 0
  const third = await claim(2)
  await pass(clock, 5_000, 100)
  assert.ok(named(scene).includes('resync'), named(scene).join())
  await agree(scene, [first, second, third])
})

test('where each of store and ledger has something that the other lacks the ledger counts, with an alarm', async () => {
  const scene = await openScene()
  const { clock, claim, ledger, node, steps } = scene
  await trimByForce(scene, 1_000)
  scene.leave(true)
  const lost = await claim(0)
  await trimByForce(scene, 1_000)
  scene.leave(false)
  // However it came there: a claim that no commit of this store granted.
  const kept = { ...lost, id: claimId(clock.now(), 77), space: 'f1-d8', person: 'p8' }
  assert.equal(await ledger.resync(SHARD, await ledger.cursor(SHARD), { org: ORG, at: clock.now(), claims: [{ claim: kept, hash: 'h' }], spaces: [], floors: [] }), 'done')
  await pass(clock, 5_000, 100)
  assert.deepEqual(named(scene), ['raise', 'freeze', 'drain', 'rebuild', 'switch', 'thaw'])
  assert.deepEqual(steps[3]?.[1], { floorsAhead: 1, lost: 1 })
  await assert.rejects(node.commands.find(ADMIN, lost.id), { code: 'CLAIM_UNKNOWN' })
  await agree(scene, [kept])
})

test('a recovery that is broken off while the ledger gets back what it lost is done again by the next one', async () => {
  const scene = await openScene()
  const { clock, directory, claim, ledger, store, lookup, node } = scene
  const stopped = node.stop()
  await pass(clock, 100)
  await stopped
  const claims = [await claim(0), await claim(1)]
  await trimByForce(scene, 1_000)
  let parts = 0
  const dies = new Proxy(ledger, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return async (...given: unknown[]) => {
        if (name === 'resync' && ++parts === 2) throw new Error('gone')
        return await Reflect.apply(member, target, given) as unknown
      }
    }
  })
  const steps: string[] = []
  const shared = { store, directory, siteRules: lookup.place, turns: new Turns(1), now: () => clock.now(), onStep: (_: number, step: string) => { steps.push(step) } }
  await assert.rejects(recover({ ...shared, ledger: dies, keeper: 'one' }, SHARD, await store.state(SHARD)), /gone/)
  assert.equal((await recover({ ...shared, ledger, keeper: 'other' }, SHARD, await store.state(SHARD))).state, 'done')
  assert.deepEqual(steps, ['raise', 'freeze', 'drain', 'raise', 'freeze', 'drain', 'resync', 'switch', 'thaw'])
  for (const known of claims) assert.deepEqual((await ledger.claim(ORG, known.id))?.claim, known)
})

test('what is recorded behind a gap says nothing of what is missing before it, on another floor (INV-5)', async () => {
  const scene = await openScene()
  const { clock, claim, directory, ledger, node } = scene
  await placeFloor(node, directory, rowOfDesks('f2', 1))
  await pass(clock, 1_000, 100)
  await node.watermarks.listen(SHARD)
  scene.leave(true)
  const missing = await claim(0)
  await trimByForce(scene, 1_000)
  await node.commands.claim(ADMIN, { id: claimId(clock.now(), 50), space: 'f2-d0', person: 'p5', await: 'accepted' })
  const { epoch, n } = await ledger.cursor(SHARD)
  let told: boolean | null = null
  node.watermarks.wait(SHARD, epoch, n + 1, 3_000).then(persisted => { told = persisted }, () => {})
  scene.leave(false)
  await pass(clock, 5_000, 100)
  assert.equal(told, false)
  await agree(scene, [missing])
})
