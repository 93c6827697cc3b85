import type { Clock } from './ports.ts'

/**
 * Things that nobody uses any more, kept for a while because somebody is likely to come back. The oldest go first, also when there are too many.
 * One timer for all; none while there is nothing.
 */
export class Lingering<K> {
  readonly #clock: Clock
  readonly #ms: number
  readonly #most: number
  /** Since when, on the monotonic clock; in that order. */
  readonly #kept = new Map<K, { since: number, drop: () => void }>()
  #cancel: (() => void) | null = null

  /** `most`: how many are kept at a time. */
  constructor (clock: Clock, ms: number, most: number) {
    this.#clock = clock
    this.#ms = ms
    this.#most = most
  }

  get size (): number {
    return this.#kept.size
  }

  /** `drop` runs when its time is up. */
  keep (key: K, drop: () => void): void {
    this.#kept.set(key, { since: this.#clock.monotonic(), drop })
    if (this.#kept.size > this.#most) this.dropOldest()
    this.#arm()
  }

  /** Somebody came back; false: it is not here. */
  recall (key: K): boolean {
    const here = this.#kept.delete(key)
    if (this.#kept.size === 0) this.#disarm()
    return here
  }

  /** False when there is none. */
  dropOldest (): boolean {
    const [oldest] = this.#kept
    if (oldest === undefined) return false
    const [key, { drop }] = oldest
    this.recall(key)
    drop()
    return true
  }

  /** Drops all. */
  close (): void {
    while (this.dropOldest());
  }

  #arm (): void {
    const [oldest] = this.#kept.values()
    if (this.#cancel !== null || oldest === undefined) return
    const left = oldest.since + this.#ms - this.#clock.monotonic()
    this.#cancel = this.#clock.after(Math.max(left, 0), () => {
      this.#cancel = null
      const due = this.#clock.monotonic() - this.#ms
      for (const { since } of [...this.#kept.values()]) {
        if (since > due) break
        this.dropOldest()
      }
      this.#arm()
    })
  }

  #disarm (): void {
    this.#cancel?.()
    this.#cancel = null
  }
}
