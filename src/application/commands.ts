import type { Claim } from '../domain/claim.ts'
import type { ErrorView } from '../protocol/error.ts'
import type { ClaimId, FloorId, PersonId, SpaceId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import type { BlockRequest, ClaimChange, ClaimRequest, IdentifyRequest, ReadingsRequest, VisitRequest } from '../protocol/requests.ts'
import type { Principal } from './principal.ts'

/** Where a floor was after a command. */
export interface Position {
  floor: FloorId
  epoch: number
  seq: number
}

export interface ClaimAnswer {
  claim: Claim
  position: Position
  /** It is in Postgres and no fault takes it back (INV-5). False: not yet, or not known. */
  persisted: boolean
  /** The same command had been done before. */
  repeated: boolean
}

/** Of a command that is about whatever somebody has at a site: `claim` is the first of `claims`, `persisted` and `repeated` are of all of them. */
export interface VisitAnswer extends ClaimAnswer {
  /** By `from`. */
  claims: Claim[]
}

/** Whether to wait for the ledger, at most 250 ms. */
export type Waiting = 'persisted' | 'accepted'

export interface ReadingAnswer {
  space: SpaceId
  /** `late` and `same` changed nothing, as it should be. */
  result: 'applied' | 'late' | 'same' | 'refused'
  error?: ErrorView
}

/** Who stands at a kiosk. */
export interface Identified {
  person: { id: PersonId, name: string }
  /** Of today at the kiosk's site, by `from`. */
  claims: Claim[]
}

export interface ClaimsQuery {
  person?: PersonId | undefined
  space?: SpaceId | undefined
  floor?: FloorId | undefined
  /** Claims that touch [from, to); default: from now, 14 days. */
  from?: Millis | undefined
  to?: Millis | undefined
  limit?: number | undefined
}

/**
 * The use cases around claims, the same for every transport. Requests have the shape of their schemas. Every call checks rights, may be repeated without harm, and throws
 * PerchError with one of the table's codes.
 */
export interface Commands {
  claim (principal: Principal, request: ClaimRequest): Promise<ClaimAnswer>
  /** `ageMs`, as in the requests: it waited so long without a connection, and is placed then. For who may claim for others. */
  checkIn (principal: Principal, claim: ClaimId, wait?: Waiting, ageMs?: number): Promise<ClaimAnswer>
  release (principal: Principal, claim: ClaimId, wait?: Waiting, ageMs?: number): Promise<ClaimAnswer>
  change (principal: Principal, claim: ClaimId, change: ClaimChange): Promise<ClaimAnswer>
  /** Checks in whatever the person may check in at the site. @throws OUTSIDE_POLICY where that is too early, CLAIM_ENDED where it was released, CLAIM_UNKNOWN where there is nothing */
  arrive (principal: Principal, request: VisitRequest): Promise<VisitAnswer>
  /** Gives back whatever of theirs has begun at the site. @throws CLAIM_UNKNOWN where there is nothing */
  leave (principal: Principal, request: VisitRequest): Promise<VisitAnswer>
  /** By what somebody at a kiosk shows of themselves; not a look-up, since they are there. @throws PERSON_UNKNOWN, whatever is wrong with it */
  identify (principal: Principal, request: IdentifyRequest): Promise<Identified>
  /** One claim: from the store, or from the ledger when it has long ended. @throws CLAIM_UNKNOWN, also for claims that the principal may not see */
  find (principal: Principal, claim: ClaimId): Promise<Claim>
  claims (principal: Principal, query: ClaimsQuery): Promise<Claim[]>
  block (principal: Principal, space: SpaceId, request: BlockRequest): Promise<Position>
  unblock (principal: Principal, space: SpaceId): Promise<Position>
  /** An answer for each, in the same order. */
  read (principal: Principal, request: ReadingsRequest): Promise<ReadingAnswer[]>
}
