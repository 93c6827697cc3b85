import type { ClaimSpace } from '../domain/command.ts'
import { decide } from '../domain/decide.ts'
import type { Known, Records } from '../domain/draft.ts'
import type { OrgId, SpaceId } from '../domain/ids.ts'
import { claimKey, dayKey, personKey, spaceKey, type Key } from '../domain/keys.ts'
import type { Point, Space } from '../domain/plan.ts'
import type { Rules } from '../domain/rules.ts'
import type { DayRecord, SpaceRecord } from '../domain/space.ts'
import { statusOf } from '../domain/status.ts'
import { overlaps, utcDays, type Span } from '../domain/time.ts'
import { decodeStored } from './codec.ts'
import { eligibleFor, type Lookup, type Place } from './places.ts'
import type { StoredFloor } from './directory.ts'
import type { Store } from './ports.ts'
import type { RecordCache } from './record-cache.ts'

/** How many to offer. */
const MOST = 5
/** How many candidates are looked at, nearest first: a refusal must stay cheap at nine o'clock. */
const MOST_LOOKED_AT = 72
/** So many of them at a time: few first, since mostly those are enough; then more, since each part may be a read of the store. */
const PARTS = [8, 16, 48]
/** Spaces of one floor from which the way to all others is remembered. */
const ORIGINS_KEPT = 64
/** Floors that are tried: the one asked for and the nearest storeys of the same site. */
const MOST_FLOORS = 3

/** A free space that the same person may have at the same time. */
export interface Alternative {
  space: SpaceId
  label: string
  floor: string
  /** Metres from the space asked for, straight; null on another floor. */
  distance: number | null
}

interface Candidate {
  floor: StoredFloor
  space: Space
  distance: number | null
}

interface Parts {
  store: Store
  cache: RecordCache
  lookup: Lookup
}

/**
 * Up to five spaces of the same kind that the very same claim would be granted for now, nearest first. The rules themselves say so: each candidate is decided, none is
 * written. This node's memory proposes, one read of the store confirms: hundreds may be refused the same desk in the same second.
 */
export async function alternatives (parts: Parts, org: OrgId, asked: ClaimSpace, place: Place, span: Span, rules: Rules): Promise<Alternative[]> {
  const found: Candidate[] = []
  const near = await candidates(parts.lookup, org, place)
  let looked = 0
  for (const count of PARTS) {
    const part = near.slice(looked, looked += count)
    const remembered = await recall(parts, org, keysFor(asked, part, span, rules))
    const proposed = first(MOST - found.length, part, candidate => wouldGet(remembered, asked, candidate, span, rules))
    const fresh = await read(parts, org, keysFor(asked, proposed, span, rules))
    found.push(...proposed.filter(candidate => wouldGet(fresh, asked, candidate, span, rules)))
    if (found.length === MOST || looked >= near.length) break
  }
  return found.map(({ floor, space, distance }) => ({ space: space.id, label: space.label, floor: floor.id, distance }))
}

/** Up to so many that fit, in their order. Deciding is what a refusal costs, so those behind them are not looked at. */
function first<T> (count: number, list: readonly T[], fits: (item: T) => boolean): T[] {
  const found: T[] = []
  for (const item of list) {
    if (found.length === count) break
    if (fits(item)) found.push(item)
  }
  return found
}

async function candidates (lookup: Lookup, org: OrgId, place: Place): Promise<Candidate[]> {
  const floors = await nearFloors(lookup, org, place.floor)
  return floors.flatMap(floor => nearest(floor, place)).slice(0, MOST_LOOKED_AT)
}

async function nearFloors (lookup: Lookup, org: OrgId, floor: StoredFloor): Promise<StoredFloor[]> {
  const others = (await lookup.floors(org))
    .filter(({ id, site }) => site === floor.site && id !== floor.id)
    .sort((a, b) => Math.abs(a.level - floor.level) - Math.abs(b.level - floor.level))
    .slice(0, MOST_FLOORS - 1)
  const floors = await Promise.all(others.map(({ id }) => lookup.floor(org, id)))
  return [floor, ...floors.filter(found => found !== null)]
}

const ways = new WeakMap<StoredFloor, Map<string, Candidate[]>>()

