import { signal, type ReadonlySignal } from '@preact/signals'
import { PerchError, type Claim, type Command, type Perch } from '../../client/index.ts'
import type { OfflineQueue, Outcome, Queued } from '../../client/offline-queue.ts'
import type { FloorView } from '../../protocol/plan.ts'
import type { Api } from '../live/api.ts'
import { isAway, problemOf, type Problem } from './problem.ts'
import type { Spots, Spot } from './spot.ts'
import type { Found, Held, Later, Offer, Step, Visitor, Wish } from './step.ts'

/** What a visit needs of the kiosk. */
export interface Counter {
  api: Api
  perch: Pick<Perch, 'connection' | 'newClaimId' | 'now'>
  queue: OfflineQueue
  spots: Spots
  /** Null: never heard of it. */
  floor (): FloorView | null
  /** Desks that are free now, nearest first. */
  offers (): Offer[]
  /** Commands of which somebody is told here and now what became of them. */
  attended: Set<Command>
}

/** Milliseconds. Nobody waits longer at a kiosk before they are told something. */
const ANSWER_MS = 4_000
/** As the server locks a PIN. */
const MOST_TRIES = 5

type Shown = { badge: string } | { id: string, pin: string }
interface Identified {
  person: Visitor
  claims: Claim[]
}

/** One person after another at a kiosk: what each is asked and told. Whatever is known of a person is in `step` and nowhere else, and gone with it. */
export class Visit {
  readonly #counter: Counter
  readonly #step = signal<Step>({ at: 'idle' })
  /** Grows with each visit: an answer that comes after who asked has gone is shown to nobody. */
  #turn = 0
  #tries = 0

  constructor (counter: Counter) {
    this.#counter = counter
  }

  get step (): ReadonlySignal<Step> {
    return this.#step
  }

  /** Whoever was here has gone. */
  end (): void {
    this.#turn++
    this.#tries = 0
    this.#step.value = { at: 'idle' }
  }

  askBadge (wish: 'desk' | 'leave'): void {
    this.#step.value = { at: 'badge', wish }
  }

  askName (wish: Wish): void {
    this.#tries = 0
    this.#step.value = this.#isCutOff ? { at: 'sorry', problem: { code: 'NEEDS_CONNECTION' } } : { at: 'name', wish }
  }

  askPin (who: Found, wish: Wish): void {
    this.#step.value = { at: 'pin', who, wish, problem: null }
  }

