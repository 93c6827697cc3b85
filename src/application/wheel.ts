import type { Clock } from './ports.ts'

/** What has a turn on a wheel. */
export interface Turning {
  turn (): void
  /** Kept by its wheel alone, and here since a table of places would weigh more; null: it is in none. One wheel at a time. */
  spoke: number | null
}

/** Turns are spread over this many moments of a period. */
const SPOKES = 50

/** Gives each member one turn per period, spread so that they do not all come at once. One timer for all; none while there is no member. */
export class Wheel {
  readonly #clock: Clock
  readonly #spokeMs: number
  readonly #onError: (error: unknown) => void
  readonly #spokes: ReadonlyArray<Set<Turning>> = Array.from({ length: SPOKES }, () => new Set())
  #size = 0
  #at = 0
  #next = 0
  #cancel: (() => void) | null = null

  /** `onError`: of a member whose turn threw; the others have theirs. */
  constructor (clock: Clock, periodMs: number, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#spokeMs = periodMs / SPOKES
    this.#onError = onError
  }

  get size (): number {
    return this.#size
  }

  /** Newcomers go round the spokes, so that those of one storm are spread at once. */
  join (member: Turning): void {
    member.spoke = this.#next++ % SPOKES
    this.#spoke(member.spoke).add(member)
    this.#size++
    this.#cancel ??= this.#arm()
  }

  /** Safe to repeat. */
  leave (member: Turning): void {
    if (member.spoke === null) return
    this.#spoke(member.spoke).delete(member)
    member.spoke = null
    if (--this.#size > 0) return
    this.#cancel?.()
    this.#cancel = null
  }

  #spoke (at: number): Set<Turning> {
    const spoke = this.#spokes[at]
    if (spoke === undefined) throw new RangeError(`no spoke ${at}`)
    return spoke
  }

  #arm (): () => void {
    return this.#clock.after(this.#spokeMs, () => {
      this.#cancel = null
      const turn = this.#spoke(this.#at)
      this.#at = (this.#at + 1) % SPOKES
      for (const member of turn) {
        try {
          member.turn()
        } catch (error) {
          this.#onError(error)
        }
      }
      if (this.#size > 0) this.#cancel ??= this.#arm()
    })
  }
}