/** Everybody who is refused the same space wants the same list; on another floor the order is the same for all spaces of a kind. */
function nearest (floor: StoredFloor, place: Place): readonly Candidate[] {
  const known = ways.get(floor) ?? new Map<string, Candidate[]>()
  ways.set(floor, known)
  const origin = floor.id === place.floor.id ? `${place.record.kind} ${place.id}` : place.record.kind
  let list = known.get(origin)
  if (list === undefined) {
    if (known.size >= ORIGINS_KEPT) known.clear()
    list = byDistance(floor, place).slice(0, MOST_LOOKED_AT)
    known.set(origin, list)
  }
  return list
}

function byDistance (floor: StoredFloor, place: Place): Candidate[] {
  const points = centres(floor)
  const here = floor.id === place.floor.id ? points.get(place.id) : undefined
  return floor.spaces
    .filter(space => space.kind === place.record.kind && space.id !== place.id && !space.sensorOnly)
    .map(space => {
      const there = points.get(space.id)
      const distance = here === undefined || there === undefined ? null : Math.round(10 * Math.hypot(here[0] - there[0], here[1] - there[1])) / 10
      return { floor, space, distance }
    })
    .sort((a, b) => (a.distance ?? Infinity) - (b.distance ?? Infinity) || (a.space.id < b.space.id ? -1 : 1))
}

const known = new WeakMap<StoredFloor, Map<SpaceId, Point>>()

/** The middle of each space's shape. */
function centres (floor: StoredFloor): ReadonlyMap<SpaceId, Point> {
  let points = known.get(floor)
  if (points === undefined) {
    points = new Map(floor.plan.features.flatMap(({ geometry, properties }) => {
      if (properties.space === undefined) return []
      const corners = geometry.type === 'Point' ? [geometry.coordinates] : geometry.type === 'Polygon' ? geometry.coordinates[0] ?? [] : geometry.coordinates
      const xs = corners.map(([x]) => x)
      const ys = corners.map(([, y]) => y)
      const centre: Point = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
      return [[properties.space, centre] as const]
    }))
    known.set(floor, points)
  }
  return points
}

function keysFor (asked: ClaimSpace, part: readonly Candidate[], span: Span, rules: Rules): Key[] {
  const dates = new Set([...rules.calendar.days(span).map(day => day.key), rules.calendar.dayOf(rules.now).key])
  return [
    ...part.flatMap(({ space }) => [spaceKey(space.id), ...Array.from(dates, date => dayKey(space.id, date))]),
    ...utcDays(span).map(day => personKey(asked.person.id, day))
  ]
}

/** What this node remembers, and what the store says of the rest. */
async function recall (parts: Parts, org: OrgId, keys: readonly Key[]): Promise<Map<Key, Known>> {
  const known = new Map<Key, Known>()
  const missing: Key[] = []
  for (const key of keys) {
    const cached = parts.cache.get(org, key)
    if (cached === undefined) missing.push(key)
    else known.set(key, cached)
  }
  return missing.length === 0 ? known : new Map([...known, ...await read(parts, org, missing)])
}

async function read ({ store, cache }: Parts, org: OrgId, keys: readonly Key[]): Promise<Map<Key, Known>> {
  const { epoch, records } = await store.read(org, keys)
  const known = new Map<Key, Known>(Array.from(records, ([key, stored]) => [key, decodeStored(key, stored)]))
  for (const [key, record] of known) cache.set(org, epoch, key, record)
  return known
}

function wouldGet (records: ReadonlyMap<Key, Known>, asked: ClaimSpace, { floor, space }: Candidate, span: Span, rules: Rules): boolean {
  const record = records.get(spaceKey(space.id))?.value as SpaceRecord | null | undefined
  // A space that a sensor sees somebody on may be claimed by who sits there, but is no good offer.
  if (record === null || record === undefined || (span.from <= rules.now && statusOf(record).status !== 'free')) return false
  // At nine o'clock most are taken, and their days alone say so: deciding costs more than looking.
  if (record.days.some(date => isTaken(records.get(dayKey(space.id, date))?.value as DayRecord | null | undefined, span))) return false
  const command: ClaimSpace = { ...asked, space: space.id, ...span, eligible: eligibleFor(floor, space.id) }
  // The claim was refused, so its id stands for nothing yet.
  const own = claimKey(asked.id)
  const view: Records = { has: key => key === own || records.has(key), get: key => key === own ? { version: 0, value: null } : records.get(key) }
  return decide(view, command, rules).state === 'done'
}

function isTaken (day: DayRecord | null | undefined, span: Span): boolean {
  return day?.holdings.some(({ claim }) => overlaps(claim, span)) ?? false
}
