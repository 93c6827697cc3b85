import type { ClaimId, OrgId, PersonId, SpaceId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import type { AuditEntry, AuditNote, AuditQuery } from './audit.ts'
import type { Page } from './directory.ts'

/** So many rows were made anonymous; `left`: there is more to do. */
export interface Forgotten {
  subjects: number
  claims: number
  events: number
  quarantined: number
  left: boolean
}

/** Where a person still stands in what the live state may know. */
export interface Traces {
  /** Active, or young enough for their ids to be known: theirs, or made by them for others. */
  claims: readonly ClaimId[]
  /** Blocked by them. */
  spaces: readonly SpaceId[]
}

/** History with people in it, in Postgres. Calls throw PerchError LEDGER_BEHIND while Postgres is out of reach. */
export interface Archive {
  /** What changed nothing in the directory, and has to be written down all the same. */
  note (org: OrgId, notes: readonly AuditNote[]): Promise<void>
  /** Newest first. */
  audit (org: OrgId, query: AuditQuery): Promise<AuditEntry[]>
  /** Up to where history is anonymous, and the day (since 1970-01-01 UTC) on which that was last done. */
  forgottenUntil (org: OrgId): Promise<{ until: Millis, day: number } | null>
  /**
   * From the next `limit` rows or so before `until`, a midnight UTC, whoever they tell of is taken out for good. Claims are as they were but for their person, ids that must be known at
   * `now` stay known with their person (INV-4); events and audit lose what said who is meant. Safe to repeat, also while recorders record.
   */
  forget (org: OrgId, until: Millis, now: Millis, limit: number): Promise<Forgotten>
  /** Claims by id, at most `limit` of those whose id sorts after `after`. */
  traces (org: OrgId, person: PersonId, now: Millis, page: Page): Promise<Traces>
  /** Whatever is known of the person but active claims: none of it is left. Safe to repeat. */
  erase (org: OrgId, person: PersonId): Promise<Omit<Forgotten, 'left'>>
}
