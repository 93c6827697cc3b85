import type { Claim, EndedWhy } from './claim.ts'
import type { FloorId, OrgId, SpaceId } from './ids.ts'
import type { Block, Reading } from './space.ts'
import type { Millis } from './time.ts'

/**
 * What a commit did, for the outbox and the ledger: what changed, not whole records. A `claim` is given as it is afterwards, so that applying an event is
 * setting that claim; the same for a block and a reading.
 */
export type Event =
  | { type: 'granted', floor: FloorId, space: SpaceId, claim: Claim, hash: string }
  | { type: 'began', floor: FloorId, space: SpaceId, claim: Claim }
  | { type: 'checked-in', floor: FloorId, space: SpaceId, claim: Claim }
  | { type: 'changed', floor: FloorId, space: SpaceId, claim: Claim }
  | { type: 'moved', floor: FloorId, space: SpaceId, claim: Claim, was: { floor: FloorId, space: SpaceId, from: Millis } }
  | { type: 'ended', floor: FloorId, space: SpaceId, claim: Claim, why: EndedWhy }
  /** Somebody in it is not to be known any more: its holder, once it has ended, or who made it. */
  | { type: 'disowned', floor: FloorId, space: SpaceId, claim: Claim }
  | { type: 'blocked', floor: FloorId, space: SpaceId, block: Block }
  | { type: 'unblocked', floor: FloorId, space: SpaceId }
  | { type: 'read', floor: FloorId, space: SpaceId, reading: Reading }
  /** Time alone changed the space: a reading went stale, a day began, the next claim came near. */
  | { type: 'settled', floor: FloorId, space: SpaceId }
  | { type: 'planned', floor: FloorId, plan: number, policy: number }
  | { type: 'placed', floor: FloorId, space: SpaceId }
  | { type: 'removed', floor: FloorId, space: SpaceId }

/** One commit as the outbox carries it, without what the store adds (its number and the floors' seqs). */
export interface Entry {
  /** Format of this entry. */
  f: number
  org: OrgId
  at: Millis
  /** Who caused it: a principal, or `perch` for a deadline. */
  by: string
  events: readonly Event[]
}
