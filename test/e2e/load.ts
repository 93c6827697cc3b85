import { v7 as uuidv7 } from 'uuid'
import type { Command, Reply } from '../../scripts/simulation/command.ts'
import { sendOverHttp } from '../../scripts/simulation/http-way.ts'
import type { JournalLine } from '../../scripts/simulation/journal.ts'
import { Tally } from '../../scripts/simulation/tally.ts'
import { Unreachable, type ApiAddress } from '../../src/cli/seed/api.ts'
import { until } from '../harness/wait.ts'
import { inMinutes } from './installation.ts'

export interface LoadParts {
  /** Asked in turn; each request may go to another. */
  servers (): readonly ApiAddress[]
  /** Each asks for one thing at a time. */
  people: readonly string[]
  spaces: readonly string[]
}

/** Times that people book, so that a claim which is kept stands in nobody's way for long. */
const SLOTS = 12
const SLOT_MINUTES = 120
/** How long one command is asked again before the load counts as broken. */
const PATIENCE_MS = 60_000

/** People who claim, check in and give back without a pause, and what they were promised. */
export class Load {
  readonly #parts: LoadParts
  readonly #lines: JournalLine[] = []
  readonly #begun = Date.now()
  /** What came of every attempt, for whoever wonders why it is slow. */
  readonly #attempts = new Tally()
  #stopped = false
  #asked = 0
  #persisted = 0
  #work: Promise<unknown> = Promise.resolve()

  constructor (parts: LoadParts) {
    this.#parts = parts
  }

  /** What was promised and asked for, in order. */
  get lines (): readonly JournalLine[] {
    return this.#lines
  }

  /** Answers that said `persisted: true`. */
  get persisted (): number {
    return this.#persisted
  }

  /** How often each answer came. */
  get answers (): ReadonlyMap<string, number> {
    return new Map(this.#attempts.entries)
  }

  get begun (): number {
    return this.#begun
  }

  start (): void {
    this.#work = Promise.all(this.#parts.people.map(async person => await this.#live(person)))
    // Whoever stops the load is told.
    this.#work.catch(() => {})
  }

  /** What is under way is not asked again. */
  async stop (): Promise<void> {
    this.#stopped = true
    await this.#work
  }

  /** Until so many more answers said that they are persisted. */
  async morePersisted (count: number, withinMs = 30_000): Promise<void> {
    const goal = this.#persisted + count
    await until(() => this.#persisted >= goal, { what: `${count} more persisted answers`, withinMs }).catch(error => {
      throw new Error(`${error.message}; so far ${JSON.stringify(this.#attempts.entries)}`, { cause: error })
    })
  }

  async #live (person: string): Promise<void> {
    /** By slot: a load that lasts comes back to each, and finds nobody busy. */
    const kept = new Map<number, string>()
    for (let turn = 0; !this.#stopped; turn++) {
      const earlier = kept.get(turn % SLOTS)
      if (earlier !== undefined) await this.#perform({ call: 'release', claim: earlier })
      kept.delete(turn % SLOTS)
      const claim = uuidv7()
      const granted = await this.#perform({ call: 'claim', claim, request: { space: this.#anySpace(), person, ...slot(turn) } })
      if (granted?.state !== 'done') continue
      if (turn % SLOTS === 0 && turn % 2 === 0) await this.#perform({ call: 'check-in', claim })
      if (turn % 5 < 3) await this.#perform({ call: 'release', claim })
      else kept.set(turn % SLOTS, claim)
    }
  }

  /** Null: stopped before it was answered. */
  async #perform (command: Command): Promise<Reply | null> {
    if (command.call !== 'claim') this.#lines.push({ asked: { claim: command.claim, call: command.call } })
    const { reply } = await until(async () => {
      if (this.#stopped) return { reply: null }
      const reply = await this.#attempt(command)
      return reply === null || (reply.state === 'refused' && reply.retry) ? undefined : { reply }
    }, { what: `an answer to ${command.call}`, withinMs: PATIENCE_MS, everyMs: 20 })
    if (reply?.state === 'done' && reply.persisted) {
      this.#persisted++
      this.#lines.push({ answered: reply.claim })
    }
    return reply
  }

  async #attempt (command: Command): Promise<Reply | null> {
    const servers = this.#parts.servers()
    const server = servers[this.#asked++ % servers.length]
    if (server === undefined) throw new Error('there is no server to ask')
    try {
      const reply = await sendOverHttp(server, command)
      this.#attempts.add(reply.state === 'refused' ? reply.code : reply.persisted ? 'persisted' : 'provisional')
      return reply
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      this.#attempts.add('unreachable')
      return null
    }
  }

  #anySpace (): string {
    const { spaces } = this.#parts
    return spaces[Math.floor(Math.random() * spaces.length)] ?? ''
  }
}

/** The first slot begins now, the others are bookings. */
function slot (turn: number): { from?: string, to: string } {
  const minutes = turn % SLOTS * SLOT_MINUTES
  return { ...(minutes === 0 ? {} : { from: inMinutes(minutes) }), to: inMinutes(minutes + SLOT_MINUTES / 2) }
}
