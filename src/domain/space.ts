import type { Claim } from './claim.ts'
import type { FloorId, GroupId, PersonId, SiteId, ZoneId } from './ids.ts'
import type { Millis } from './time.ts'

export const SPACE_KINDS = ['desk', 'room', 'booth', 'parking', 'locker'] as const
export type SpaceKind = typeof SPACE_KINDS[number]

/** Out of service; `until` null: until somebody lifts it. */
export interface Block {
  since: Millis
  until: Millis | null
  reason: string | null
  by: string
}

export type ReadingValue = 'occupied' | 'vacant' | 'unknown'

/** The last thing a sensor said. */
export interface Reading {
  value: ReadingValue
  /** When the sensor measured. */
  at: Millis
  /** Since when it has said the same without a gap. */
  since: Millis
  /** From then on it says nothing any more; null once that moment has been committed. */
  staleAt: Millis | null
  /** The policy, at that moment, let a reading mark a space as used. */
  marks: boolean
}

/** A claim with what records keep beside it. */
export interface Holding {
  claim: Claim
  /** What screens of the `named` audience may show of the holder; null: nothing (INV-7). */
  name: string | null
  /** The site's days that the claim stands in, in the space's time zone. */
  dates: readonly string[]
  /** Granted while the ledger was behind: a failover may revoke it. */
  provisional: boolean
}

/**
 * All that a view of the space needs, at one position. Everything that changes it is a commit, so a view is a function of this record and never of the clock.
 * Kind, floor, site and zone repeat the directory, so that rules, counts and views need no second source.
 */
export interface SpaceRecord {
  site: SiteId
  floor: FloorId
  zone: ZoneId | null
  kind: SpaceKind
  /** Only a sensor tells of this space: it is `unknown` while the sensor says nothing. */
  sensorOnly: boolean
  /** Off the plan; kept so that a diff can say so. */
  removed: boolean
  block: Block | null
  reading: Reading | null
  /** The claim that has begun. */
  current: Holding | null
  /** The next claim of `day`. */
  next: Holding | null
  /** Free, but `next` begins sooner than the policy's shortest stay. */
  brief: boolean
  /** When the status last changed. */
  since: Millis
  /** The IANA zone that the days of this space's claims are named by; a change of the site's zone is followed by the next command (INV-1). */
  timeZone: string
  /** The site's day that `current` and `next` were taken from. */
  day: string
  /** Every day that has active claims, ascending. */
  days: readonly string[]
  /** The next moment at which time alone changes something here; null: never. */
  due: Millis | null
}

/** The active claims that touch one day of one space, by `from`. A claim over several days stands in each. */
export interface DayRecord {
  holdings: readonly Holding[]
}

/** Where a claim is, what was asked for, and its outcome once it has ended. */
export interface ClaimRecord {
  claim: Claim
  /** Of what the claim was asked for with: the same id with other content is refused. */
  hash: string
}

/** A floor's own record: a diff since before its version is a snapshot. */
export interface FloorRecord {
  site: SiteId
  /** Revision of the plan. */
  plan: number
  /** Revision of the policy that the records' moments were made from. */
  policy: number
  name: string
  /** Every space that is or was on the plan. */
  spaces: readonly string[]
  /** Of the policy that the record was written under: views depend on them, and a view is a function of records alone. */
  smallZone: number
  displayNames: boolean
}

/** Who may claim a space or a zone; null: everybody. */
export interface Eligible {
  people: readonly PersonId[]
  groups: readonly GroupId[]
}
