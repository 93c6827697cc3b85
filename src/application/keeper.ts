import { LEASE_MS, ShardKeeper, type ShardKeeperParts } from './shard-keeper.ts'

const ROUND_MS = 2_000
/** After a round that failed: a store that is back does not wait for its keepers. */
const RETRY_MS = 250

export interface KeeperParts extends ShardKeeperParts {
  /** This node, among all keepers. */
  id: string
  /** The shards there are; all of them, but in tests. */
  shards: readonly number[]
  onHeld? (count: number): void
}

/**
 * The role that keeps shards: shares them out among the keepers that live by leases, and looks after those it holds. A lease that is wrong costs work done twice,
 * never a claim: recorder, deadlines and recovery are safe to run in two places.
 */
export class Keeper {
  readonly #parts: KeeperParts
  readonly #held = new Map<number, ShardKeeper>()
  #cancel: (() => void) | null = null
  #round: Promise<void> | null = null
  #stopped = false

  constructor (parts: KeeperParts) {
    this.#parts = parts
  }

  get held (): readonly number[] {
    return [...this.#held.keys()]
  }

  /** Every shard held is open. */
  get ready (): boolean {
    return [...this.#held.values()].every(({ keeping }) => keeping)
  }

  start (): void {
    this.#next(0)
  }

  /** Records what is left, gives every lease back, leaves: the others need not wait for the leases to run out. */
  async stop (): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#round
    const { store, id } = this.#parts
    await Promise.allSettled(Array.from(this.#held, async ([shard, keeper]) => {
      await keeper.drain()
      await keeper.stop()
      await store.endLease(shard, id)
    }))
    this.#held.clear()
    await store.leave(id).catch((error: unknown) => this.#parts.onTrouble?.(-1, error))
  }

  #next (ms: number): void {
    this.#cancel = this.#parts.clock.after(ms, () => {
      this.#round = this.#share()
        .then(() => ROUND_MS, (error: unknown) => {
          this.#parts.onTrouble?.(-1, error)
          return RETRY_MS
        })
        .then(ms => { if (!this.#stopped) this.#next(ms) })
    })
  }

  async #share (): Promise<void> {
    const { store, id, shards } = this.#parts
    const keepers = await store.heartbeat(id, LEASE_MS)
    const fair = Math.ceil(shards.length / Math.max(1, keepers.length))
    await this.#prolong()
    for (const shard of this.held.slice(fair)) await this.#giveUp(shard)
    // Each begins elsewhere, so that keepers that start together do not ask for the same ones.
    const offset = Math.max(0, keepers.indexOf(id)) * fair
    for (let i = 0; i < shards.length && this.#held.size < fair && !this.#stopped; i++) {
      const shard = shards[(i + offset) % shards.length]
      if (shard === undefined || this.#held.has(shard)) continue
      if (await store.lease(shard, id, LEASE_MS)) this.#held.set(shard, new ShardKeeper(this.#parts, shard))
    }
    this.#parts.onHeld?.(this.#held.size)
    await Promise.all(Array.from(this.#held.values(), async keeper => { await keeper.check() }))
  }

  async #prolong (): Promise<void> {
    const { store, id } = this.#parts
    await Promise.all(Array.from(this.#held, async ([shard, keeper]) => {
      if (await store.lease(shard, id, LEASE_MS)) return
      this.#held.delete(shard)
      await keeper.stop()
    }))
  }

  async #giveUp (shard: number): Promise<void> {
    const keeper = this.#held.get(shard)
    this.#held.delete(shard)
    await keeper?.stop()
    await this.#parts.store.endLease(shard, this.#parts.id)
  }
}
