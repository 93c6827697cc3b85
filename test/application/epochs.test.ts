import { test } from 'tap'
import assert from 'node:assert/strict'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { Epochs } from '../../src/application/epochs.ts'
import type { Ledger, Store } from '../../src/application/ports.ts'
import { HOUR } from '../../src/domain/time.ts'
import { toMoment } from '../../src/protocol/time.ts'
import { commitOf, done, EPOCH, enliven, hear, ORG, SHARD, withCode } from '../contract/store/office.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ADMIN, openCore, openDatabase, ORG as DEMO, placeFloor, rowOfDesks, SHARD as DEMOS } from '../harness/core.ts'
import { emptyLedger } from '../stand-ins/ledger.ts'
import { until } from '../harness/wait.ts'

const emptyStore = (): Store => memoryStore({ now: () => Date.now(), outboxLimit: 100, outboxReserve: 10 })

/** Two primaries, one of which was replaced and does not know: asked is the one, and heard the other. */
async function split (shard = SHARD) {
  const [old, next] = [await enliven(emptyStore(), EPOCH, shard), await enliven(emptyStore(), EPOCH + 1, shard)]
  const epochs = new Epochs()
  return { old, next, epochs, store: epochs.newestOnly({ ...old, subscribe: next.subscribe }) }
}

/** The node hears of the newer epoch. */
async function hears (t: Cleanup, { store, next }: { store: Store, next: Store }, shard = SHARD): Promise<void> {
  const ledger = await hear(t, store, 'ledger', shard)
  await next.announce(shard, 'ledger', EPOCH + 1, 'recorded')
  await ledger.ends('recorded')
}

test('an old primary is believed until the node hears of a newer epoch, and not after', async t => {
  const scene = await split()
  const { store, epochs } = scene
  await done(store, { floors: ['hq-3'] })
  assert.equal((await store.read(ORG, [], ['hq-3'])).seqs.get('hq-3'), 1)
  await hears(t, scene)
  assert.equal(epochs.newest(SHARD), EPOCH + 1)
  await assert.rejects(store.read(ORG, []), withCode('RECOVERING'))
  await assert.rejects(store.due(SHARD, 1), withCode('RECOVERING'))
  await assert.rejects(store.serve(SHARD, [], ['people']), withCode('RECOVERING'))
})

test('a commit in an epoch that is over does not reach the store', async t => {
  const scene = await split()
  await hears(t, scene)
  assert.equal((await scene.store.commit(commitOf({ floors: ['hq-3'] }))).state, 'stale')
  assert.equal((await scene.old.read(ORG, [], ['hq-3'])).seqs.get('hq-3'), 0)
})

test('a conflict in an epoch that ends before its answer comes is no word on anything', async () => {
  const { old, epochs, store } = await split()
  const late = epochs.newestOnly({
    ...old,
    commit: async commit => {
      const answer = await old.commit(commit)
      await store.announce(SHARD, 'ledger', EPOCH + 1, 'recorded')
      return answer
    }
  })
  assert.equal((await late.commit(commitOf({ checks: [{ key: 'space/d1', version: 3 }] }))).state, 'stale')
})

test('what one shard lives in says nothing of another', async t => {
  const scene = await split()
  await hears(t, scene)
  const other = (SHARD + 1) % 64
  await enliven(scene.old, 1, other)
  assert.equal((await scene.store.due(other, 1)).epoch, 1)
})

test('a recovery goes beyond every epoch that the node has heard of, whatever the ledger was restored to', async t => {
  const scene = await split()
  await hears(t, scene)
  const asked: number[] = []
  const ledger: Ledger = {
    ...emptyLedger(),
    raiseEpoch: async (_, atLeast) => {
      asked.push(atLeast)
      return { epoch: atLeast + 1, stream: 0, n: 0 }
    }
  }
  assert.equal((await scene.epochs.raisedBeyond(ledger).raiseEpoch(SHARD, 2)).epoch, EPOCH + 2)
  assert.deepEqual(asked, [EPOCH + 1])
})

test('a node that knows of a newer epoch answers RECOVERING in place of a refusal that only the old primary gives', async t => {
  const database = await openDatabase(t)
  const { store, old, next } = await split(DEMOS)
  const [stale, current] = [await openCore(t, { ...database, store, keeps: [], id: 'stale' }), await openCore(t, { ...database, store: next, keeps: [], id: 'current' })]
  await placeFloor(current, database.directory, rowOfDesks('f1', 2))
  const behind = await openCore(t, { ...database, store: old, keeps: [], id: 'behind' })
  const floor = await database.directory.floor(DEMO, 'f1')
  assert.ok(floor !== null)
  await behind.transact(DEMO, {
    type: 'place',
    floor: 'f1',
    site: 'hq',
    floorRecord: { site: 'hq', plan: floor.revision, policy: 1, name: 'f1', spaces: floor.spaces.map(({ id }) => id) },
    spaces: floor.spaces.map(space => ({ space: space.id, zone: space.zone, kind: space.kind, sensorOnly: space.sensorOnly, removed: false })),
    release: false
  }, { site: 'hq' }, 'test')
  const request = { space: 'f1-d0', to: toMoment(Date.now() + HOUR), await: 'accepted' as const }
  await behind.commands.claim(ADMIN, { ...request, person: 'p1' })
  await assert.rejects(stale.commands.claim(ADMIN, { ...request, person: 'p2' }), withCode('SPACE_TAKEN'))
  await next.announce(DEMOS, 'ledger', EPOCH + 1, JSON.stringify({ stream: EPOCH + 1, n: 0, behind: false, refused: [] }))
  await until(async () => await stale.commands.claim(ADMIN, { ...request, person: 'p2' }).then(() => false, error => error.code === 'RECOVERING'), { what: 'it has heard' })
  await assert.rejects(stale.commands.find(ADMIN, '0190a000-0000-7000-8000-000000000000'), withCode('RECOVERING'))
  await current.commands.claim(ADMIN, { ...request, person: 'p2' })
})
