import { isActive, type Claim } from '../domain/claim.ts'
import { PerchError } from '../domain/errors.ts'
import { shardOf, type OrgId, type PersonId, type SiteId } from '../domain/ids.ts'
import { overlaps, type Span } from '../domain/time.ts'
import type { IdentifyRequest } from '../protocol/requests.ts'
import type { Identified } from './commands.ts'
import { claimsOfPerson } from './finding.ts'
import { personAsked, type PersonAskedParts } from './person-asked.ts'
import type { Lookup } from './places.ts'
import type { Store } from './ports.ts'
import type { Principal } from './principal.ts'
import { mustBeAllowed } from './rights.ts'
import type { ShardClocks } from './shard-clocks.ts'

export interface VisitsParts extends PersonAskedParts {
  store: Store
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
