import { isActive, type Claim } from '../../../src/domain/claim.ts'
import type { Elapsed, Operation } from '../history.ts'
import type { RecordedEvent } from '../ledger-dump.ts'
import { holding, type Happening } from './holding.ts'
import { describe, type Told } from './ledger-history.ts'
import { linearize, type Call } from './linearizable.ts'
import type { Problem } from './problem.ts'

export interface PlacesParts {
  operations: readonly Operation[]
  told: Told
  events: readonly RecordedEvent[]
  /** Of the beginning and of the end. */
  epochs: { first: number, last: number }
  /** Who holds what in the end, as the store says: claims by space and slot. */
  finally: ReadonlyArray<{ claim: string, space: string, person: string, slot: number }>
  /** Times in which two servers may have taken themselves for the primary: who was refused then, or lost what was granted, may have asked the wrong one. */
  split: ReadonlyArray<{ from: Elapsed, to: Elapsed }>
}

export interface PlacesCheck {
  problems: Problem[]
  places: number
  /** Places of which the search was given up. */
  undecided: number
}

/** Every space and every person at every time of day has one claim at a time, in an order that clients could have seen (INV-1, INV-2, INV-4). */
export function checkPlaces (parts: PlacesParts): PlacesCheck {
  const calls = new Calls(parts)
  for (const operation of parts.operations) calls.take(operation)
  const check: PlacesCheck = { problems: [], places: 0, undecided: 0 }
  for (const [place, found] of calls.byPlace) {
    check.places++
    const result = linearize(calls.whole(place, found), holding(parts.epochs.first))
    if (result.state === 'undecided') check.undecided++
    if (result.state === 'not') check.problems.push({ kind: 'not linearizable', invariant: place.startsWith('space') ? 'INV-1' : 'INV-2', what: `${place}: after ${result.placed} of ${found.length} none of these can be next: ${result.stuck.map(({ input }) => JSON.stringify(input)).join('; ')}; ${found.map(({ of }) => describe(of)).join('\n    ')}` })
  }
  return check
}

type Found = Call<Happening> & { of: Operation }

class Calls {
  readonly byPlace = new Map<string, Found[]>()
  readonly #parts: PlacesParts
  /** Spaces where a claim may ever have been. */
  readonly #spaces = new Map<string, Set<string>>()
  readonly #slots = new Map<string, number>()
  readonly #epochs: Map<number, { from: Elapsed, to: Elapsed }>
  /** What the ledger tells of each claim, and which claims were ever at a place. */
  readonly #lives = new Map<string, RecordedEvent[]>()
  readonly #claims = new Map<string, Set<string>>()
  /** How many answers name an event's position. */
  readonly #tellers = new Map<RecordedEvent, number>()

