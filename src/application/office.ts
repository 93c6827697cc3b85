import { createHash } from 'node:crypto'
import type { BlockSpace, CheckIn, ClaimSpace, Command, Release } from '../domain/command.ts'
import type { Claim } from '../domain/claim.ts'
import { PerchError } from '../domain/errors.ts'
import { shardOf, type ClaimId, type OrgId, type SpaceId } from '../domain/ids.ts'
import { claimKey } from '../domain/keys.ts'
import type { ClaimRecord } from '../domain/space.ts'
import type { Millis } from '../domain/time.ts'
import { errorView } from '../protocol/error.ts'
import type { BlockRequest, ClaimChange, ClaimRequest, IdentifyRequest, ReadingsRequest, VisitRequest } from '../protocol/requests.ts'
import { alternatives } from './alternatives.ts'
import { decodeStored } from './codec.ts'
import type { ClaimAnswer, Commands, Identified, Position, ReadingAnswer, VisitAnswer, Waiting } from './commands.ts'
import { claimsOf, findClaim, unknownClaim } from './finding.ts'
import type { Guarding } from './guarding.ts'
import type { Losses } from './losses.ts'
import { momentOf } from './moments.ts'
import { knownPerson, personAsked, type PersonAskedParts } from './person-asked.ts'
import { eligibleFor, locate, type Lookup, type Place } from './places.ts'
import type { Clock, Ledger, Store } from './ports.ts'
import type { Principal } from './principal.ts'
import type { RecordCache } from './record-cache.ts'
import { mustActFor, mustBeAbleToTellLate, mustBeAllowed } from './rights.ts'
import type { ShardClocks } from './shard-clocks.ts'
import type { SiteRules, Transact, Transacted } from './transact.ts'
import { arrive, identify, leave } from './visits.ts'
import type { Watermarks } from './watermarks.ts'
import { within } from './within.ts'

/** How long an answer waits for the ledger before it says `persisted: false`. */
const PERSISTED_WITHIN_MS = 250
/** Readings of one request that are worked on at a time. */
const READINGS_AT_ONCE = 32

export interface OfficeParts extends PersonAskedParts {
  store: Store
  ledger: Ledger
  cache: RecordCache
  clock: Clock
  clocks: ShardClocks
  lookup: Lookup
  transact: Transact
  guarding: Guarding
  watermarks: Watermarks
  /** Somebody tried to check in. `error`: what came of it; null: it worked. */
  checkedIn (org: OrgId, error: unknown): void
  losses: Pick<Losses, 'answered' | 'isLost'>
  newClaimId (): ClaimId
}

/** The use cases around claims over the ports. */
export function office (parts: OfficeParts): Commands {
  return new Office(parts)
}

class Office implements Commands {
  readonly #parts: OfficeParts

  constructor (parts: OfficeParts) {
    this.#parts = parts
  }

  async claim (principal: Principal, request: ClaimRequest): Promise<ClaimAnswer> {
    const claim = async () => await this.#claim(principal, request)
    return request.checkIn === true ? await this.#checkingIn(principal.org, claim) : await claim()
  }

  async checkIn (principal: Principal, id: ClaimId, wait?: Waiting, ageMs?: number): Promise<ClaimAnswer> {
    return await this.#checkingIn(principal.org, async () => await this.#onClaim(principal, { type: 'check-in', claim: id }, wait, ageMs))
  }

  async release (principal: Principal, id: ClaimId, wait?: Waiting, ageMs?: number): Promise<ClaimAnswer> {
    return await this.#onClaim(principal, { type: 'release', claim: id }, wait, ageMs)
  }

  async arrive (principal: Principal, request: VisitRequest): Promise<VisitAnswer> {
    return await this.#checkingIn(principal.org, async () => await arrive(this.#parts, this, principal, request))
  }

