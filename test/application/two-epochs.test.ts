import assert from 'node:assert/strict'
import { test } from 'tap'
import { luxonCalendars } from '../../src/adapters/luxon/calendars.ts'
import { memoryStore } from '../../src/adapters/memory/store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { cachedDirectory } from '../../src/application/directory-cache.ts'
import type { Store } from '../../src/application/ports.ts'
import { parseEntry } from '../../src/application/recorder.ts'
import { Turns } from '../../src/application/turns.ts'
import { recover } from '../../src/application/recovery.ts'
import { DAY } from '../../src/domain/time.ts'
import { ADMIN, openCore, openDatabase, ORG, placeFloor, rowOfDesks, SHARD, type Database } from '../harness/core.ts'

const emptyStore = () => memoryStore({ now: () => Date.now(), outboxLimit: 10_000, outboxReserve: 100 })

/** A store that loses all it has when told to. */
function forgetful (): { store: Store, forget (): void } {
  let current = emptyStore()
  return { store: new Proxy(current, { get: (_, name) => Reflect.get(current, name) as unknown }), forget () { current = emptyStore() } }
}

/** What a keeper does for the shard, one step at a time. */
function keeping (store: Store, { ledger, directory }: Database) {
  const cached = cachedDirectory({ directory, calendars: luxonCalendars(), clock: systemClock() })
  return {
    async recover (): Promise<void> {
      const parts = { store, ledger, directory, siteRules: async (org: string, site: string) => await cached.place(org, site), keeper: 'keeper', turns: new Turns(1), now: () => Date.now() }
      assert.equal((await recover(parts, SHARD, await store.state(SHARD))).state, 'done')
    },
    async record () {
      const cursor = await ledger.cursor(SHARD)
      const entries = (await store.outbox(SHARD, cursor.stream, cursor.n, 1_000)).map(parseEntry)
      return await ledger.record(SHARD, cursor, entries)
    }
  }
}

test('what a node remembers of one epoch never meets records of the next in a commit, however equal their versions (INV-1)', async t => {
  const database = await openDatabase(t)
  const { store, forget } = forgetful()
  const keeper = keeping(store, database)
  await keeper.recover()
  const one = await openCore(t, { ...database, store, id: 'one', keeps: [] })
  const two = await openCore(t, { ...database, store, id: 'two', keeps: [] })
  const tomorrow = new Date(Date.now() + DAY).toISOString().slice(0, 10)
  const hour = { from: `${tomorrow}T10:00:00Z`, to: `${tomorrow}T11:00:00Z`, await: 'accepted' as const }
  await placeFloor(one, database.directory, rowOfDesks('f1', 2))
  await one.commands.claim(ADMIN, { space: 'f1-d0', person: 'p9', ...hour, from: `${tomorrow}T15:00:00Z`, to: `${tomorrow}T16:00:00Z` })
  await keeper.record()
  // The last that node one sees of the desk: free at that hour, at a version that the next epoch will have for other content.
  const { claim } = await one.commands.claim(ADMIN, { space: 'f1-d0', person: 'p0', ...hour })
  await one.commands.release(ADMIN, claim.id, 'accepted')

  forget()
  await keeper.recover()
  await two.commands.claim(ADMIN, { space: 'f1-d1', person: 'p1', ...hour })
  await two.commands.claim(ADMIN, { space: 'f1-d0', person: 'p2', ...hour })
  // Node one knows the desk and not the person, so it asks the store in the middle of its decision.
  await assert.rejects(one.commands.claim(ADMIN, { space: 'f1-d0', person: 'p5', ...hour }), { code: 'SPACE_TAKEN' })
  assert.deepEqual(await keeper.record(), { state: 'recorded', quarantined: [] })
  const held = await database.ledger.claims(ORG, { space: 'f1-d0', from: Date.parse(hour.from), to: Date.parse(hour.to), limit: 10 })
  assert.deepEqual(held.filter(({ life }) => life.state !== 'ended').map(({ person }) => person), ['p2'])
})
