import type { ClaimReply } from '../protocol/answers.ts'
import type { Clock } from './clock.ts'
import { subjectOf, type Command, type Done } from './command.ts'
import { effectsOf } from './effect.ts'
import { ownError, type PerchError } from './error.ts'
import type { KnownClaims } from './known-claims.ts'
import type { Preview, Previews } from './previews.ts'
import type { Answer, Requests } from './requests.ts'
import type { ServerTime } from './server-time.ts'

export interface PerformOptions {
  /** How long it may take altogether, with all its attempts; 30 s by default. `Infinity`: for as long as it takes. */
  timeoutMs?: number
  /** Gives the same command as it is to be sent, for each time that it is: its age grows meanwhile. By default as it was given. */
  fresh?: () => Command
}

export interface CommandsParts {
  clock: Clock
  random: () => number
  time: ServerTime
  requests: Requests
  known: KnownClaims
  previews: Previews
  /** There is a connection. */
  isOpen: () => boolean
  /** Somebody will see when the floor has got there. */
  isWatched: (floor: string) => boolean
}

const TIMEOUT_MS = 30_000
/** Of one connection; a server refuses more than 16. */
const MOST_AT_ONCE = 8
/** That wait for an answer or their turn. */
const MOST_WAITING = 200
/** Before a command that was refused for now is sent again: at first, at most; with full jitter. */
const FIRST_REST_MS = 100
const LONGEST_REST_MS = 2_000

interface Job {
  readonly command: Command
  readonly fresh: () => Command
  readonly preview: Preview
  readonly settle: { resolve (done: Done): void, reject (error: PerchError): void }
  /** ready -> asked -> resting -> ready …; asked -> ready when the connection ended; any -> over. */
  stage: 'ready' | 'asked' | 'resting' | 'over'
  attempts: number
  /** It was sent, and nobody said what became of it. */
  unknown: boolean
  /** How it was refused for now; null: it was not. */
  refusal: PerchError | null
  cancel: Array<() => void>
}

/**
 * Sends commands until they have an outcome, with the same id whenever it is not known or may be another one soon (INV-4). Those about one claim, or one person, go in the order they were
 * given; a server would do them side by side.
 */
export class Commands {
  readonly #parts: CommandsParts
  readonly #jobs = new Set<Job>()

  constructor (parts: CommandsParts) {
    this.#parts = parts
  }

  async perform (command: Command, { timeoutMs = TIMEOUT_MS, fresh = () => command }: PerformOptions = {}): Promise<Done> {
    if (this.#jobs.size >= MOST_WAITING) throw ownError('TOO_MANY', { limit: MOST_WAITING })
    const { clock, known, previews, time } = this.#parts
    known.asked(command, time.now())
    return await new Promise((resolve, reject) => {
      const preview = previews.add(effectsOf(command, known.get(subjectOf(command)), time.now()))
      const job: Job = { command, fresh, preview, settle: { resolve, reject }, stage: 'ready', attempts: 0, unknown: false, refusal: null, cancel: [] }
      if (timeoutMs < Infinity) job.cancel.push(clock.after(timeoutMs, () => this.#giveUp(job)))
      this.#jobs.add(job)
      this.pump()
    })
  }

  /** Sends what may be sent: there is a connection now, or room. */
  pump (): void {
    if (!this.#parts.isOpen()) return
    let asked = [...this.#jobs].filter(({ stage }) => stage === 'asked').length
    const busy = new Set<string>()
    for (const job of [...this.#jobs]) {
      const subject = subjectOf(job.command)
      if (busy.has(subject)) continue
      busy.add(subject)
      if (job.stage !== 'ready' || asked >= MOST_AT_ONCE) continue
      asked++
      this.#ask(job)
    }
  }

  /** The connection has ended, and none follows. */
  close (error: PerchError): void {
    for (const job of [...this.#jobs]) this.#fail(job, job.unknown ? ownError('OUTCOME_UNKNOWN', error.details) : error)
  }

  #ask (job: Job): void {
    job.stage = 'asked'
    job.attempts++
    this.#parts.requests.ask(job.fresh(), answer => { if (job.stage === 'asked') this.#answered(job, answer) })
  }

  #answered (job: Job, answer: Answer): void {
    switch (answer.state) {
      case 'ok':
        return this.#succeed(job, answer.reply as unknown as ClaimReply)
      case 'lost':
        job.unknown = true
        // At once where there is a new connection; a server that does not answer is not pressed.
        return this.#parts.isOpen() ? this.#rest(job) : this.#ready(job)
      case 'refused':
        if (!answer.error.retry) return this.#fail(job, answer.error)
        job.refusal = answer.error
        if (answer.error.code === 'OUTCOME_UNKNOWN') job.unknown = true
        return this.#rest(job)
    }
  }

  #succeed (job: Job, { claim, position, persisted }: ClaimReply): void {
    const { known, previews, isWatched } = this.#parts
    known.told(claim)
    this.#end(job)
    if (isWatched(position.floor)) previews.settle(job.preview, position)
    else previews.end(job.preview)
    job.settle.resolve({ claim, persisted })
    this.pump()
  }

  #fail (job: Job, error: PerchError): void {
    this.#end(job)
    this.#parts.previews.end(job.preview)
    job.settle.reject(error)
    this.pump()
  }

  #giveUp (job: Job): void {
    const unknown = job.unknown || job.stage === 'asked'
    this.#fail(job, unknown ? ownError('OUTCOME_UNKNOWN') : job.refusal ?? ownError('NOT_CONNECTED'))
  }

  #rest (job: Job): void {
    const { clock, random } = this.#parts
    job.stage = 'resting'
    const restMs = random() * Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** job.attempts)
    job.cancel.push(clock.after(restMs, () => this.#ready(job)))
  }

  #ready (job: Job): void {
    job.stage = 'ready'
    this.pump()
  }

  #end (job: Job): void {
    job.stage = 'over'
    for (const cancel of job.cancel.splice(0)) cancel()
    this.#jobs.delete(job)
  }
}
