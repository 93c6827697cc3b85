import type { ClaimId, FloorId, PersonId, SpaceId } from './ids.ts'
import type { SpaceKind } from './space.ts'
import type { Millis, Span } from './time.ts'

/** Why a claim ended: by a person, by nobody coming, by its time, by Perch after a fault, or because the space was taken off the plan. */
export type EndedWhy = 'released' | 'no-show' | 'over' | 'vacant' | 'revoked' | 'removed'

/**
 * A claim's life. booked -> present -> ended; booked -> ended.
 * `releaseAt` exists only while nobody has checked in: after that there is nothing to release. Null: the policy knows no no-show.
 */
export type ClaimLife =
  | { state: 'booked', releaseAt: Millis | null }
  | { state: 'present', since: Millis }
  | { state: 'ended', at: Millis, why: EndedWhy }

/** A person's right to a space over [from, to), on whole seconds. A walk-in starts now, a booking later: one thing. */
export interface Claim extends Span {
  id: ClaimId
  space: SpaceId
  floor: FloorId
  kind: SpaceKind
  person: PersonId
  /** The principal that made it: the person, or who acted for them. */
  by: string
  createdAt: Millis
  /** Granted under a policy of one claim at a time for this kind: the ledger then holds INV-2 by a constraint, too. */
  sole: boolean
  life: ClaimLife
}

export function isActive (claim: Claim): boolean {
  return claim.life.state !== 'ended'
}

/** Same claim, another life; the input is left as it was. */
export function withLife (claim: Claim, life: ClaimLife): Claim {
  return { ...claim, life }
}
