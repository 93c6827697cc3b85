/** `perch/offline`: commands of a kiosk that outlive its connection, and its page. */
import { systemClock, type Clock } from './clock.ts'
import { changeCommand, claimCommand, type ClaimChange, type ClaimRequest, type Command, type Done, type Visit } from './command.ts'
import { ownError, PerchError } from './error.ts'
import { Listeners, type EventListeners } from './listeners.ts'
import type { Perch } from './perch.ts'

/** Where the queue is kept: `localStorage`, IndexedDB, a file. One queue to a key. */
export interface QueueStorage {
  /** Null: there is nothing. */
  get (key: string): Promise<string | null>
  set (key: string, value: string): Promise<void>
}

export interface OfflineQueueOptions {
  storage: QueueStorage
  /** By default `perch.queue`. */
  key?: string
  /** Commands that may wait; by default 100. */
  limit?: number
  /** What has waited longer is not asked for any more, and told as `TOO_OLD`; by default 4 hours, which is the oldest that a server takes. */
  maxAgeMs?: number
  /** For tests. */
  clock?: Clock
}

/** What became of a command. `ageMs`: how long it had waited. */
export type Outcome = { readonly command: Command, readonly ageMs: number } & (
  | { readonly state: 'done', readonly done: Done }
  | { readonly state: 'refused', readonly error: PerchError }
)

/** A command that is kept by now. */
export interface Queued {
  readonly command: Command
  /** Never rejects. A page that is loaded anew is told by the event `outcome` alone. */
  readonly outcome: Promise<Outcome>
}

export interface OfflineQueueEvents {
  /** What waits has changed. */
  change: readonly Command[]
  outcome: Outcome
}

/** Commands in the order they were given, one after another, as soon as there is a connection. Floors show them meanwhile, as `pending`. */
export interface OfflineQueue {
  /** What has no outcome yet, the oldest first. */
  readonly waiting: readonly Command[]
  /** Resolves when it is kept. @throws PerchError QUEUE_FULL, or what the storage throws: then it is not asked for */
  claim (request: ClaimRequest): Promise<Queued>
  checkIn (claim: string): Promise<Queued>
  release (claim: string): Promise<Queued>
  change (claim: string, change: ClaimChange): Promise<Queued>
  /** Somebody comes: whatever of theirs may be checked in at the site is, without anybody here knowing what they have. */
  arrive (visit: Visit): Promise<Queued>
  /** Somebody goes: whatever of theirs has begun at the site is given back. */
  leave (visit: Visit): Promise<Queued>
  on<Name extends keyof OfflineQueueEvents> (event: Name, listener: (told: OfflineQueueEvents[Name]) => void): () => void
  /** Sends nothing more; what waits is kept for the next time. */
  close (): void
}

interface Entry {
  command: Command
  /** When it was given, by this page's stopwatch. */
  givenAt: number
  /** It was sent, and nobody said what became of it. */
  unknown: boolean
  /** Takes it off the screen. */
  hide: () => void
  tell: (outcome: Outcome) => void
}

/** How an entry is kept. A stopwatch does not outlive its page: the time until the next one is by the device's own clock. */
interface Kept {
  command: Command
  ageMs: number
  keptAt: number
  unknown: boolean
}

const MAX_AGE_MS = 4 * 3_600_000
/** What is younger was asked for just now: nobody waited. */
const LEAST_AGE_MS = 1_000
/** Before a command that the server refused for now is asked for again. */
const REST_MS = 2_000

/** Opens the queue that is kept there, and begins with what is in it. @throws SyntaxError when something else is kept there */
export async function openOfflineQueue (perch: Perch, options: OfflineQueueOptions): Promise<OfflineQueue> {
  const { storage, key = 'perch.queue' } = options
  const kept = JSON.parse(await storage.get(key) ?? '[]') as Kept[]
  return new Queue(perch, { key, limit: 100, maxAgeMs: MAX_AGE_MS, clock: systemClock(), ...options }, kept)
}

class Queue implements OfflineQueue {
  readonly #perch: Perch
  readonly #options: Required<OfflineQueueOptions>
  readonly #events: EventListeners<OfflineQueueEvents> = { change: new Listeners(), outcome: new Listeners() }
  #entries: readonly Entry[]
  /** The last write: one at a time, or an older one might come last. */
  #written: Promise<void> = Promise.resolve()
  #running = false
  #closed = false

  constructor (perch: Perch, options: Required<OfflineQueueOptions>, kept: readonly Kept[]) {
    this.#perch = perch
    this.#options = options
    this.#entries = kept.map(({ command, ageMs, keptAt, unknown }) => this.#entry(command, ageMs + Math.max(0, options.clock.now() - keptAt), unknown))
    this.#begin()
  }

  get waiting (): readonly Command[] {
    return this.#entries.map(({ command }) => command)
  }

  async claim (request: ClaimRequest): Promise<Queued> {
    return await this.#add(claimCommand(request, () => this.#perch.newClaimId()))
  }

