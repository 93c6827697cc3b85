import type { Audience } from '../domain/audience.ts'
import { tellableZones, type ZoneSize } from '../domain/coarsen.ts'
import { countedAs, COUNTED, noCounts, tally, type Counts, type FloorCounts } from '../domain/counts.ts'
import type { ZoneId } from '../domain/ids.ts'
import type { SpaceRecord } from '../domain/space.ts'

/**
 * A floor's counts, kept up with its changes, and since when each is what it is: so a diff names those that changed and no others. The audience `counts` is told of those zones
 * alone that are not small (INV-7).
 */
export class Counting {
  readonly #counts = nothing()
  /** The commit with which each became what it is, in the same form. */
  readonly #since = nothing()
  readonly #sizes = new Map<ZoneId | null, ZoneSize>()
  #smallZone: number
  /** Null: has to be worked out anew. */
  #tellable: ReadonlySet<ZoneId> | null = null
  /** From this position on `since` tells all, and no zone has gone. */
  #known = 0
  /** From this position on the same zones are small. */
  #sized = 0
  #texts: { all: string | null, coarse: string | null } = { all: null, coarse: null }

  constructor (smallZone: number) {
    this.#smallZone = smallZone
  }

  /** Totals and zones; zones without spaces are left out. */
  get counts (): Readonly<FloorCounts> {
    return this.#counts
  }

  /** As JSON what that audience may know of them. */
  text (audience: Audience): string {
    if (audience !== 'counts') {
      this.#texts.all ??= JSON.stringify(this.#counts)
      return this.#texts.all
    }
    this.#texts.coarse ??= JSON.stringify({ ...this.#counts, zones: Object.fromEntries(Object.entries(this.#counts.zones).filter(([zone]) => this.#isTellable(zone))) })
    return this.#texts.coarse
  }

  /** What is counted by now was read at `seq`: when it became so is not known. */
  readAt (seq: number): void {
    this.#known = seq
  }

  /** By another policy other zones are small. Every earlier position needs a snapshot then. */
  under (smallZone: number): void {
    this.#smallZone = smallZone
    this.#tellable = null
    this.#texts = { all: null, coarse: null }
  }

  /** A space changed with the commit `seq`; `before` null: it was not there. */
  change (before: SpaceRecord | null, after: SpaceRecord, seq: number): void {
    this.#resize(before, after, seq)
    if (before !== null && before.zone === after.zone && countedAs(before) === countedAs(after)) return
    this.#texts = { all: null, coarse: null }
    if (before !== null) {
      tally(this.#counts, before, -1)
      this.#mark(before, seq)
    }
    tally(this.#counts, after, 1)
    this.#mark(after, seq)
    if (before !== null) this.#dropEmptyZone(before, seq)
  }

  /** The member of that audience's diff since that position: all `counts`, or a `recount` of those that changed; null when none did. */
  memberSince (seq: number, audience: Audience): string | null {
    if (seq < this.#known || (audience === 'counts' && seq < this.#sized)) return `"counts":${this.text(audience)}`
    const members = changed(this.#counts, this.#since, seq)
    const zones: string[] = []
    for (const [zone, since] of Object.entries(this.#since.zones)) {
      if (audience === 'counts' && !this.#isTellable(zone)) continue
      const ofZone = changed(this.#counts.zones[zone] ?? noCounts(), since, seq)
      if (ofZone.length > 0) zones.push(`"${zone}":{${ofZone.join(',')}}`)
    }
    if (zones.length > 0) members.push(`"zones":{${zones.join(',')}}`)
    return members.length === 0 ? null : `"recount":{${members.join(',')}}`
  }

  #isTellable (zone: ZoneId): boolean {
    this.#tellable ??= tellableZones(this.#sizes, this.#smallZone)
    return this.#tellable.has(zone)
  }

  /** Only a plan does that. */
  #resize (before: SpaceRecord | null, after: SpaceRecord, seq: number): void {
    if (before !== null && before.zone === after.zone && before.removed === after.removed && before.sensorOnly === after.sensorOnly) return
    if (before !== null) this.#size(before, -1)
    this.#size(after, 1)
    this.#tellable = null
    this.#texts.coarse = null
    // Where every zone is told a new one is told with all its counts, as to other audiences.
    if (this.#smallZone > 1) this.#sized = seq
  }

  #size ({ zone, removed, sensorOnly }: SpaceRecord, by: 1 | -1): void {
    if (removed) return
    const { spaces, claimable } = this.#sizes.get(zone) ?? { spaces: 0, claimable: 0 }
    if (spaces + by === 0) this.#sizes.delete(zone)
    else this.#sizes.set(zone, { spaces: spaces + by, claimable: claimable + (sensorOnly ? 0 : by) })
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
