import type { Log } from '../application/log.ts'
import type { SupervisorMetrics } from '../application/metrics.ts'
import type { Clock } from '../application/ports.ts'
import { ConfigError, type ConfigProblem } from '../config.ts'
import { CLOSE_WITHIN_MS } from './close-within.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

/** One running process. */
export interface WorkerProcess {
  readonly pid: number
  /** May be lost when it is ending. */
  tell (message: ToWorker): void
  /** At once, without asking. */
  kill (): void
}

/** How a process ended: its exit code, or the signal that ended it. */
export type How = number | string

export interface WorkerEvents {
  said (message: FromWorker): void
  /** Once, and the last. */
  gone (how: How): void
}

export interface SupervisorParts {
  workers: number
  fork (events: WorkerEvents): WorkerProcess
  clock: Clock
  log: Log
  metrics: SupervisorMetrics
  /** The first worker listens. */
  onListening (url: string): void
  /** What else a worker said. */
  onSaid (worker: number, message: FromWorker): void
}

/** Who lived for less did not die of what it served. */
const QUICK_MS = 10_000
/** So many quick deaths in a row, over about 3 s, and there is something that starting again does not mend. */
const QUICK_DEATHS = 5
/** Before the second start after a quick death, and twice that before each next one, up to the most. */
const FIRST_PAUSE_MS = 200
const MOST_PAUSE_MS = 5_000
/** A worker that could not end in time has ended itself before. */
const KILL_AFTER_MS = CLOSE_WITHIN_MS + 2_000

/** off -> starting -> serving ; starting or serving -> paused -> starting, or -> off when all shall end. */
type State =
  | { state: 'off' }
  | { state: 'starting', process: WorkerProcess, since: number, refused: readonly ConfigProblem[] | null }
  | { state: 'serving', process: WorkerProcess, since: number }
  | { state: 'paused', cancel: () => void }

class Slot {
  readonly worker: number
  state: State = { state: 'off' }
  /** In a row. */
  quickDeaths = 0
  listened = false

  constructor (worker: number) {
    this.worker = worker
  }

  get process (): WorkerProcess | null {
    return this.state.state === 'starting' || this.state.state === 'serving' ? this.state.process : null
  }
}

/**
 * Keeps so many workers running. The first starts alone: what is wrong with the configuration or the port is then said once, and migrations are not waited for by the others.
 * Until each has listened once, one that cannot start with this configuration ends them all, as it would end a single process; later on a refusal is an outage of what it
 * needs, and is tried again as long as others serve.
 */
export class Supervisor {
  readonly #parts: SupervisorParts
  readonly #slots: readonly Slot[]
  #ending: { code: number, error: ConfigError | null } | null = null
  #cancelKill = (): void => {}
  #settle = (): void => {}

  constructor (parts: SupervisorParts) {
    this.#parts = parts
    this.#slots = Array.from({ length: parts.workers }, (_, i) => new Slot(i + 1))
  }

