import type { Event } from './event.ts'
import type { ClaimId, FloorId, PersonId, SpaceId } from './ids.ts'
import { claimKey, dayKey, floorKey, personKey, spaceKey, type Key } from './keys.ts'
import type { PersonRecord, PersonSlot } from './person.ts'
import type { ClaimRecord, DayRecord, FloorRecord, Holding, SpaceRecord } from './space.ts'
import type { Millis } from './time.ts'

export type AnyRecord = FloorRecord | SpaceRecord | DayRecord | PersonRecord | ClaimRecord

/** One more claim of a day or a person: what a record may grow by without being written whole. */
export type Addition = Holding | PersonSlot

/** A record as it was read; null: there is none, at version 0. */
export interface Known {
  version: number
  value: AnyRecord | null
}

/** Records as they were read; what was not read is not there. A Map, or a view of a cache. */
export interface Records {
  has (key: Key): boolean
  get (key: Key): Known | undefined
}

export interface Change {
  key: Key
  /** Null: the record goes. */
  value: AnyRecord | null
  /** The one claim by which `value` differs from the record that was read; null: it differs otherwise, or there was none. */
  added: Addition | null
  /** Whose seq becomes the record's version; null: the commit's number. */
  floor: FloorId | null
}

/** All that one commit needs, but for what the store adds. */
export interface Changes {
  checks: ReadonlyArray<{ key: Key, version: number }>
  writes: readonly Change[]
  events: readonly Event[]
  /** `space/<id>`, `claim/<id>` and `confirm/<space>`; null takes the deadline away. */
  due: ReadonlyArray<{ name: string, at: Millis | null }>
  floors: readonly FloorId[]
}

/** Thrown when a rule looks at a record that was not read: the caller reads it and decides again. */
export class MissingRecords {
  readonly keys: readonly Key[]
  constructor (keys: readonly Key[]) {
    this.keys = keys
  }
}

/**
 * Records as they were read with one command's changes on top. Whatever was looked at becomes a check of the commit, so that a decision is never made from
 * something that has changed meanwhile.
 */
export class Draft {
  readonly #known: Records
  readonly #seen = new Map<Key, number>()
  readonly #writes = new Map<Key, Change>()
  readonly #events: Event[] = []
  readonly #told = new Set<SpaceId>()
  readonly #due = new Map<string, Millis | null>()

  constructor (known: Records) {
    this.#known = known
  }

  /** Ask for several records at once, so that one more read is enough. @throws MissingRecords */
  need (keys: readonly Key[]): void {
    const missing = keys.filter(key => !this.#known.has(key))
    if (missing.length > 0) throw new MissingRecords([...new Set(missing)])
  }

  #get (key: Key): AnyRecord | null {
    const written = this.#writes.get(key)
    if (written !== undefined) return written.value
    const known = this.#known.get(key)
    if (known === undefined) throw new MissingRecords([key])
    this.#seen.set(key, known.version)
    return known.value
  }

  #set (key: Key, value: AnyRecord | null, floor: FloorId | null, added: Addition | null = null): void {
    const first = !this.#writes.has(key)
    // A record that is written was looked at: its version must be checked even when the rule did not care what it said.
    const before = first ? this.#get(key) : null
    this.#writes.set(key, { key, value, floor, added: before === null ? null : added })
  }

  /** As it was read, whatever this draft changed since. */
  original (space: SpaceId): SpaceRecord | null {
    return (this.#known.get(spaceKey(space))?.value ?? null) as SpaceRecord | null
  }

  floor (floor: FloorId): FloorRecord | null {
    return this.#get(floorKey(floor)) as FloorRecord | null
  }

  space (space: SpaceId): SpaceRecord | null {
    return this.#get(spaceKey(space)) as SpaceRecord | null
  }

  holdings (space: SpaceId, date: string): readonly Holding[] {
    return (this.#get(dayKey(space, date)) as DayRecord | null)?.holdings ?? []
  }

  slots (person: PersonId, utcDay: number): readonly PersonSlot[] {
    return (this.#get(personKey(person, utcDay)) as PersonRecord | null)?.slots ?? []
  }

  claim (claim: ClaimId): ClaimRecord | null {
    return this.#get(claimKey(claim)) as ClaimRecord | null
  }

  setFloor (floor: FloorId, record: FloorRecord): void {
    this.#set(floorKey(floor), record, floor)
  }

  setSpace (space: SpaceId, record: SpaceRecord): void {
    this.#set(spaceKey(space), record, record.floor)
  }

  setHoldings (space: SpaceId, floor: FloorId, date: string, holdings: readonly Holding[]): void {
    this.#set(dayKey(space, date), holdings.length === 0 ? null : { holdings }, floor)
  }

  /** One more, in its place by `from`. */
  addHolding (space: SpaceId, floor: FloorId, date: string, holding: Holding): void {
    const holdings = this.holdings(space, date)
    const at = holdings.findLastIndex(({ claim }) => claim.from <= holding.claim.from) + 1
    this.#set(dayKey(space, date), { holdings: holdings.toSpliced(at, 0, holding) }, floor, holding)
  }

  setSlots (person: PersonId, utcDay: number, slots: readonly PersonSlot[]): void {
    this.#set(personKey(person, utcDay), slots.length === 0 ? null : { slots }, null)
  }

  addSlot (person: PersonId, utcDay: number, slot: PersonSlot): void {
    this.#set(personKey(person, utcDay), { slots: [...this.slots(person, utcDay), slot] }, null, slot)
  }

  setClaim (claim: ClaimId, record: ClaimRecord | null): void {
    this.#set(claimKey(claim), record, null)
  }

  setDue (name: string, at: Millis | null): void {
    this.#due.set(name, at)
  }

  tell (event: Event): void {
    this.#events.push(event)
    if ('space' in event) this.#told.add(event.space)
    if (event.type === 'moved') this.#told.add(event.was.space)
  }

  /** Some event so far is of that space. */
  tellsOf (space: SpaceId): boolean {
    return this.#told.has(space)
  }

  /** A claim of that space that had begun has ended. */
  endsBegun (space: SpaceId, now: Millis): boolean {
    return this.#events.some(event => event.type === 'ended' && event.space === space && event.claim.from <= now)
  }

  /** The claim was put where it stands by this very command. */
  puts (claim: ClaimId): boolean {
    return this.#events.some(event => (event.type === 'granted' || event.type === 'moved') && event.claim.id === claim)
  }

  /** Null when nothing is to be written. */
  changes (): Changes | null {
    if (this.#writes.size === 0 && this.#due.size === 0) return null
    const writes = [...this.#writes.values()]
    const floors = new Set(this.#events.map(event => event.floor))
    for (const write of writes) if (write.floor !== null) floors.add(write.floor)
    return {
      checks: Array.from(this.#seen, ([key, version]) => ({ key, version })),
      writes,
      events: this.#events,
      due: Array.from(this.#due, ([name, at]) => ({ name, at })),
      floors: [...floors]
    }
  }
}
