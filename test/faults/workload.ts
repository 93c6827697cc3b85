import { setTimeout as pause } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import type { Command } from '../../scripts/simulation/command.ts'
import { Tally } from '../../scripts/simulation/tally.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { httpClient, type HttpClient } from '../e2e/http.ts'
import { until } from '../harness/wait.ts'
import type { History, Outcome } from './history.ts'
import { FLOORS, PEOPLE, type Installation } from './installation.ts'
import { request } from './request.ts'

export interface WorkloadParts {
  installation: Installation
  history: History
  /** In [0, 1). */
  random (): number
  /** Each asks for one thing at a time. */
  clients: number
  /** Unix milliseconds: the times of day that are claimed begin there. */
  base: number
}

/** Times of day. The first is now, the others are bookings; claims of one never touch another, and none begins or ends by itself while a round lasts. */
export const SLOTS = 4
const SLOT_MS = 2 * 3_600_000
const STAY_MS = SLOT_MS / 2
/** Refused for now: before it is asked again, at most. */
const REST_MS = 60
/** How often one thing is asked. */
const MOST_ATTEMPTS = 4
/** Claims that are remembered to do more with. */
const MOST_KNOWN = 400
/** Of claims: for one of the few spaces that everybody wants. */
const HOT = 0.35

interface Known {
  claim: string
  person: string
  slot: number
  /** As it was asked for. */
  request: Extract<Command, { call: 'claim' }>['request']
}

/** People who claim, come, change their minds and give back, over any node, and who ask again when they were not answered. */
export class Workload {
  /** What was said, by code. */
  readonly answers = new Tally()
  readonly #t: Cleanup
  readonly #parts: WorkloadParts
  /** Claims that somebody may still do something with: they are everybody's. */
  readonly #known: Known[] = []
  readonly #connections = new Map<string, HttpClient>()
  #persisted = 0
  #stopped = false
  #work: Promise<unknown> = Promise.resolve()

  constructor (t: Cleanup, parts: WorkloadParts) {
    this.#t = t
    this.#parts = parts
  }

  /** Answers that said `persisted: true`. */
  get persisted (): number {
    return this.#persisted
  }

  start (): void {
    this.#stopped = false
    this.#work = Promise.all(Array.from({ length: this.#parts.clients }, async (_, client) => await this.#live(client)))
    // Whoever stops it is told.
    this.#work.catch(() => {})
  }

  /** Resolves when the last answer has come, or was given up. */
  async stop (): Promise<void> {
    this.#stopped = true
    await this.#work
  }

  /** Until so many more answers said that they are persisted. */
  async progress (count: number, withinMs: number): Promise<void> {
    const goal = this.#persisted + count
    await until(() => this.#persisted >= goal, { what: `${count} more persisted answers; so far ${JSON.stringify(this.answers.entries)}`, withinMs, everyMs: 20 })
  }

  async #live (client: number): Promise<void> {
    const { random } = this.#parts
    while (!this.#stopped) {
      const known = random() < 0.5 ? this.#any() : null
      if (known === null) await this.#claim(client)
      else await this.#goOn(client, known)
    }
  }

  async #claim (client: number): Promise<void> {
    const { random, base } = this.#parts
    const slot = Math.floor(random() * SLOTS)
    const person = `p${Math.floor(random() * PEOPLE)}`
    const begin = base + slot * SLOT_MS
    const request = {
      space: this.#anySpace(), person, to: toText(begin + STAY_MS), ...(slot === 0 ? {} : { from: toText(begin) }), ...(slot === 0 && random() < 0.3 ? { checkIn: true } : {})
    }
    const known = { claim: uuidv7(), person, slot, request }
    const outcome = await this.#perform(client, known, { call: 'claim', claim: known.claim, request })
    // Also where nobody knows: somebody will ask.
    if (outcome.type !== 'fail' && this.#known.length < MOST_KNOWN) this.#known.push(known)
  }

  async #goOn (client: number, known: Known): Promise<void> {
    const { random, base } = this.#parts
    const { claim, slot, request } = known
    const die = random()
    if (die < 0.5) {
      this.#forget(known)
      await this.#perform(client, known, { call: 'release', claim })
    } else if (die < 0.65 && slot === 0) await this.#perform(client, known, { call: 'check-in', claim })
    else if (die < 0.75) await this.#perform(client, known, { call: 'change', claim, change: { to: toText(base + slot * SLOT_MS + STAY_MS * (random() < 0.5 ? 0.75 : 1)) } })
    else if (die < 0.88) await this.#perform(client, known, { call: 'change', claim, change: { space: this.#anySpace() } })
    else await this.#perform(client, known, { call: 'claim', claim, request })
  }

  /** Asked again, at any node, while it may help: always the same, so that there is one outcome. */
  async #perform (client: number, { person, slot }: Known, command: Command): Promise<Outcome> {
    const { random, history, installation } = this.#parts
    const wait = random() < 0.5 ? 'persisted' : 'accepted'
    let outcome: Outcome = { type: 'unknown', why: 'not asked' }
    for (let attempt = 0; attempt < MOST_ATTEMPTS && !(this.#stopped && attempt > 0); attempt++) {
      const node = Math.floor(random() * installation.nodes.length)
      const answered = history.invoke({ client, node, pid: installation.nodes[node]?.pid ?? 0, command, person, slot })
      outcome = await request(this.#connection(node), command, wait)
      answered(outcome)
      this.#count(outcome)
      if (isFinal(outcome)) return outcome
      await pause(random() * REST_MS)
    }
    return outcome
  }

  #count (outcome: Outcome): void {
    this.answers.add(outcome.type === 'ok' ? outcome.persisted ? 'persisted' : 'provisional' : outcome.type === 'fail' ? outcome.code : `unknown: ${outcome.why}`)
    if (outcome.type === 'ok' && outcome.persisted) this.#persisted++
  }

  #connection (node: number): HttpClient {
    const { nodes } = this.#parts.installation
    const address = (nodes[node] ?? nodes[0])?.address ?? { url: '', token: null }
    let connection = this.#connections.get(address.url)
    if (connection === undefined) this.#connections.set(address.url, connection = httpClient(this.#t, address))
    return connection
  }

  #any (): Known | null {
    return this.#known[Math.floor(this.#parts.random() * this.#known.length)] ?? null
  }

  #forget (known: Known): void {
    const at = this.#known.indexOf(known)
    if (at >= 0) this.#known.splice(at, 1)
  }

  #anySpace (): string {
    const { random } = this.#parts
    const floor = random() < HOT ? 'hot' : random() < 0.5 ? 'near' : 'far'
    return `${floor}-d${Math.floor(random() * FLOORS[floor])}`
  }
}

/** Said once and for all; what is refused for now may be granted in a moment. */
function isFinal (outcome: Outcome): boolean {
  return outcome.type === 'ok' || (outcome.type === 'fail' && !['BUSY', 'RECOVERING', 'LEDGER_BEHIND', 'UNAVAILABLE', 'RATE_LIMITED', 'ECONNREFUSED', 'EADDRNOTAVAIL'].includes(outcome.code))
}

function toText (at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`
}
