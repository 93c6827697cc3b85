import type { Clock } from './clock.ts'

/** What nobody has confirmed for this long is stale (PROTOCOL.md, "What a client does"). */
export const STALE_MS = 10_000

/** When something was last known to be so, by this machine's stopwatch; says so when that is too long ago. */
export class Confirmation {
  readonly #clock: Clock
  readonly #onStale: () => void
  #at: number
  #timer: (() => void) | null = null

  /** Counts from now: what was only just asked for is not stale. */
  constructor (clock: Clock, onStale: () => void) {
    this.#clock = clock
    this.#onStale = onStale
    this.#at = clock.monotonic()
    this.#wait()
  }

  /** How long ago, in milliseconds. */
  get ageMs (): number {
    return this.#clock.monotonic() - this.#at
  }

  get stale (): boolean {
    return this.ageMs >= STALE_MS
  }

  /** It was so, that long ago. An age that is stale already is the word of somebody who does not know better: then nothing later counts. */
  confirm (ageMs = 0): void {
    const at = this.#clock.monotonic() - Math.max(0, ageMs)
    this.#at = ageMs >= STALE_MS ? Math.min(this.#at, at) : Math.max(this.#at, at)
    this.#timer ??= this.#wait()
  }

  end (): void {
    this.#timer?.()
  }

  /** One timer that looks again, and not one for each confirmation. */
  #wait (): () => void {
    this.#timer = this.#clock.after(Math.max(0, STALE_MS - this.ageMs), () => {
      this.#timer = null
      if (this.stale) this.#onStale()
      else this.#wait()
    })
    return this.#timer
  }
}