  async checkIn (claim: string): Promise<Queued> {
    return await this.#add({ type: 'checkIn', claim })
  }

  async release (claim: string): Promise<Queued> {
    return await this.#add({ type: 'release', claim })
  }

  async change (claim: string, change: ClaimChange): Promise<Queued> {
    return await this.#add(changeCommand(claim, change))
  }

  async arrive (visit: Visit): Promise<Queued> {
    return await this.#add({ ...visit, type: 'arrive' })
  }

  async leave (visit: Visit): Promise<Queued> {
    return await this.#add({ ...visit, type: 'leave' })
  }

  on<Name extends keyof OfflineQueueEvents> (event: Name, listener: (told: OfflineQueueEvents[Name]) => void): () => void {
    return this.#events[event].add(listener)
  }

  close (): void {
    this.#closed = true
    for (const { hide } of this.#entries) hide()
  }

  async #add (command: Command): Promise<Queued> {
    const { limit } = this.#options
    if (this.#entries.length >= limit) throw ownError('QUEUE_FULL', { limit })
    const entry = this.#entry(command, 0, false)
    const outcome = new Promise<Outcome>(resolve => { entry.tell = resolve })
    this.#become([...this.#entries, entry])
    try {
      await this.#write()
    } catch (error) {
      // Nobody must take for kept what a power cut would lose.
      this.#remove(entry)
      throw error
    }
    this.#begin()
    return { command, outcome }
  }

  #entry (command: Command, ageMs: number, unknown: boolean): Entry {
    return { command, givenAt: this.#options.clock.monotonic() - ageMs, unknown, hide: this.#perch.preview(command), tell: () => {} }
  }

  #become (entries: readonly Entry[]): void {
    this.#entries = entries
    this.#events.change.tell(this.waiting)
  }

  #remove (entry: Entry): void {
    entry.hide()
    this.#become(this.#entries.filter(other => other !== entry))
  }

  #ageMs ({ givenAt }: Entry): number {
    return Math.round(this.#options.clock.monotonic() - givenAt)
  }

  async #write (): Promise<void> {
    const { storage, key, clock } = this.#options
    const write = async () => {
      const kept = this.#entries.map((entry): Kept => ({ command: entry.command, ageMs: this.#ageMs(entry), keptAt: clock.now(), unknown: entry.unknown }))
      await storage.set(key, JSON.stringify(kept))
    }
    const written = this.#written.then(write)
    // One that failed says so to whoever wanted it, and does not keep the next from being tried.
    this.#written = written.catch(() => {})
    await written
  }

  #begin (): void {
    if (this.#running) return
    this.#running = true
    this.#run().finally(() => { this.#running = false })
  }

  async #run (): Promise<void> {
    for (let entry = this.#entries[0]; entry !== undefined; entry = this.#entries[0]) {
      await this.#connected()
      if (this.#closed) return
      const outcome = await this.#attempt(entry)
      if (outcome === null) continue
      this.#remove(entry)
      // Should it be kept on, it is asked for once more some day, which does no harm (INV-4).
      await this.#write().catch(() => {})
      entry.tell(outcome)
      this.#events.outcome.tell(outcome)
    }
  }

  /** Null: there is no outcome yet. */
  async #attempt (entry: Entry): Promise<Outcome | null> {
    const { command } = entry
    const ageMs = this.#ageMs(entry)
    if (ageMs > this.#options.maxAgeMs) return { state: 'refused', command, ageMs, error: ownError(entry.unknown ? 'OUTCOME_UNKNOWN' : 'TOO_OLD', { ageMs }) }
    try {
      return { state: 'done', command, ageMs, done: await this.#perch.perform(command, { fresh: () => aged(command, this.#ageMs(entry)) }) }
    } catch (error) {
      if (!(error instanceof PerchError)) throw error
      if (error.code === 'OUTCOME_UNKNOWN') entry.unknown = true
      // The client's own end says nothing about the command.
      if (!error.retry && error.code !== 'CLOSED') return { state: 'refused', command, ageMs, error }
      await new Promise<void>(resolve => { this.#options.clock.after(REST_MS, resolve) })
      return null
    }
  }

  async #connected (): Promise<void> {
    if (this.#perch.connection.state === 'live') return
    await new Promise<void>(resolve => {
      const end = this.#perch.on('connection', ({ state }) => {
        if (state !== 'live') return
        end()
        resolve()
      })
    })
  }
}

/** As it is asked for now: the server places it when it was given. What is kept has no age of its own, for that is another at each attempt. */
function aged (command: Command, waitedMs: number): Command {
  if (waitedMs < LEAST_AGE_MS) return command
  const ageMs = Math.min(waitedMs, MAX_AGE_MS)
  switch (command.type) {
    case 'claim': return { ...command, claim: { ...command.claim, ageMs } }
    case 'change': return { ...command, change: { ...command.change, ageMs } }
    default: return { ...command, ageMs }
  }
}
