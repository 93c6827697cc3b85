import type { Audience } from '../domain/audience.ts'
import type { FloorCounts } from '../domain/counts.ts'
import type { SpaceId } from '../domain/ids.ts'
import type { FloorRecord, SpaceRecord } from '../domain/space.ts'
import { viewOf } from '../protocol/view.ts'
import { Counting } from './counting.ts'
import type { FloorNews } from './news.ts'

/** A floor's position: a later epoch voids every earlier one, `seq` counts commits within one. */
export interface FloorPosition {
  epoch: number
  seq: number
}

/** True where what is known at `position` includes what was known at `wanted`, or voids it. */
export function reaches (position: FloorPosition, wanted: FloorPosition): boolean {
  return position.epoch > wanted.epoch || (position.epoch === wanted.epoch && position.seq >= wanted.seq)
}

/** A record with the position at which it was written: what the store calls its version. */
export interface Versioned<R> {
  record: R
  version: number
}

/** A space in the list that is ordered by the seq of the last change. */
interface Entry {
  readonly id: SpaceId
  record: SpaceRecord
  seq: number
  older: Entry | null
  newer: Entry | null
  /** Its view as JSON, made when somebody first needs it since the last change. */
  named: string | null
  anonymous: string | null
}

/**
 * A floor at one position of one epoch. Spaces hang in a list, newest change last, so that the changes since any seq are a walk from the newest end: no
 * history is kept, and a space that changed fifty times is told once.
 */
export class FloorState {
  readonly epoch: number
  #seq: number
  #floor: Versioned<FloorRecord>
  readonly #entries = new Map<SpaceId, Entry>()
  #newest: Entry | null = null
  readonly #counting: Counting

  /** All spaces as they are at `seq`, in any order. */
  constructor (position: FloorPosition, floor: Versioned<FloorRecord>, spaces: Iterable<readonly [SpaceId, Versioned<SpaceRecord>]>) {
    this.epoch = position.epoch
    this.#seq = position.seq
    this.#floor = floor
    this.#counting = new Counting(floor.record.smallZone)
    const byVersion = [...spaces].sort(([, a], [, b]) => a.version - b.version)
    for (const [id, { record, version }] of byVersion) this.#put(id, record, version)
    this.#counting.readAt(position.seq)
  }

  get seq (): number {
    return this.#seq
  }

  get site (): string {
    return this.#floor.record.site
  }

  /** The policy that the floor's record was written under lets displays show names. */
  get displayNames (): boolean {
    return this.#floor.record.displayNames
  }

  get plan (): number {
    return this.#floor.record.plan
  }

  /** Positions before this one need a snapshot. */
  get base (): number {
    return this.#floor.version
  }

  /** Totals and zones; zones without spaces are left out. */
  get counts (): Readonly<FloorCounts> {
    return this.#counting.counts
  }

  /** As JSON what that audience may know of them. */
  countsText (audience: Audience): string {
    return this.#counting.text(audience)
  }

  /** The member of that audience's diff that says how counts changed after `seq`; null when none did. */
  countsSince (seq: number, audience: Audience): string | null {
    return this.#counting.memberSince(seq, audience)
  }

  /** Also the removed. */
  get spaces (): Iterable<readonly [SpaceId, SpaceRecord]> {
    return Array.from(this.#entries.values(), ({ id, record }) => [id, record] as const)
  }

  /**
   * The commit that follows this position.
   * `incomplete`: the plan names spaces that were never heard of; the floor must be read again.
   */
  apply (seq: number, news: FloorNews): 'complete' | 'incomplete' {
    if (seq !== this.#seq + 1) throw new RangeError(`commit ${seq} does not follow ${this.#seq}`)
    this.#seq = seq
    for (const [id, record] of news.spaces) this.#put(id, record, seq)
    if (news.floor === null) return 'complete'
    this.#floor = { record: news.floor, version: seq }
    this.#counting.under(news.floor.smallZone)
    return news.floor.spaces.every(id => this.#entries.has(id)) ? 'complete' : 'incomplete'
  }

  /** Whether a diff since that position can be given; else nothing less than a snapshot will do. */
  covers (seq: number): boolean {
    return seq >= this.base && seq <= this.#seq
  }

  /** Views of the spaces that changed after `seq`, as JSON, and the ids of those removed since. */
  changesSince (seq: number, audience: Exclude<Audience, 'counts'>): { views: string[], gone: SpaceId[] } {
    const views: string[] = []
    const gone: SpaceId[] = []
    for (let entry = this.#newest; entry !== null && entry.seq > seq; entry = entry.older) {
      if (entry.record.removed) gone.push(entry.id)
      else views.push(viewText(entry, audience))
    }
    return { views, gone }
  }

  /** Every space on the plan, as JSON. */
  views (audience: Exclude<Audience, 'counts'>): string[] {
    const views: string[] = []
    for (const entry of this.#entries.values()) if (!entry.record.removed) views.push(viewText(entry, audience))
    return views
  }

  #put (id: SpaceId, record: SpaceRecord, seq: number): void {
    const known = this.#entries.get(id)
    this.#counting.change(known?.record ?? null, record, seq)
    if (known === undefined) {
      const entry: Entry = { id, record, seq, older: null, newer: null, named: null, anonymous: null }
      this.#entries.set(id, entry)
      this.#append(entry)
    } else {
      Object.assign(known, { record, seq, named: null, anonymous: null })
      this.#unlink(known)
      this.#append(known)
    }
  }

  #append (entry: Entry): void {
    entry.older = this.#newest
    entry.newer = null
    if (this.#newest !== null) this.#newest.newer = entry
    this.#newest = entry
  }

  #unlink ({ older, newer }: Entry): void {
    if (older !== null) older.newer = newer
    if (newer === null) this.#newest = older
    else newer.older = older
  }
}

function viewText (entry: Entry, audience: Exclude<Audience, 'counts'>): string {
  entry[audience] ??= JSON.stringify(viewOf(entry.id, entry.record, audience))
  return entry[audience]
}