  /** Resolves with the exit code when every worker has ended. @throws ConfigError when they could not be started with this configuration */
  async run (): Promise<number> {
    const over = new Promise<void>(resolve => { this.#settle = resolve })
    const [first] = this.#slots
    if (first !== undefined) this.#start(first)
    await over
    this.#cancelKill()
    if (this.#ending?.error != null) throw this.#ending.error
    return this.#ending?.code ?? 1
  }

  /** Tells every worker to drain and end. Safe to repeat. */
  end (why: string, code = 0, error: ConfigError | null = null): void {
    if (this.#ending !== null) return
    this.#ending = { code, error }
    for (const slot of this.#slots) {
      if (slot.state.state === 'paused') {
        slot.state.cancel()
        slot.state = { state: 'off' }
      }
      slot.process?.tell({ say: 'drain', why })
    }
    this.#cancelKill = this.#parts.clock.after(KILL_AFTER_MS, () => { for (const { process } of this.#slots) process?.kill() })
    this.#settleIfOver()
  }

  /** Asks each worker that serves; which ones those are. */
  ask (message: ToWorker): number[] {
    const serving = this.#slots.filter(({ state }) => state.state === 'serving')
    for (const { process } of serving) process?.tell(message)
    return serving.map(({ worker }) => worker)
  }

  tell (worker: number, message: ToWorker): void {
    this.#slots[worker - 1]?.process?.tell(message)
  }

  #start (slot: Slot): void {
    const process = this.#parts.fork({
      said: message => this.#said(slot, message),
      gone: how => this.#gone(slot, how)
    })
    slot.state = { state: 'starting', process, since: this.#parts.clock.monotonic(), refused: null }
  }

  #said (slot: Slot, message: FromWorker): void {
    switch (message.say) {
      case 'here':
        slot.process?.tell({ say: 'begin', worker: slot.worker })
        // It may have missed being told.
        if (this.#ending !== null) slot.process?.tell({ say: 'drain', why: 'the others do' })
        return
      case 'listening': return this.#listens(slot, message.url)
      case 'refused':
        if (slot.state.state === 'starting') slot.state.refused = message.problems
        return
      default: return this.#parts.onSaid(slot.worker, message)
    }
  }

  #listens (slot: Slot, url: string): void {
    const isFirst = !this.#slots.some(({ listened }) => listened)
    if (slot.state.state === 'starting') slot.state = { state: 'serving', process: slot.state.process, since: slot.state.since }
    slot.listened = true
    this.#count()
    if (!isFirst || this.#ending !== null) return
    this.#parts.onListening(url)
    for (const other of this.#slots) if (other !== slot) this.#start(other)
  }

  #gone (slot: Slot, how: How): void {
    const { state } = slot
    slot.state = { state: 'off' }
    this.#count()
    if (state.state !== 'starting' && state.state !== 'serving') return
    if (this.#ending !== null) {
      if (how !== 0) this.#ending.code = 1
      return this.#settleIfOver()
    }
    const livedMs = Math.round(this.#parts.clock.monotonic() - state.since)
    const refused = state.state === 'starting' ? state.refused : null
    this.#parts.metrics.died()
    const fields = { worker: slot.worker, pid: state.process.pid, how, livedMs }
    if (refused !== null) this.#refused(slot, refused, fields)
    else this.#died(slot, livedMs, fields)
  }

  #refused (slot: Slot, problems: readonly ConfigProblem[], fields: object): void {
    const isLater = this.#slots.every(({ listened }) => listened)
    if (!isLater || !this.#slots.some(({ state }) => state.state === 'serving')) return this.end('a refusal', 1, new ConfigError(problems))
    this.#again(slot, MOST_PAUSE_MS, { ...fields, problems }, 'a worker could not start again')
  }

  #died (slot: Slot, livedMs: number, fields: object): void {
    const quickDeaths = slot.quickDeaths = livedMs < QUICK_MS ? slot.quickDeaths + 1 : 0
    const isFirstStart = !this.#slots.some(({ listened }) => listened)
    if (isFirstStart || quickDeaths >= QUICK_DEATHS) {
      this.#parts.log.error({ ...fields, quickDeaths }, isFirstStart ? 'the first worker ended before it listened: giving up' : 'a worker dies as soon as it is started: giving up')
      return this.end('giving up', 1)
    }
    this.#again(slot, quickDeaths === 0 ? 0 : Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (quickDeaths - 1)), fields, 'a worker died')
  }

  #again (slot: Slot, pauseMs: number, fields: object, message: string): void {
    this.#parts.log.error({ ...fields, againInMs: pauseMs }, message)
    slot.state = { state: 'paused', cancel: this.#parts.clock.after(pauseMs, () => this.#start(slot)) }
  }

  #count (): void {
    this.#parts.metrics.serving(this.#slots.filter(({ state }) => state.state === 'serving').length)
  }

  #settleIfOver (): void {
    if (this.#slots.every(({ process }) => process === null)) this.#settle()
  }
}