  async badge (badge: string): Promise<void> {
    const { value: step } = this.#step
    // Somebody else, unless it was asked for.
    const wish = step.at === 'badge' || step.at === 'name' || step.at === 'pin' ? step.wish : 'greet'
    await this.#identify({ badge }, wish, error => {
      if (isAway(error)) return this.#later(badge, wish)
      return { at: 'sorry', problem: isUnknown(error) ? { code: 'BADGE_UNKNOWN' } : problemOf(error) }
    })
  }

  async pin (pin: string): Promise<void> {
    const { value: step } = this.#step
    if (step.at !== 'pin') return
    const { who, wish } = step
    await this.#identify({ id: who.id, pin }, wish, error => {
      if (isAway(error)) return { at: 'sorry', problem: { code: 'NEEDS_CONNECTION' } }
      if (!isUnknown(error)) return { at: 'sorry', problem: problemOf(error) }
      return ++this.#tries >= MOST_TRIES ? { at: 'sorry', problem: { code: 'PIN_LOCKED' } } : { at: 'pin', who, wish, problem: { code: 'PIN_WRONG' } }
    })
  }

  async checkIn (person: Visitor, { claim, spot }: Held): Promise<void> {
    await this.#perform({ person, spot, what: 'arrive' }, async queue => await queue.checkIn(claim.id))
  }

  async release (person: Visitor, { claim, spot }: Held): Promise<void> {
    await this.#perform({ person, spot, what: 'release' }, async queue => await queue.release(claim.id))
  }

  /** `until`: when they have something else, as the wire has it. */
  async take (person: Visitor, { spot }: Offer, until: string | null): Promise<void> {
    const request = { space: spot.space, person: person.id, checkIn: true, ...until !== null && { to: until } }
    await this.#perform({ person, spot, what: 'desk' }, async queue => await queue.claim(request))
  }

  /** Without knowing who it is: by the badge, once there is a connection. */
  async note (what: Later): Promise<void> {
    const { value: step } = this.#step
    if (step.at === 'away') await this.#note(step.badge, what)
  }

  async #identify (shown: Shown, wish: Wish, refused: (error: unknown) => Step | Promise<Step | null>): Promise<void> {
    const turn = this.#begin()
    let step: Step | null
    try {
      step = await this.#greet(await this.#whoIs(shown), wish, turn)
    } catch (error) {
      step = await refused(error)
    }
    if (turn === this.#turn && step !== null) this.#step.value = step
  }

  async #whoIs (shown: Shown): Promise<Identified> {
    if (this.#isCutOff) throw notConnected()
    return await Promise.race([this.#counter.api.ask<Identified>('POST', '/v1/people/identify', shown), afterwards(ANSWER_MS).then(() => { throw notConnected() })])
  }

  /** Null: what they came for is under way already, or they have gone. */
  async #greet ({ person, claims }: Identified, wish: Wish, turn: number): Promise<Step | null> {
    const { spots, floor } = this.#counter
    const held = await Promise.all(claims.map(async claim => ({ claim, spot: await spots.find(claim.floor, claim.space, floor()) })))
    if (turn !== this.#turn) return null
    const greeting = (problem: Problem | null): Step => ({ at: 'person', person, held, offers: null, problem })
    const has = held.filter(({ claim }) => this.#hasBegun(claim))
    if (wish === 'leave') {
      if (has.length === 0) return greeting({ code: 'NOTHING_TO_RELEASE' })
      await this.#perform({ person, spot: has.length === 1 ? has[0]?.spot ?? null : null, what: 'leave' }, async queue => await queue.leave({ person: person.id }), turn)
      return null
    }
    const [nearest] = this.#counter.offers()
    if (wish !== 'desk' || has.length > 0) return greeting(null)
    if (nearest === undefined) return greeting({ code: 'NO_DESK' })
    await this.take(person, nearest, this.nextOf(held))
    return null
  }

  /** When the next desk begins that they have booked. */
  nextOf (held: readonly Held[]): string | null {
    return held.find(({ claim }) => claim.kind === 'desk' && !this.#hasBegun(claim))?.claim.from ?? null
  }

  #hasBegun ({ state, from }: Claim): boolean {
    return state === 'present' || Date.parse(from) <= this.#counter.perch.now()
  }

  /** Nothing is asked for that is not kept first: so a server that goes away meanwhile takes nothing with it. */
  async #perform ({ person, spot, what }: { person: Visitor, spot: Spot | null, what: Later | 'release' }, give: (queue: OfflineQueue) => Promise<Queued>, turn = this.#begin()): Promise<void> {
    const step = await this.#outcome(give).then(
      async outcome => outcome === null ? this.#noted(what, spot) : await this.#after(outcome, person, spot),
      (error: unknown): Step => ({ at: 'sorry', problem: problemOf(error) })
    )
    if (turn === this.#turn) this.#step.value = step
  }

  /** Null: there is none yet, and it will be told to whoever looks after the kiosk if it is a bad one. */
  async #outcome (give: (queue: OfflineQueue) => Promise<Queued>): Promise<Outcome | null> {
    const { attended, queue } = this.#counter
    const { command, outcome } = await give(queue)
    attended.add(command)
    const told = await Promise.race([outcome, afterwards(ANSWER_MS).then(() => null)])
    attended.delete(command)
    return told
  }

  async #after (outcome: Outcome, person: Visitor, spot: Spot | null): Promise<Step> {
    if (outcome.state === 'refused') return await this.#refused(outcome.error, person, spot)
    const { claim, persisted } = outcome.done
    if (claim.state !== 'present') return { at: 'done', person, done: { what: 'released', spot } }
    return { at: 'done', person, done: { what: 'checked-in', claim, spot: spot ?? await this.#counter.spots.find(claim.floor, claim.space, this.#counter.floor()), persisted } }
  }

  async #refused (error: PerchError, person: Visitor, spot: Spot | null): Promise<Step> {
    const { spots, floor } = this.#counter
    const others = (error.details['alternatives'] ?? []) as Array<{ space: string, floor: string, distance: number | null }>
    const offers = await Promise.all(others.map(async other => ({ spot: await spots.find(other.floor, other.space, floor()), distance: other.distance, next: null })))
    return { at: 'person', person, held: [], offers: offers.length > 0 ? offers : null, problem: problemOf(error, spot?.label) }
  }

  /** They have said what they want, or are asked. */
  async #later (badge: string, wish: Wish): Promise<Step | null> {
    if (wish === 'greet') return { at: 'away', badge }
    await this.#note(badge, wish)
    return null
  }

  async #note (badge: string, what: Later): Promise<void> {
    const turn = this.#begin()
    const [nearest] = this.#counter.offers()
    const step = await this.#keep(badge, what, nearest).catch((error: unknown): Step => ({ at: 'sorry', problem: problemOf(error) }))
    if (turn === this.#turn) this.#step.value = step
  }

  async #keep (badge: string, what: Later, nearest: Offer | undefined): Promise<Step> {
    const { queue } = this.#counter
    switch (what) {
      case 'arrive':
        await queue.arrive({ person: { badge } })
        return this.#noted(what, null)
      case 'leave':
        await queue.leave({ person: { badge } })
        return this.#noted(what, null)
      case 'desk':
        if (nearest === undefined) return { at: 'sorry', problem: { code: 'NO_DESK' } }
        await queue.claim({ space: nearest.spot.space, person: { badge }, checkIn: true })
        return this.#noted(what, nearest.spot)
    }
  }

  #noted (what: Later | 'release', spot: Spot | null): Step {
    return { at: 'noted', what, spot, since: this.#counter.perch.now() }
  }

  #begin (): number {
    this.#step.value = { at: 'waiting' }
    return ++this.#turn
  }

  /** Nothing was heard of the server for so long that it would be no use to ask. */
  get #isCutOff (): boolean {
    return this.#counter.perch.connection.state === 'stale'
  }
}

function isUnknown (error: unknown): boolean {
  return error instanceof PerchError && error.code === 'PERSON_UNKNOWN'
}

function notConnected (): PerchError {
  return new PerchError({ code: 'NOT_CONNECTED', message: 'there was no answer in time', retry: true })
}

async function afterwards (ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
}
