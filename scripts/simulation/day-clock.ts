import { setTimeout as pause } from 'node:timers/promises'
import { DAY_BEGINS, DAY_MINUTES } from './options.ts'

/**
 * The simulated day beside the real clock. Minutes are those of the simulation, from 0 at six in the morning of its first day; they go on into the days that follow, each of
 * which begins where the one before ended. Moments are Unix milliseconds, as the server knows them.
 */
export class DayClock {
  readonly #speed: number
  readonly #startedAt: number

  /** `speed`: minutes per real second. */
  constructor (speed: number, startedAt: number) {
    this.#speed = speed
    this.#startedAt = startedAt
  }

  get minute (): number {
    return (Date.now() - this.#startedAt) / 1_000 * this.#speed
  }

  /** The day that the minute belongs to, from 0. */
  get day (): number {
    return Math.floor(this.minute / DAY_MINUTES)
  }

  momentOf (minute: number): number {
    return this.#startedAt + this.realMs(minute)
  }

  realMs (minutes: number): number {
    return minutes / this.#speed * 1_000
  }

  /** At once when it has passed. @throws AbortError */
  async until (minute: number, signal: AbortSignal): Promise<void> {
    const ms = this.momentOf(minute) - Date.now()
    if (ms > 0) await pause(ms, undefined, { signal })
    signal.throwIfAborted()
  }

  /** Like 09:07. */
  toString (): string {
    const minute = DAY_BEGINS + Math.floor(this.minute) % DAY_MINUTES
    return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  }
}
