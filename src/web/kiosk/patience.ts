import type { Clock } from '../../client/index.ts'

/** Milliseconds without a touch. Long enough to look up from the screen and back, too short for the next in the queue to read what the one before had. */
const TOUCHING_MS = 15_000
/** The same for who is looking for letters. */
const TYPING_MS = 30_000
/** For who goes from one thing to the next by keys or has it read out, and who has asked for more time. */
const UNHURRIED_MS = 60_000

export type Pace = 'touching' | 'typing' | 'unhurried'

const LIMITS: Readonly<Record<Pace, number>> = { touching: TOUCHING_MS, typing: TYPING_MS, unhurried: UNHURRIED_MS }

/** How long is left, for a ring that runs out. `endsAt` by the clock's stopwatch; null: nobody is there. */
export interface TimeLeft {
  endsAt: number
  lastsMs: number
}

/** Waits for who stands at the kiosk, and says when they have gone. */
export class Patience {
  readonly #clock: Clock
  readonly #gone: () => void
  readonly #changed: (left: TimeLeft | null) => void
  #left: TimeLeft | null = null
  #unhurried = false
  #cancel: () => void = () => {}

  constructor (clock: Clock, { gone, changed }: { gone: () => void, changed: (left: TimeLeft | null) => void }) {
    this.#clock = clock
    this.#gone = gone
    this.#changed = changed
  }

  get left (): TimeLeft | null {
    return this.#left
  }

  /** Somebody is there, and has just done something. Once unhurried they stay so until they have gone. */
  touch (pace: Pace): void {
    this.#unhurried ||= pace === 'unhurried'
    const lastsMs = Math.max(LIMITS[pace], this.#unhurried ? UNHURRIED_MS : 0)
    this.#cancel()
    this.#cancel = this.#clock.after(lastsMs, () => {
      this.rest()
      this.#gone()
    })
    this.#become({ endsAt: this.#clock.monotonic() + lastsMs, lastsMs })
  }

  /** Nobody is there. */
  rest (): void {
    this.#cancel()
    this.#unhurried = false
    this.#become(null)
  }

  #become (left: TimeLeft | null): void {
    this.#left = left
    this.#changed(left)
  }
}
