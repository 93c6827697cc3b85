import { PerchError } from '../domain/errors.ts'
import type { SiteId } from '../domain/ids.ts'
import type { OrgBody, SiteBody } from '../protocol/site.ts'
import { noteOf } from './audit.ts'
import type { DirectoryAdminParts } from './directory-admin.ts'
import type { Org, Site } from './directory.ts'
import type { SiteHours } from './ports.ts'
import type { Principal } from './principal.ts'
import { may, mustBeAllowed } from './rights.ts'
import { syncFloors } from './sync-floor.ts'

export async function org ({ cached }: DirectoryAdminParts, principal: Principal): Promise<Org> {
  mustBeAllowed(principal, 'read-org')
  const found = await cached.org(principal.org)
  if (found === null) throw new PerchError('ORG_UNKNOWN', { org: principal.org })
  return found
}

/** Create or change the principal's org. Under another policy every space of the org is settled anew. */
export async function putOrg (parts: DirectoryAdminParts, principal: Principal, body: OrgBody): Promise<Org> {
  mustBeAllowed(principal, 'write-org')
  mustBeSame('id', body.id, principal.org)
  const stored = await parts.directory.noting([noteOf(parts, principal, 'org-put', { detail: { policy: body.policy ?? {} } })]).putOrg({ id: principal.org, name: body.name, policy: body.policy ?? {} })
  await parts.tell(principal.org, { what: 'policy' })
  await syncFloors(parts, principal.org)
  return stored
}

export async function sites ({ cached }: DirectoryAdminParts, principal: Principal): Promise<Site[]> {
  mustBeAllowed(principal, 'read-floors')
  return (await cached.sites(principal.org)).filter(({ id }) => may(principal, 'read-floors', { site: id }))
}

/** Create or change a site. With other hours or another policy every space of the site is settled anew. */
export async function putSite (parts: DirectoryAdminParts, principal: Principal, id: SiteId, body: SiteBody): Promise<Site> {
  mustBeAllowed(principal, 'write-sites', { site: id })
  mustBeSame('id', body.id, id)
  const hours = hoursOf(body)
  if (!parts.calendars.isZone(hours.zone)) throw new PerchError('BAD_REQUEST', { field: 'zone', reason: '`zone` is not an IANA time zone such as Europe/Berlin' })
  const note = noteOf(parts, principal, 'site-put', { what: id, detail: { policy: body.policy ?? {}, zone: hours.zone, hours: hours.hours } })
  const { site } = await parts.directory.noting([note]).putSite(principal.org, { id, name: body.name, hours, policy: body.policy ?? {} })
  await parts.tell(principal.org, { what: 'policy' })
  await syncFloors(parts, principal.org, id)
  return site
}

/** A body may repeat the id of its address, so that what was read can be sent back. @throws BAD_REQUEST when it says another one */
export function mustBeSame (field: string, given: string | undefined, expected: string): void {
  if (given !== undefined && given !== expected) throw new PerchError('BAD_REQUEST', { field, reason: `\`${field}\` is not the one in the address` })
}

function hoursOf ({ zone, hours }: SiteBody): SiteHours {
  for (const [day, open] of Object.entries(hours ?? {})) {
    // `HH:MM` sorts as it reads, and 24:00 last.
    if (open.opens >= open.closes) throw new PerchError('BAD_REQUEST', { field: `hours[${day}]`, reason: 'a site closes later than it opens, at 24:00 at the latest' })
  }
  return { zone, hours: hours ?? null }
}