  async leave (principal: Principal, request: VisitRequest): Promise<VisitAnswer> {
    return await leave(this.#parts, this, principal, request)
  }

  async change (principal: Principal, id: ClaimId, change: ClaimChange): Promise<ClaimAnswer> {
    const { org } = principal
    const to = momentOf('to', change.to)
    const claim = await this.#liveClaim(principal, id)
    const target = change.space ?? claim.space
    const place = await locate(this.#parts, org, target)
    mustActFor(principal, claim.person, { site: place.record.site })
    mustBeAbleToTellLate(principal, change.ageMs, { site: place.record.site })
    const person = await knownPerson(this.#parts, org, claim.person)
    const command: Command = { type: 'change', claim: id, to, space: change.space ?? null, person, eligible: eligibleFor(place.floor, target), ...this.#at(org, change.ageMs) }
    const done = await this.#guarded(org, [claim.space, target], claim.person, place, command, principal.id).catch(error => { throw this.#asLost(error, org, id) })
    return await this.#answer(org, done, change.await)
  }

  async identify (principal: Principal, request: IdentifyRequest): Promise<Identified> {
    return await identify(this.#parts, principal, request)
  }

  async find (principal: Principal, id: ClaimId): Promise<Claim> {
    return await findClaim(this.#parts, principal, id)
  }

  async claims (principal: Principal, query: Parameters<Commands['claims']>[1]): Promise<Claim[]> {
    return await claimsOf(this.#parts, principal, query)
  }

  async block (principal: Principal, space: SpaceId, request: BlockRequest): Promise<Position> {
    const until = momentOf('until', request.until)
    const command: BlockSpace = { type: 'block', space, until, reason: request.reason ?? null, by: principal.id }
    return await this.#onSpace(principal, space, command)
  }

  async unblock (principal: Principal, space: SpaceId): Promise<Position> {
    return await this.#onSpace(principal, space, { type: 'unblock', space })
  }

  async read (principal: Principal, request: ReadingsRequest): Promise<ReadingAnswer[]> {
    mustBeAllowed(principal, 'send-readings')
    const answers: ReadingAnswer[] = []
    for (let i = 0; i < request.readings.length; i += READINGS_AT_ONCE) {
      answers.push(...await Promise.all(request.readings.slice(i, i + READINGS_AT_ONCE).map(reading => this.#readOne(principal, reading))))
    }
    return answers
  }

  async #readOne (principal: Principal, reading: ReadingsRequest['readings'][number]): Promise<ReadingAnswer> {
    const { org } = principal
    try {
      const { record } = await locate(this.#parts, org, reading.space)
      mustBeAllowed(principal, 'send-readings', { site: record.site })
      const at = this.#parts.clocks.now(shardOf(org)) - (reading.ageMs ?? 0)
      const done = await this.#parts.transact(org, { type: 'read', space: reading.space, value: reading.value, at }, record, principal.id)
      return { space: reading.space, result: done.outcome.reading ?? 'same' }
    } catch (error) {
      if (!(error instanceof PerchError)) throw error
      return { space: reading.space, result: 'refused', error: errorView(error) }
    }
  }

  async #claim (principal: Principal, request: ClaimRequest): Promise<ClaimAnswer> {
    const { org } = principal
    const from = momentOf('from', request.from)
    const to = momentOf('to', request.to)
    const place = await locate(this.#parts, org, request.space)
    const person = await personAsked(this.#parts, principal, request.person)
    mustActFor(principal, person.id, { site: place.record.site })
    mustBeAbleToTellLate(principal, request.ageMs, { site: place.record.site })
    const command: ClaimSpace = {
      type: 'claim',
      id: request.id ?? this.#parts.newClaimId(),
      // Without its age, which is another each time that it is asked for.
      hash: contentHash([request.space, person.id, from, to, request.checkIn === true]),
      space: request.space,
      person,
      by: principal.id,
      from,
      to,
      checkIn: request.checkIn === true,
      eligible: eligibleFor(place.floor, request.space),
      ...this.#at(org, request.ageMs)
    }
    try {
      const done = await this.#guarded(org, [request.space], person.id, place, command, principal.id)
      return await this.#answer(org, done, request.await)
    } catch (error) {
      if (error instanceof PerchError && error.code === 'SPACE_TAKEN') throw await this.#withAlternatives(error, org, command, place)
      throw error
    }
  }

  /** Where check-in fails for reasons of ours, nobody is to blame for not having come (INV-9). */
  async #checkingIn<T> (org: OrgId, work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work()
      this.#parts.checkedIn(org, null)
      return answer
    } catch (error) {
      this.#parts.checkedIn(org, error)
      throw error
    }
  }

  /** Rivals for a space or a person wait for one another, or find that the space is gone, before they do the work. */
  async #guarded (org: OrgId, spaces: readonly SpaceId[], person: string, place: Place, command: Command, by: string): Promise<Transacted> {
    const names = [...new Set(spaces.map(space => `space/${org}/${space}`)), `person/${org}/${person}`]
    const { guarding, transact } = this.#parts
    return await guarding({
      names,
      work: async onConflict => await transact(org, command, place.record, by, { onConflict }),
      stillWanted: async () => await transact(org, command, place.record, by, { dry: true })
    })
  }

  async #onClaim (principal: Principal, command: CheckIn | Release, wait: Waiting | undefined, ageMs: number | undefined): Promise<ClaimAnswer> {
    const { org } = principal
    const claim = await this.#liveClaim(principal, command.claim)
    const { record } = await locate(this.#parts, org, claim.space)
    mustActFor(principal, claim.person, { site: record.site })
    mustBeAbleToTellLate(principal, ageMs, { site: record.site })
    const done = await this.#parts.transact(org, { ...command, ...this.#at(org, ageMs) }, record, principal.id).catch(error => { throw this.#asLost(error, org, claim.id) })
    return await this.#answer(org, done, wait)
  }

  /** When a command was asked for that waited so long without a connection, by the shard's clock. */
  #at (org: OrgId, ageMs = 0): { at?: Millis } {
    return ageMs === 0 ? {} : { at: this.#parts.clocks.now(shardOf(org)) - ageMs }
  }

  /** The rules know a claim or do not; why it is not there any more they cannot say. */
  #asLost (error: unknown, org: OrgId, id: ClaimId): unknown {
    return error instanceof PerchError && error.code === 'CLAIM_UNKNOWN' ? unknownClaim(this.#parts, org, id) : error
  }

  async #onSpace (principal: Principal, space: SpaceId, command: Command): Promise<Position> {
    const { record } = await locate(this.#parts, principal.org, space)
    mustBeAllowed(principal, 'block', { site: record.site })
    const done = await this.#parts.transact(principal.org, command, record, principal.id)
    return await this.#position(principal.org, record.floor, done)
  }

  /** From this node's cache or the store: where the claim is, and whose. @throws CLAIM_UNKNOWN */
  async #liveClaim ({ org }: Principal, id: ClaimId): Promise<Claim> {
    const { cache, store } = this.#parts
    const cached = cache.get(org, claimKey(id))?.value as ClaimRecord | null | undefined
    if (cached !== undefined && cached !== null) return cached.claim
    const { records } = await store.read(org, [claimKey(id)])
    const stored = records.get(claimKey(id))
    if (stored === undefined || stored.body === null) throw unknownClaim(this.#parts, org, id)
    return (decodeStored(claimKey(id), stored).value as ClaimRecord).claim
  }

  async #answer (org: OrgId, done: Transacted, wait: Waiting = 'persisted'): Promise<ClaimAnswer> {
    const { claim, repeated } = done.outcome
    if (claim === null) throw new Error('a command on a claim came back without one')
    const shard = shardOf(org)
    const position = await this.#position(org, claim.floor, done)
    if (done.n === null) return { claim, position, persisted: await this.#isPersisted(org, claim), repeated }
    const persisted = wait === 'persisted' && await this.#parts.watermarks.wait(shard, done.epoch, done.n, PERSISTED_WITHIN_MS)
    if (!persisted) this.#parts.losses.answered({ org, person: claim.person, claim: claim.id }, done.epoch, done.n)
    return { claim, position, persisted, repeated }
  }

  /** Of a command that had been done before: what the ledger itself says, since the commit's number is not known any more. */
  async #isPersisted (org: OrgId, claim: Claim): Promise<boolean> {
    try {
      const { clock, ledger } = this.#parts
      const known = await within(clock, PERSISTED_WITHIN_MS, ledger.lastingClaim(org, claim.id))
      return known !== null && known.claim.life.state === claim.life.state && known.claim.to === claim.to && known.claim.space === claim.space
    } catch (error) {
      if (error instanceof PerchError && error.code === 'LEDGER_BEHIND') return false
      throw error
    }
  }

  async #position (org: OrgId, floor: string, done: Transacted): Promise<Position> {
    const seq = done.seqs.get(floor)
    if (seq !== undefined) return { floor, epoch: done.epoch, seq }
    const { epoch, seqs } = await this.#parts.store.read(org, [], [floor])
    return { floor, epoch, seq: seqs.get(floor) ?? 0 }
  }

  /** A refusal with what the same person could have instead. Finding none must not hide the refusal. */
  async #withAlternatives (refused: PerchError, org: OrgId, command: ClaimSpace, place: Place): Promise<PerchError> {
    const shard = shardOf(org)
    const { from, to, ...detail } = refused.detail
    const site: SiteRules = await this.#parts.lookup.place(org, place.record.site)
    const now = this.#parts.clocks.now(shard)
    const begin = Math.floor(Math.max(command.from ?? now, now) / 1000) * 1000
    const span = { from: begin, to: command.to ?? Math.max(site.calendar.dayOf(begin).open?.to ?? 0, begin + 1000) }
    const found = await alternatives(this.#parts, org, command, place, span, { ...site, now, noShowsNotBefore: 0, provisional: false })
      .catch((error: unknown) => {
        if (error instanceof PerchError) return []
        throw error
      })
    return new PerchError('SPACE_TAKEN', { ...detail, taken: { from, to }, alternatives: found })
  }
}

/** The same content gives the same text, whatever the order of its members was on the wire. */
function contentHash (content: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22)
}
