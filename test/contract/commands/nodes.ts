import assert from 'node:assert/strict'
import { luxonCalendars } from '../../../src/adapters/luxon/calendars.ts'
import { Deadlines } from '../../../src/application/deadlines.ts'
import { cachedDirectory, type CachedDirectory } from '../../../src/application/directory-cache.ts'
import { encodeWatermark } from '../../../src/application/news.ts'
import { openNode, type PerchNode } from '../../../src/application/node.ts'
import type { Store, Stored } from '../../../src/application/ports.ts'
import { syncFloors } from '../../../src/application/sync-floor.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { shardOf } from '../../../src/domain/ids.ts'
import { spaceKey, type Key } from '../../../src/domain/keys.ts'
import type { SpaceRecord } from '../../../src/domain/space.ts'
import type { Millis } from '../../../src/domain/time.ts'
import { decodeStored } from '../../../src/application/codec.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { GRANTS_ALWAYS } from '../../harness/core.ts'
import { until } from '../../harness/wait.ts'
import { HandClock } from '../../stand-ins/clock.ts'
import { DirectoryInMemory } from '../../stand-ins/directory.ts'
import { emptyLedger } from '../../stand-ins/ledger.ts'
import { FLOORS, ORG } from './office.ts'
import { SILENT } from '../../stand-ins/silent.ts'

export const SHARD = shardOf(ORG)
/** A moment that no server's clock has come to, so a shard's clock stands at its last commit: only commits move it, in every store alike. Two days before the clocks change in Zurich. */
export const FAR: Millis = Date.UTC(2150, 2, 27, 20)
/** Small enough that it is full now and then. */
export const LIMITS = { outboxLimit: 150, outboxReserve: 50 }

const SELF = 'perch'
const KEEPER = 'keeper'
const nothing = { org: ORG, checks: [], writes: [], due: [], floors: [], entry: null, messages: [], reserve: true } as const

/** Two nodes over one store and one directory, on a clock that stands until the test moves it; keeper and recorder work when the test says so. */
export class Nodes {
  readonly nodes: readonly [PerchNode, PerchNode]
  readonly directory = new DirectoryInMemory()
  readonly #clock = new HandClock(FAR)
  readonly #caches: readonly [CachedDirectory, CachedDirectory]
  readonly #store: Store
  /** Every key that was ever written. */
  readonly #written = new Set<Key>()
  #epoch = 0
  #n = 0

  constructor (t: Cleanup, behind: Store) {
    this.#store = {
      ...behind,
      commit: async commit => {
        for (const { key } of commit.writes) this.#written.add(key)
        const committed = await behind.commit(commit)
        if (committed.state === 'ok') this.#n = committed.n
        return committed
      }
    }
    const [directory, clock, calendars] = [this.directory, this.#clock, luxonCalendars()]
    this.#caches = [cachedDirectory({ directory, clock, calendars }), cachedDirectory({ directory, clock, calendars })]
    this.nodes = [this.#open('node-1', this.#caches[0]), this.#open('node-2', this.#caches[1])]
    t.after(async () => { for (const node of this.nodes) await node.stop() })
  }

  /** The shard lives in a new epoch, with what was in it. */
  async recover (): Promise<void> {
    const answer = await this.#store.freeze(SHARD, this.#epoch + 1, KEEPER)
    assert.ok(answer.frozen)
    await this.#store.thaw(answer.freeze)
    this.#epoch++
    await this.pass(0)
  }

  /** The nodes' clocks go on, and the store's with an empty commit. */
  async pass (ms: Millis): Promise<void> {
    this.#clock.pass(ms)
    const { state } = await this.#store.commit({ ...nothing, epoch: this.#epoch, at: this.#clock.now() })
    assert.equal(state, 'ok')
  }

  /** Whatever is due. */
  async keep (): Promise<void> {
    const [{ transact }] = this.nodes
    const deadlines = new Deadlines({
      store: this.#store,
      clock: this.#clock,
      siteOf: async (_, space) => await this.#space(space),
      run: async (org, command, site) => { await transact(org, command, { site }, SELF) },
      runAnywhere: async (org, command) => { await transact(org, command, null, SELF) },
      onTrouble: (_, error) => { if (!(error instanceof PerchError)) throw error }
    }, SHARD)
    deadlines.wake()
    await deadlines.stop()
  }

  /** Everything until now is in the ledger, which keeps up or does not. */
  async record (behind: boolean): Promise<void> {
    await this.#store.trimOutbox(SHARD, this.#epoch, this.#n)
    if (this.nodes.every(({ watermarks }) => watermarks.behind(SHARD) === behind)) return
    await this.#store.announce(SHARD, 'ledger', this.#epoch, encodeWatermark({ stream: this.#epoch, n: this.#n, behind, refused: [] }))
    await until(() => this.nodes.every(({ watermarks }) => watermarks.behind(SHARD) === behind), { what: 'the nodes hear of the ledger', everyMs: 1 })
  }

  /** The directory changed: both nodes have heard, and the live state follows. */
  async follow (site: string): Promise<void> {
    for (const cached of this.#caches) cached.forget(ORG, { what: 'policy' })
    await syncFloors({ store: this.#store, directory: this.directory, cached: this.#caches[0], transact: this.nodes[0].transact }, ORG, site)
  }

  forget (person: string): void {
    for (const cached of this.#caches) cached.forget(ORG, { what: 'person', id: person })
  }

  /** All that a store holds, as it says itself. The clock is put so far ahead that every deadline shows. */
  async contents (): Promise<Record<string, unknown>> {
    const outbox = await this.#store.outbox(SHARD, this.#epoch, 0, 10_000)
    const keys = [...this.#written].sort()
    const records = new Map<Key, Stored>()
    for (let i = 0; i < keys.length; i += 500) {
      for (const [key, stored] of (await this.#store.read(ORG, keys.slice(i, i + 500))).records) records.set(key, stored)
    }
    const { epoch, now, seqs } = await this.#store.read(ORG, [], Object.keys(FLOORS))
    await this.pass(500 * 24 * 3_600_000)
    const { names, next } = await this.#store.due(SHARD, 100_000)
    return { epoch, now, seqs, n: this.#n, records, outbox, names, next, cached: this.nodes.map(({ cache }) => cache.size) }
  }

  async start (): Promise<void> {
    for (const { watermarks } of this.nodes) await watermarks.listen(SHARD)
    await this.recover()
  }

  async #space (id: string): Promise<SpaceRecord | null> {
    const stored = (await this.#store.read(ORG, [spaceKey(id)])).records.get(spaceKey(id))
    return stored === undefined ? null : decodeStored(spaceKey(id), stored).value as SpaceRecord | null
  }

  #open (id: string, lookup: CachedDirectory): PerchNode {
    return openNode({
      id,
      store: this.#store,
      guard: GRANTS_ALWAYS,
      guardMode: 'off',
      ledger: emptyLedger(),
      directory: this.directory,
      lookup,
      clock: this.#clock,
      badgeHash: badge => `hash of ${badge}`,
      keeps: [],
      // Fewer than there are records: what is forgotten is read again.
      cacheLimit: 200,
      onTaken: async () => {},
      watch: SILENT
    })
  }
}
