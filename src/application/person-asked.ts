import { PerchError } from '../domain/errors.ts'
import type { OrgId, PersonId } from '../domain/ids.ts'
import type { PersonRef } from '../protocol/requests.ts'
import type { StoredPerson } from './directory.ts'
import type { Pins } from './pins.ts'
import type { Lookup } from './places.ts'
import type { Principal } from './principal.ts'
import { mustBeAllowed } from './rights.ts'

export interface PersonAskedParts {
  lookup: Pick<Lookup, 'person' | 'personByBadge'>
  /** HMAC of what a badge reader read, as the directory keeps it. */
  badgeHash (badge: string): string
  pins: Pick<Pins, 'check'>
}

/** Whom a request is for: by default who asks. Who may not act for others learns nothing of who there is. @throws FORBIDDEN, PERSON_UNKNOWN, BAD_REQUEST where it is nobody */
export async function personAsked (parts: PersonAskedParts, principal: Principal, asked: PersonRef | undefined): Promise<StoredPerson> {
  const { org } = principal
  if (asked !== undefined && typeof asked !== 'string') {
    mustBeAllowed(principal, 'claim-others')
    const person = 'badge' in asked ? await parts.lookup.personByBadge(org, parts.badgeHash(asked.badge)) : await byPin(parts, org, asked)
    if (person === null) throw new PerchError('PERSON_UNKNOWN')
    return person
  }
  const id = asked ?? principal.person
  if (id !== principal.person || id === null) mustBeAllowed(principal, 'claim-others')
  if (id === null) throw new PerchError('BAD_REQUEST', { field: 'person', reason: '`person` is needed: these credentials are nobody\'s own' })
  return await knownPerson(parts, org, id)
}

/** @throws PERSON_UNKNOWN */
export async function knownPerson ({ lookup }: { lookup: Pick<Lookup, 'person'> }, org: OrgId, id: PersonId): Promise<StoredPerson> {
  const person = await lookup.person(org, id)
  if (person === null) throw new PerchError('PERSON_UNKNOWN', { person: id })
  return person
}

/** Null, whatever is wrong: no such person, no PIN, another PIN, too many tries. */
async function byPin ({ lookup, pins }: PersonAskedParts, org: OrgId, { id, pin }: { id: PersonId, pin: string }): Promise<StoredPerson | null> {
  return await pins.check(org, id, pin) ? await lookup.person(org, id) : null
}
