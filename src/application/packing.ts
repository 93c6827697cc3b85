import type { Claim, ClaimLife, EndedWhy } from '../domain/claim.ts'
import type { PersonSlot } from '../domain/person.ts'
import type { Block, Holding, Reading, SpaceKind, SpaceRecord } from '../domain/space.ts'
import { SECOND, type Millis } from '../domain/time.ts'

/** A claim's life: its first letter and what belongs to it. */
type PackedLife = ['b', releaseAt: Millis | null] | ['p', since: Millis] | ['e', at: Millis, why: EndedWhy]

/** A claim without its space, which the record's key says or the record once. Its time is in seconds: when it begins and how long it lasts. */
export type PackedClaim = [
  id: string, floor: string, kind: SpaceKind, person: string, by: string, from: number, length: number, createdAt: Millis, sole: 0 | 1, life: PackedLife
]
/** `dates` 0: the day alone that the record is of. */
export type PackedHolding = [claim: PackedClaim, name: string | null, dates: readonly string[] | 0, provisional: 0 | 1]
export type PackedSlot = [id: string, space: string, kind: SpaceKind, from: number, length: number]
/** `days` stand in one text, since there may be hundreds. */
export type PackedSpace = [
  site: string, floor: string, zone: string | null, kind: SpaceKind, sensorOnly: 0 | 1, removed: 0 | 1, block: Block | null, reading: Reading | null,
  current: PackedHolding | null, next: PackedHolding | null, brief: 0 | 1, since: Millis, timeZone: string, day: string, days: string, due: Millis | null
]

export function packClaim ({ id, floor, kind, person, by, from, to, createdAt, sole, life }: Claim): PackedClaim {
  return [id, floor, kind, person, by, from / SECOND, (to - from) / SECOND, createdAt, flag(sole), packLife(life)]
}

export function unpackClaim (space: string, [id, floor, kind, person, by, from, length, createdAt, sole, life]: PackedClaim): Claim {
  return { id, space, floor, kind, person, by, ...unpackSpan(from, length), createdAt, sole: sole === 1, life: unpackLife(life) }
}

export function packHolding ({ claim, name, dates, provisional }: Holding, day: string): PackedHolding {
  return [packClaim(claim), name, dates.length === 1 && dates[0] === day ? 0 : dates, flag(provisional)]
}

export function unpackHolding (space: string, day: string, [claim, name, dates, provisional]: PackedHolding): Holding {
  return { claim: unpackClaim(space, claim), name, dates: dates === 0 ? [day] : dates, provisional: provisional === 1 }
}

export function packSlot ({ id, space, kind, from, to }: PersonSlot): PackedSlot {
  return [id, space, kind, from / SECOND, (to - from) / SECOND]
}

export function unpackSlot ([id, space, kind, from, length]: PackedSlot): PersonSlot {
  return { id, space, kind, ...unpackSpan(from, length) }
}

export function packSpace (space: SpaceRecord): PackedSpace {
  const { site, floor, zone, kind, sensorOnly, removed, block, reading, current, next, brief, since, timeZone, day, days, due } = space
  const pack = (holding: Holding | null) => holding === null ? null : packHolding(holding, day)
  return [site, floor, zone, kind, flag(sensorOnly), flag(removed), block, reading, pack(current), pack(next), flag(brief), since, timeZone, day, days.join(' '), due]
}

export function unpackSpace (id: string, packed: PackedSpace): SpaceRecord {
  const [site, floor, zone, kind, sensorOnly, removed, block, reading, current, next, brief, since, timeZone, day, days, due] = packed
  const unpack = (holding: PackedHolding | null) => holding === null ? null : unpackHolding(id, day, holding)
  return {
    site,
    floor,
    zone,
    kind,
    sensorOnly: sensorOnly === 1,
    removed: removed === 1,
    block,
    reading,
    current: unpack(current),
    next: unpack(next),
    brief: brief === 1,
    since,
    timeZone,
    day,
    days: days === '' ? [] : days.split(' '),
    due
  }
}

const flag = (set: boolean): 0 | 1 => set ? 1 : 0

function unpackSpan (from: number, length: number): { from: Millis, to: Millis } {
  return { from: from * SECOND, to: (from + length) * SECOND }
}

function packLife (life: ClaimLife): PackedLife {
  switch (life.state) {
    case 'booked': return ['b', life.releaseAt]
    case 'present': return ['p', life.since]
    case 'ended': return ['e', life.at, life.why]
  }
}

function unpackLife (packed: PackedLife): ClaimLife {
  switch (packed[0]) {
    case 'b': return { state: 'booked', releaseAt: packed[1] }
    case 'p': return { state: 'present', since: packed[1] }
    case 'e': return { state: 'ended', at: packed[1], why: packed[2] }
  }
}
