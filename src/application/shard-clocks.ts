import { SHARDS } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock } from './ports.ts'

/** A change of the difference to a store's clock beyond this is an alarm: somebody's clock jumped. */
const JUMP_MS = 1_000

/**
 * The shards' clocks as this node knows them: a store's answer says what time it is there, this node's monotonic clock what passed since. Never goes back.
 * Safety does not rest on it (INV-3); deadlines and "now" do.
 */
export class ShardClocks {
  readonly #clock: Clock
  readonly #offsets: Array<number | null> = new Array<number | null>(SHARDS).fill(null)
  readonly #latest: number[] = new Array<number>(SHARDS).fill(0)
  readonly #onJump: (shard: number, byMs: number) => void

  constructor (clock: Clock, onJump: (shard: number, byMs: number) => void = () => {}) {
    this.#clock = clock
    this.#onJump = onJump
  }

  /** An answer that said `now` has just arrived. */
  learn (shard: number, now: Millis): void {
    const offset = now - this.#clock.monotonic()
    const before = this.#offsets[shard] ?? null
    if (before !== null && Math.abs(offset - before) > JUMP_MS) this.#onJump(shard, offset - before)
    this.#offsets[shard] = offset
  }

  /** Some answer said what time it is there. */
  knows (shard: number): boolean {
    return (this.#offsets[shard] ?? null) !== null
  }

  /** Before the first answer: this node's own clock, which may be wrong and holds nothing back. */
  now (shard: number): Millis {
    const offset = this.#offsets[shard] ?? null
    if (offset === null) return this.#clock.now()
    const now = Math.max(Math.floor(this.#clock.monotonic() + offset), this.#latest[shard] ?? 0)
    this.#latest[shard] = now
    return now
  }
}
