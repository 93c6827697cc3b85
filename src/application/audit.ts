import type { ClaimId, FloorId, OrgId, PersonId, SpaceId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import type { Clock } from './ports.ts'
import type { Principal } from './principal.ts'

/** What is audited beside commits: those the ledger's events tell of. Who adds something that somebody may have to answer for adds a word here. */
export const AUDITED = [
  'org-put', 'site-put', 'floor-put', 'group-put', 'person-put', 'person-removed', 'person-erased', 'person-exported', 'visibility-chosen', 'pin-set', 'pin-taken', 'looked-up',
  'history-forgotten', 'device-prepared', 'device-approved', 'device-refused', 'device-paired', 'device-put', 'device-cut-off',
  'key-made', 'key-revoked'
] as const
export type Audited = typeof AUDITED[number]

/** Commits that somebody may have to answer for, by the types of their events. */
export const AUDITED_EVENTS = ['granted', 'checked-in', 'changed', 'moved', 'ended', 'blocked', 'unblocked', 'planned', 'placed', 'removed'] as const

/** One thing that was done. `by` is a principal's id, `person` whom it was done to or about, `what` the id of another thing; `detail` never names a person. */
export interface AuditNote {
  at: Millis
  by: string
  action: Audited
  person: PersonId | null
  what: string | null
  detail: Readonly<Record<string, unknown>>
}

/** The same as it is read: people whom nobody may know any more are null, and `by` is `person` then. */
export interface AuditEntry {
  /** In what order entries of the same moment come: with it a page goes on where the one before ended. */
  key: string
  at: Millis
  by: string
  action: Audited | typeof AUDITED_EVENTS[number]
  person: PersonId | null
  claim: ClaimId | null
  space: SpaceId | null
  floor: FloorId | null
  what: string | null
  detail: Readonly<Record<string, unknown>>
}

/** Newest first, in [from, to), behind `before`. */
export interface AuditQuery {
  /** Done by or to them. */
  person?: PersonId | undefined
  /** Not by them, but to or about them. */
  about?: PersonId | undefined
  action?: AuditEntry['action'] | undefined
  claim?: ClaimId | undefined
  space?: SpaceId | undefined
  floor?: FloorId | undefined
  from: Millis
  to: Millis
  before: { at: Millis, key: string } | null
  limit: number
}

export function noteOf ({ clock }: { clock: Clock }, { id: by }: Pick<Principal, 'id'>, action: Audited, about: Partial<Pick<AuditNote, 'person' | 'what' | 'detail'>> = {}): AuditNote {
  return { at: clock.now(), by, action, person: null, what: null, detail: {}, ...about }
}

/** Where what was done without a change of the directory is written down. */
export type Notes = (org: OrgId, notes: readonly AuditNote[]) => Promise<void>
