import { isActive, type Claim } from '../domain/claim.ts'
import { errors, PerchError } from '../domain/errors.ts'
import { shardOf, type OrgId, type PersonId, type SiteId } from '../domain/ids.ts'
import { overlaps, type Millis, type Span } from '../domain/time.ts'
import type { IdentifyRequest, VisitRequest } from '../protocol/requests.ts'
import type { ClaimAnswer, Commands, Identified, VisitAnswer } from './commands.ts'
import { claimsOfPerson } from './finding.ts'
import { personAsked, type PersonAskedParts } from './person-asked.ts'
import type { Lookup } from './places.ts'
import type { Ledger, Store } from './ports.ts'
import type { Principal } from './principal.ts'
import { mustActFor, mustBeAllowed } from './rights.ts'
import type { ShardClocks } from './shard-clocks.ts'

/** Claims of one person at one site at one moment: more than they can have. */
const MOST_ENDED = 100

export interface VisitsParts extends PersonAskedParts {
  store: Store
  ledger: Ledger
  clocks: ShardClocks
  lookup: Lookup
}

/** Who stands at a kiosk, by what they have shown, and what they have at its site until midnight there. @throws PERSON_UNKNOWN, whatever is wrong with it; BAD_REQUEST, SITE_UNKNOWN */
export async function identify (parts: VisitsParts, principal: Principal, { site: asked, ...shown }: IdentifyRequest): Promise<Identified> {
  const { org } = principal
  mustBeAllowed(principal, 'claim-others')
  const site = siteOf(principal, asked)
  mustBeAllowed(principal, 'claim-others', { site })
  const { calendar } = await parts.lookup.place(org, site)
  const { id, name } = await personAsked(parts, principal, shown)
  const now = parts.clocks.now(shardOf(org))
  return { person: { id, name }, claims: await claimsThere(parts, org, id, site, { from: now, to: calendar.dayOf(now).to }) }
}

/**
 * Checks in each claim at the site whose time to check in has come, or had when it was asked for. Safe to repeat.
 * @throws OUTSIDE_POLICY where it is too early for all, CLAIM_ENDED where they have ended, CLAIM_UNKNOWN where there are none
 */
export async function arrive (parts: VisitsParts, commands: Pick<Commands, 'checkIn'>, principal: Principal, request: VisitRequest): Promise<VisitAnswer> {
  const visit = await visitOf(parts, principal, request)
  const { earlyMs, at } = visit
  const [first] = visit.claims
  const open = visit.claims.filter(({ from }) => from - earlyMs <= at)
  if (open.length === 0 && first !== undefined) throw new PerchError('OUTSIDE_POLICY', { rule: 'check-in-window', opensAt: first.from - earlyMs, claim: first.id, space: first.space, from: first.from })
  return await each(open.length > 0 ? open : await endedThere(parts, principal, visit), async ({ id }) => await commands.checkIn(principal, id, request.await, request.ageMs))
}

/** Gives back each claim at the site that has begun or was checked in, or had been when it was asked for. Safe to repeat. @throws CLAIM_ENDED where they have ended otherwise, CLAIM_UNKNOWN where there are none */
export async function leave (parts: VisitsParts, commands: Pick<Commands, 'release'>, principal: Principal, request: VisitRequest): Promise<VisitAnswer> {
  const visit = await visitOf(parts, principal, request)
  const begun = visit.claims.filter(({ from, life }) => from <= visit.at || (life.state === 'present' && life.since <= visit.at))
  return await each(begun.length > 0 ? begun : await endedThere(parts, principal, visit), async ({ id }) => await commands.release(principal, id, request.await, request.ageMs))
}

interface Visit {
  person: PersonId
  site: SiteId
  /** When it was asked for. */
  at: Millis
  /** How long before its beginning a claim may be checked in. */
  earlyMs: number
  /** What they have there, by `from`: what has begun, and what begins until midnight. */
  claims: Claim[]
}

/** @throws PERSON_UNKNOWN, SITE_UNKNOWN, FORBIDDEN, BAD_REQUEST */
async function visitOf (parts: VisitsParts, principal: Principal, { person: asked, site: named, ageMs = 0 }: VisitRequest): Promise<Visit> {
  const { org } = principal
  const person = (await personAsked(parts, principal, asked)).id
  const site = siteOf(principal, named)
  mustActFor(principal, person, { site })
  const { policy, calendar } = await parts.lookup.place(org, site)
  const now = parts.clocks.now(shardOf(org))
  const claims = await claimsThere(parts, org, person, site, { from: now, to: calendar.dayOf(now).to })
  return { person, site, at: now - ageMs, earlyMs: policy.checkInEarlyMs, claims }
}

/** What they had there when it was asked for, where nothing is left of it: each says for itself what became of it. @throws CLAIM_UNKNOWN where there was nothing */
async function endedThere ({ ledger }: VisitsParts, { org }: Principal, { person, site, at }: Visit): Promise<Claim[]> {
  const claims = await ledger.claims(org, { person, site, from: at, to: at + 1, limit: MOST_ENDED })
  const ended = claims.filter(claim => !isActive(claim))
  if (ended.length === 0) throw new PerchError('CLAIM_UNKNOWN', { site, reason: 'there is nothing of theirs at that site now' })
  return ended
}

/** One after another; what is refused for good does not keep the others from it. @throws as the first, where all are refused */
async function each (claims: readonly Claim[], act: (claim: Claim) => Promise<ClaimAnswer>): Promise<VisitAnswer> {
  const done: ClaimAnswer[] = []
  let refused: unknown = null
  for (const claim of claims) {
    try {
      done.push(await act(claim))
    } catch (error) {
      // What may fare better soon is asked for again as a whole: what is done by then is done once (INV-4).
      if (!(error instanceof PerchError) || errors[error.code].retry) throw error
      refused ??= error
    }
  }
  const [first] = done
  if (first === undefined) throw refused
  return { ...first, claims: done.map(({ claim }) => claim), persisted: done.every(({ persisted }) => persisted), repeated: done.every(({ repeated }) => repeated) }
}

/** The site that is asked about: by default the one that the credentials are for. @throws BAD_REQUEST */
function siteOf (principal: Principal, asked: SiteId | undefined): SiteId {
  const site = asked ?? principal.site
  if (site === null) throw new PerchError('BAD_REQUEST', { field: 'site', reason: '`site` is needed: these credentials are for no one site' })
  return site
}

/** A person's claims at a site that have not ended and touch the span, by `from`. */
async function claimsThere ({ store, lookup }: VisitsParts, org: OrgId, person: PersonId, site: SiteId, span: Span): Promise<Claim[]> {
  const active = (await claimsOfPerson(store, org, person, span)).filter(claim => isActive(claim) && overlaps(claim, span))
  const sites = await Promise.all(active.map(async ({ floor }) => (await lookup.floor(org, floor))?.site))
  return active.filter((_, i) => sites[i] === site).sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))
}
