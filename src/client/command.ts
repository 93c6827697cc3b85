import type { ClaimView } from '../protocol/claim.ts'
import type { ClaimChange as WireChange, ClaimRequest as WireRequest, PersonRef } from '../protocol/requests.ts'

/** RFC 3339 with an offset, or a Date. Claims begin and end on whole seconds. */
export type Moment = string | Date

/** What is asked for. Without `from` from now on; without `to` until closing time or the next claim, whichever is first. */
export interface ClaimRequest {
  /** A UUIDv7 (`perch.newClaimId()`), for whoever wants to know it beforehand; by default one is made. */
  id?: string
  space: string
  /** For whom: an id, or the badge that was read. By default whoever the token is of. */
  person?: PersonRef
  from?: Moment
  to?: Moment
  /** The person is there already. */
  checkIn?: boolean
  /** `persisted`, the default, waits up to 250 ms for the ledger. */
  await?: 'persisted' | 'accepted'
}

/** Another end, another space, or both in one step. */
export interface ClaimChange {
  to?: Moment
  space?: string
  await?: 'persisted' | 'accepted'
}

/** What can be asked for, as plain data: it may be kept, and asked for again without harm. */
export type Command =
  | { type: 'claim', claim: WireRequest & { id: string } }
  | { type: 'checkIn', claim: string }
  | { type: 'release', claim: string }
  | { type: 'change', claim: string, change: WireChange }

/** What a command came to. */
export interface Done {
  /** As it is now. */
  readonly claim: ClaimView
  /** It is in the ledger, and no fault takes it back. False: not yet, so screens say that it is being confirmed. */
  readonly persisted: boolean
}

export function claimCommand (request: ClaimRequest, newId: () => string): Command {
  const { id = newId(), from, to, ...rest } = request
  return { type: 'claim', claim: { ...rest, id, ...(from !== undefined && { from: text(from) }), ...(to !== undefined && { to: text(to) }) } }
}

export function changeCommand (claim: string, { to, ...rest }: ClaimChange): Command {
  return { type: 'change', claim, change: { ...rest, ...(to !== undefined && { to: text(to) }) } }
}

/** The id of the claim that it is about. */
export function claimOf (command: Command): string {
  return command.type === 'claim' ? command.claim.id : command.claim
}

function text (at: Moment): string {
  return typeof at === 'string' ? at : at.toISOString()
}
