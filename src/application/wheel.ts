import type { Clock } from './ports.ts'

/** What has a turn on a wheel. */
export interface Turning {
  turn (): void
}

/** Turns are spread over this many moments of a period. */
const SPOKES = 50

/** Gives each member one turn per period, spread so that they do not all come at once. One timer for all; none while there is no member. */
export class Wheel {
  readonly #clock: Clock
  readonly #spokeMs: number
  readonly #onError: (error: unknown) => void
  readonly #spokes: ReadonlyArray<Set<Turning>> = Array.from({ length: SPOKES }, () => new Set())
  readonly #places = new Map<Turning, Set<Turning>>()
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
    return this.#places.size
  }

  /** Newcomers go round the spokes, so that those of one storm are spread at once. */
  join (member: Turning): void {
    const spoke = this.#spoke(this.#next++)
    spoke.add(member)
    this.#places.set(member, spoke)
    this.#cancel ??= this.#arm()
  }

  /** Safe to repeat. */
  leave (member: Turning): void {
    this.#places.get(member)?.delete(member)
    if (!this.#places.delete(member) || this.#places.size > 0) return
    this.#cancel?.()
    this.#cancel = null
  }

  #spoke (at: number): Set<Turning> {
    const spoke = this.#spokes[at % SPOKES]
    if (spoke === undefined) throw new RangeError(`no spoke ${at}`)
    return spoke
  }

  #arm (): () => void {
    return this.#clock.after(this.#spokeMs, () => {
      this.#cancel = null
      for (const member of this.#spoke(this.#at++)) {
        try {
          member.turn()
        } catch (error) {
          this.#onError(error)
        }
      }
      if (this.#places.size > 0) this.#cancel ??= this.#arm()
    })
  }
}