  constructor (parts: PlacesParts) {
    this.#parts = parts
    for (const { command, slot } of parts.operations) {
      this.#slots.set(command.claim, slot)
      if (command.call === 'claim') this.#spacesOf(command.claim).add(command.request.space)
      if (command.call === 'change' && command.change.space !== undefined) this.#spacesOf(command.claim).add(command.change.space)
    }
    this.#epochs = beginnings(parts)
    for (const event of parts.told.recorded.values()) this.#tellers.set(event, (this.#tellers.get(event) ?? 0) + 1)
    for (const event of parts.events) {
      if (event.claim === null) continue
      add(this.#lives, event.claim.id, event)
      for (const place of this.#placesOf(event.claim)) this.#claims.set(place, (this.#claims.get(place) ?? new Set()).add(event.claim.id))
    }
  }

  take (operation: Operation): void {
    for (const [place, happening] of [...this.#onSpaces(operation), ...this.#onPerson(operation)]) {
      const optional = happening.type === 'maybe'
      const call: Found = { invokedAt: operation.invokedAt, returnedAt: optional ? Infinity : operation.returnedAt ?? Infinity, optional, input: happening, of: operation }
      add(this.byPlace, place, call)
    }
  }

  /** With the epochs that began meanwhile, and what is there in the end. */
  whole (place: string, found: readonly Found[]): Array<Call<Happening>> {
    const { epochs: { first, last }, finally: held } = this.#parts
    const calls: Array<Call<Happening>> = [...found]
    for (let epoch = first + 1; epoch <= last; epoch++) {
      const { from, to } = this.#epochs.get(epoch) ?? { from: 0, to: Infinity }
      calls.push({ invokedAt: from, returnedAt: to, optional: false, input: { type: 'begin', epoch, ...this.#recorded(place, epoch) } })
    }
    const holder = held.find(({ space, person, slot }) => place === spaceAt(space, slot) || place === personAt(person, slot))?.claim ?? null
    return [...calls, { invokedAt: Number.MAX_VALUE, returnedAt: Infinity, optional: false, input: { type: 'final', holder, epoch: last } }]
  }

  #onSpaces (operation: Operation): Array<[string, Happening]> {
    const { command, outcome, slot } = operation
    const at = (space: string, happening: Happening): [string, Happening] => [spaceAt(space, slot), happening]
    const everywhere = (happening: Happening): Array<[string, Happening]> => [...this.#spacesOf(command.claim)].map(space => at(space, happening))
    if (outcome.type === 'unknown' && command.call === 'change') {
      const target = command.change.space
      return target === undefined ? [] : [...this.#spacesOf(command.claim)].map(space => at(space, { type: 'maybe', what: space === target ? 'arrive' : 'leave', claim: command.claim }))
    }
    if (outcome.type === 'ok' && command.call === 'change' && command.change.space !== undefined) return this.#moved(operation, command.change.space)
    const happening = this.#happening(operation, 'SPACE_TAKEN')
    if (happening === null) return []
    switch (happening.type) {
      case 'absent':
      case 'unknown': return command.call === 'claim' ? [at(command.request.space, happening)] : everywhere(happening)
      case 'maybe': return command.call === 'claim' ? [at(command.request.space, happening)] : everywhere(happening)
      case 'refused': {
        const target = command.call === 'claim' ? command.request.space : command.call === 'change' ? command.change.space : undefined
        return target === undefined ? [] : [at(target, happening)]
      }
      default: return outcome.type === 'ok' ? [at(outcome.claim.space, happening)] : []
    }
  }

  #moved ({ op, command: { claim }, slot }: Operation, target: string): Array<[string, Happening]> {
    const event = this.#parts.told.recorded.get(op)
    // Of two that were told of the same commit, one has repeated what the other did: nobody knows which.
    if (event?.type !== 'moved' || this.#tellers.get(event) !== 1) return [...this.#spacesOf(claim)].map(space => [spaceAt(space, slot), { type: 'maybe', what: space === target ? 'arrive' : 'leave', claim }])
    const { was, epoch } = event
    return [[spaceAt(was?.space ?? target, slot), { type: 'leave', claim, epoch }], [spaceAt(target, slot), { type: 'arrive', claim, epoch }]]
  }

  #onPerson (operation: Operation): Array<[string, Happening]> {
    const happening = this.#happening(operation, 'PERSON_BUSY')
    return happening === null ? [] : [[personAt(operation.person, operation.slot), happening]]
  }

  /** Null: it says nothing. `taken`: the refusal that tells that somebody else has the place. */
  #happening (operation: Operation, taken: 'SPACE_TAKEN' | 'PERSON_BUSY'): Happening | null {
    const { op, outcome, command: { call, claim } } = operation
    const event = this.#parts.told.recorded.get(op)
    if (outcome.type === 'unknown') return call === 'claim' ? { type: 'maybe', what: 'grant', claim } : call === 'release' ? { type: 'maybe', what: 'end', claim } : null
    if (event === undefined && this.#isInSplit(operation)) return null
    const epoch = event?.epoch ?? (outcome.type === 'ok' && outcome.status === 201 ? outcome.position.epoch : null)
    if (outcome.type === 'ok') {
      switch (call) {
        case 'claim': return { type: outcome.status === 201 ? 'grant' : 'see', claim, epoch }
        case 'release': return { type: 'end', claim, epoch }
        case 'check-in':
        case 'change': return { type: 'hold', claim, epoch }
      }
    }
    switch (outcome.code) {
      case taken: return { type: 'refused', claim, epoch }
      case 'SPACE_TAKEN':
      case 'PERSON_BUSY': return call === 'claim' ? { type: 'unknown', claim, epoch } : null
      case 'CLAIM_UNKNOWN': return { type: 'unknown', claim, epoch }
      case 'CLAIM_ENDED': return { type: 'absent', claim, epoch }
      default: return null
    }
  }

  #isInSplit ({ invokedAt, returnedAt }: Operation): boolean {
    return this.#parts.split.some(({ from, to }) => invokedAt < to && (returnedAt ?? Infinity) > from)
  }

  #spacesOf (claim: string): Set<string> {
    const spaces = this.#spaces.get(claim) ?? new Set()
    this.#spaces.set(claim, spaces)
    return spaces
  }

  /** What the ledger knew of a place when an epoch began. */
  #recorded (place: string, epoch: number): { holder: string | null, ended: string[] } {
    const here = [...this.#claims.get(place) ?? []].flatMap(id => {
      const claim = this.#lives.get(id)?.findLast(event => event.epoch < epoch)?.claim
      return claim !== null && claim !== undefined && this.#placesOf(claim).includes(place) ? [claim] : []
    })
    return { holder: here.find(isActive)?.id ?? null, ended: here.filter(claim => !isActive(claim)).map(({ id }) => id).sort() }
  }

  #placesOf ({ id, space, person }: Claim): string[] {
    const slot = this.#slots.get(id) ?? -1
    return [spaceAt(space, slot), personAt(person, slot)]
  }
}

/** When each epoch can have begun: after everything that was recorded before it had been asked for, and before anything in it was answered. */
function beginnings ({ operations, told, epochs: { first, last } }: PlacesParts): Map<number, { from: Elapsed, to: Elapsed }> {
  const recorded = operations.flatMap(operation => {
    const event = told.recorded.get(operation.op)
    return event === undefined ? [] : [{ operation, epoch: event.epoch }]
  })
  const found = new Map<number, { from: Elapsed, to: Elapsed }>()
  for (let epoch = first + 1; epoch <= last; epoch++) {
    const before = recorded.filter(({ epoch: of }) => of < epoch).map(({ operation }) => operation.invokedAt)
    const within = recorded.filter(({ epoch: of }) => of >= epoch).map(({ operation }) => operation.returnedAt ?? Infinity)
    found.set(epoch, { from: before.reduce((a, b) => Math.max(a, b), 0), to: within.reduce((a, b) => Math.min(a, b), Infinity) })
  }
  return found
}

function spaceAt (space: string, slot: number): string {
  return `space ${space} slot ${slot}`
}

function personAt (person: string, slot: number): string {
  return `person ${person} slot ${slot}`
}

function add<K, V> (map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
