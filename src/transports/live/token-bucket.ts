import type { Clock } from '../../application/ports.ts'

/** Lets through `perSecond` on average, and as many at once as one second brings when none came for that long. */
export class TokenBucket {
  readonly #clock: Clock
  readonly #perSecond: number
  #tokens: number
  #at: number

  constructor (clock: Clock, perSecond: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#tokens = perSecond
    this.#at = clock.monotonic()
  }

  /** False: not now. What is refused costs the bucket nothing, so that a storm does not hold back those who come after it. */
  take (): boolean {
    const now = this.#clock.monotonic()
    this.#tokens = Math.min(this.#perSecond, this.#tokens + (now - this.#at) / 1000 * this.#perSecond)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
