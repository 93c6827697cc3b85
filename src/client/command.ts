import type { ClaimView } from '../protocol/claim.ts'
import type { ClaimChange as WireChange, ClaimRequest as WireRequest, PersonRef, VisitRequest } from '../protocol/requests.ts'

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

/** Who comes or goes, by default whoever the token is of, and at which site, by default the one that the token is for. */
export interface Visit {
  person?: PersonRef
  site?: string
  await?: 'persisted' | 'accepted'
}

/**
 * What can be asked for, as plain data: it may be kept, and asked for again without harm. `ageMs` is of what has waited without a connection; that of a claim and of a change
 * is in there. Who arrives is checked in wherever their time has come, who leaves gives back whatever of theirs has begun; the claim that is answered is the first.
 */
export type Command =
  | { type: 'claim', claim: WireRequest & { id: string } }
  | { type: 'checkIn' | 'release', claim: string, ageMs?: number }
  | { type: 'change', claim: string, change: WireChange }
  | ({ type: 'arrive' | 'leave' } & VisitRequest)

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

/** What it is about: the id of a claim, or who comes or goes. */
export function subjectOf (command: Command): string {
  if (command.type === 'claim') return command.claim.id
  return 'claim' in command ? command.claim : JSON.stringify(command.person)
}

function text (at: Moment): string {
  return typeof at === 'string' ? at : at.toISOString()
}
