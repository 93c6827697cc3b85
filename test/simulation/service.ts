import { PerchError, type ErrorCode } from '../../src/domain/errors.ts'
import type { Process } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** After that a caller gives up; what it asked for may still be done. */
const TIMEOUT_MS = 2_000
const LATEST_MS = 6_000
/** Postgres is told to give up a statement in time. */
const SLOWEST_MS = 4_000

/** How a service behaves at present; chances are per call. */
export interface Weather {
  away: boolean
  /** Times the usual delay. */
  slow: number
  losesRequests: number
  losesReplies: number
  /** Does it when the caller has long given up. */
  isLate: number
  /** The caller dies, before or after it is done. */
  kills: number
}

export const FAIR: Readonly<Weather> = { away: false, slow: 1, losesRequests: 0, losesReplies: 0, isLate: 0, kills: 0 }

/** What a call comes to when no answer arrives. */
export interface Failure {
  /** Nothing was sent. */
  refused: ErrorCode
  /** It may have been done. */
  lost: ErrorCode
}

type Fate = 'done' | 'request lost' | 'reply lost' | 'late' | 'killed before' | 'killed after'

/** Something that nodes call over a network: each call is a step on its way there and one on its way back. */
export class Service {
  readonly name: string
  readonly #scheduler: Scheduler
  readonly #kill: (process: Process) => void
  weather: Weather = { ...FAIR }
  /** Grows when all connections break. */
  #generation = 0

  constructor (scheduler: Scheduler, name: string, kill: (process: Process) => void) {
    this.#scheduler = scheduler
    this.name = name
    this.#kill = kill
  }

  breakConnections (): void {
    this.#generation++
  }

  call<T> (caller: Process, what: string, effect: () => Promise<T>, failure: Failure): Promise<T> {
    const [scheduler, generation, fate] = [this.#scheduler, this.#generation, this.#fate()]
    return new Promise<T>((resolve, reject) => {
      const fail = (code: ErrorCode, ms: number): void => { caller.after(ms, () => reject(new PerchError(code))) }
      const done = (settle: () => void): void => {
        if (fate === 'killed after') return this.#end(caller, what)
        if (fate === 'reply lost' || this.#generation !== generation) return fail(failure.lost, this.latency())
        if (fate !== 'late') caller.after(this.latency(), settle)
      }
      if (fate === 'killed before') return this.#end(caller, what)
      if (this.weather.away) return fail(failure.refused, this.latency())
      if (fate === 'request lost') return fail(failure.lost, scheduler.between(1, TIMEOUT_MS))
      if (fate === 'late') fail(failure.lost, TIMEOUT_MS)
      scheduler.after(fate === 'late' ? scheduler.between(TIMEOUT_MS, LATEST_MS) : this.latency(), () => {
        if (this.#generation !== generation || this.weather.away) return fail(failure.lost, this.latency())
        scheduler.note(caller.name, () => `${this.name} ${what}${fate === 'done' ? '' : `, ${fate}`}`)
        effect().then(answer => done(() => resolve(answer)), (error: unknown) => done(() => reject(error)))
      })
    })
  }

  /** Mostly a part of a millisecond, now and then long enough for all others to overtake. */
  latency (): number {
    const { random } = this.#scheduler
    const of = random()
    const ms = of < 0.9 ? 0.05 + 1.5 * random() : of < 0.99 ? 40 * random() : 400 * random()
    return Math.min(SLOWEST_MS, ms * this.weather.slow)
  }

  #end (caller: Process, what: string): void {
    this.#scheduler.note(caller.name, () => `dies at ${this.name} ${what}`)
    this.#kill(caller)
  }

  #fate (): Fate {
    const { losesRequests, losesReplies, isLate, kills } = this.weather
    let of = this.#scheduler.random()
    if ((of -= losesRequests) < 0) return 'request lost'
    if ((of -= losesReplies) < 0) return 'reply lost'
    if ((of -= isLate) < 0) return 'late'
    if ((of -= kills) < 0) return 'killed before'
    return of - kills < 0 ? 'killed after' : 'done'
  }
}
