import { countedAs, COUNTED, noCounts, tally, type Counts, type FloorCounts } from '../domain/counts.ts'
import type { SpaceRecord } from '../domain/space.ts'

/** A floor's counts, kept up with its changes, and since when each is what it is: so a diff names those that changed and no others. */
export class Counting {
  readonly #counts = nothing()
  /** The commit with which each became what it is, in the same form. */
  readonly #since = nothing()
  /** From this position on `since` tells all, and no zone has gone. */
  #known = 0
  #text: string | null = null

  /** Totals and zones; zones without spaces are left out. */
  get counts (): Readonly<FloorCounts> {
    return this.#counts
  }

  /** The same as JSON. */
  get text (): string {
    this.#text ??= JSON.stringify(this.#counts)
    return this.#text
  }

  /** What is counted by now was read at `seq`: when it became so is not known. */
  readAt (seq: number): void {
    this.#known = seq
  }

  /** A space changed with the commit `seq`; `before` null: it was not there. */
  change (before: SpaceRecord | null, after: SpaceRecord, seq: number): void {
    if (before !== null && before.zone === after.zone && countedAs(before) === countedAs(after)) return
    this.#text = null
    if (before !== null) {
      tally(this.#counts, before, -1)
      this.#mark(before, seq)
    }
    tally(this.#counts, after, 1)
    this.#mark(after, seq)
    if (before !== null) this.#dropEmptyZone(before, seq)
  }

  /** The member of a diff since that position: all `counts`, or a `recount` of those that changed; null when none did. */
  memberSince (seq: number): string | null {
    if (seq < this.#known) return `"counts":${this.text}`
    const members = changed(this.#counts, this.#since, seq)
    const zones: string[] = []
    for (const [zone, since] of Object.entries(this.#since.zones)) {
      const ofZone = changed(this.#counts.zones[zone] ?? noCounts(), since, seq)
      if (ofZone.length > 0) zones.push(`"${zone}":{${ofZone.join(',')}}`)
    }
    if (zones.length > 0) members.push(`"zones":{${zones.join(',')}}`)
    return members.length === 0 ? null : `"recount":{${members.join(',')}}`
  }

  #mark (space: SpaceRecord, seq: number): void {
    const field = countedAs(space)
    if (field === null) return
    this.#since[field] = seq
    // Whoever is at an earlier position has not heard of a new zone and needs each count of it, also of nothing.
    if (space.zone !== null) (this.#since.zones[space.zone] ??= allAt(seq))[field] = seq
  }

  /** A node that saw a zone's last space leave must say the same as one that never saw it. */
  #dropEmptyZone ({ zone }: SpaceRecord, seq: number): void {
    const left = zone === null ? undefined : this.#counts.zones[zone]
    if (zone === null || left === undefined || Object.values(left).some(count => count > 0)) return
    delete this.#counts.zones[zone]
    delete this.#since.zones[zone]
    this.#known = seq
  }
}

/** Without a prototype: a zone may be called `constructor`. */
function nothing (): FloorCounts {
  return { ...noCounts(), zones: Object.create(null) }
}

function allAt (seq: number): Counts {
  const since = noCounts()
  for (const field of COUNTED) since[field] = seq
  return since
}

/** As members of a JSON object. */
function changed (counts: Counts, since: Counts, seq: number): string[] {
  const members: string[] = []
  for (const field of COUNTED) if (since[field] > seq) members.push(`"${field}":${counts[field]}`)
  return members
}
