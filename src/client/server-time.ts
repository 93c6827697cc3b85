import type { Clock } from './clock.ts'

/** Moments of the server are cut to whole seconds: on average, half of one is missing. */
const CUT_MS = 500

/** The server's time, by what it says of itself and this machine's own stopwatch. Until it has spoken, the machine's clock has to do. */
export class ServerTime {
  readonly #clock: Clock
  #ahead: number | null = null

  constructor (clock: Clock) {
    this.#clock = clock
  }

  /** The server said so just now. */
  heard (moment: string): void {
    const at = Date.parse(moment)
    if (!Number.isNaN(at)) this.#ahead = at + CUT_MS - this.#clock.monotonic()
  }

  /** Unix milliseconds. */
  now (): number {
    return this.#ahead === null ? this.#clock.now() : this.#clock.monotonic() + this.#ahead
  }
}
