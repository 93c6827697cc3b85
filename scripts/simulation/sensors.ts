import { setTimeout as pause } from 'node:timers/promises'
import { callApi, Unreachable, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { Random } from '../../src/cli/seed/random.ts'
import type { FloorView } from '../../src/protocol/plan.ts'
import type { ReadingsRequest } from '../../src/protocol/requests.ts'
import type { Figures } from './figures.ts'
import { refusedOf } from './command.ts'

type Reading = ReadingsRequest['readings'][number]

export interface SensorsParts {
  server: ApiAddress
  floors: readonly FloorView[]
  figures: Figures
  random: Random
  /** Spaces that somebody sits in. */
  occupied: ReadonlySet<string>
}

const EVERY_MS = 1_000
const BATCH = 200
/** Share of the desks that have one; rooms and booths all do. */
const DESKS_WITH = 0.35
/** What a sensor says though nothing changed, per round. */
const HEARTBEAT = 0.04
/** It sees somebody who is not there, or nobody who is. */
const WRONG = 0.015
const LATE = 0.04
const DOUBLED = 0.05
/** As long as a gateway keeps what it could not deliver, in milliseconds. */
const LATEST_MS = 20_000

/** Sensors under desks and chairs, behind a gateway that batches, delays, repeats and mixes up what they say. */
export class Sensors {
  readonly #parts: SensorsParts
  readonly #claimed: readonly string[]
  /** Seats that only a sensor tells of, and whether somebody has sat down there. */
  readonly #seats: Map<string, boolean>
  readonly #said = new Map<string, boolean>()
  /** Measured, and not delivered yet. */
  #waiting: Array<{ space: string, value: Reading['value'], at: number }> = []

  constructor (parts: SensorsParts) {
    this.#parts = parts
    const spaces = parts.floors.flatMap(floor => floor.spaces)
    this.#seats = new Map(spaces.filter(({ sensorOnly }) => sensorOnly === true).map(({ id }) => [id, false]))
    this.#claimed = spaces.filter(({ kind, sensorOnly }) => sensorOnly !== true &&
      (kind === 'room' || kind === 'booth' || (kind === 'desk' && parts.random.chance(DESKS_WITH)))).map(({ id }) => id)
  }

  async run (signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#measure()
      await this.#deliver()
      await pause(EVERY_MS, undefined, { signal }).catch(() => {})
    }
  }

  #measure (): void {
    const { random, occupied } = this.#parts
    for (const [seat, taken] of this.#seats) {
      if (random.chance(taken ? 0.05 : 0.02)) this.#seats.set(seat, !taken)
    }
    for (const space of this.#claimed) this.#say(space, occupied.has(space))
    for (const [seat, taken] of this.#seats) this.#say(seat, taken)
  }

  #say (space: string, taken: boolean): void {
    const { random } = this.#parts
    if (this.#said.get(space) === taken && !random.chance(HEARTBEAT)) return
    this.#said.set(space, taken)
    const seen = random.chance(WRONG) ? !taken : taken
    this.#waiting.push({ space, value: random.chance(0.003) ? 'unknown' : seen ? 'occupied' : 'vacant', at: Date.now() })
  }

  async #deliver (): Promise<void> {
    const { random } = this.#parts
    const now = Date.now()
    const all = random.shuffled(this.#waiting.filter(({ at }) => now - at < LATEST_MS))
    this.#waiting = all.filter(() => random.chance(LATE))
    const held = new Set(this.#waiting)
    const batch = all.flatMap(reading => held.has(reading) ? [] : random.chance(DOUBLED) ? [reading, reading] : [reading])
    for (let i = 0; i < batch.length; i += BATCH) {
      const part = batch.slice(i, i + BATCH)
      if (!await this.#send(part.map(({ space, value, at }) => ({ space, value, ageMs: Math.max(0, Date.now() - at) })))) this.#waiting.push(...part)
    }
  }

  /** False: it must be sent again. */
  async #send (readings: Reading[]): Promise<boolean> {
    const { server, figures } = this.#parts
    const began = performance.now()
    try {
      const { status, body } = await callApi(server, 'POST', '/v1/readings', { readings })
      figures.took('readings', performance.now() - began)
      if (status === 200) {
        const { answers } = body as { answers: Array<{ result: string, error?: { code: string } }> }
        for (const { result, error } of answers) figures.readings.add(error?.code ?? result)
        return true
      }
      const refused = refusedOf(body, status)
      if (refused.state === 'refused') figures.retries.add(refused.code)
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      figures.retries.add('UNREACHABLE')
    }
    return false
  }
}
