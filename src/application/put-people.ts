import { PerchError } from '../domain/errors.ts'
import type { PersonId } from '../domain/ids.ts'
import { nameWords, SEARCH_LETTERS } from '../domain/name-words.ts'
import { shownName } from '../domain/person.ts'
import { effectivePolicy, FARTHEST_HORIZON, LONGEST_STAY } from '../domain/policy.ts'
import { MOST_FOUND, type FoundPerson, type GroupView, type MeBody, type PeopleBody } from '../protocol/people.ts'
import { noteOf } from './audit.ts'
import { chunks } from './deadlines.ts'
import type { DirectoryAdminParts, KnownPerson } from './directory-admin.ts'
import { hashPin } from './pins.ts'
import type { Group, StoredPerson } from './directory.ts'
import type { Principal } from './principal.ts'
import { may, mustBeAllowed, type Operation } from './rights.ts'
import { whereabouts } from './whereabouts.ts'

const READ_AT_ONCE = 16
/** A person's claims are read and released in rounds: somebody may be claiming for them meanwhile. */
const MOST_ROUNDS = 5
const CLAIMS_PER_ROUND = 1_000

type People = { people: KnownPerson[], next: PersonId | null }

/** Everybody may see what is known of themselves. @throws PERSON_UNKNOWN */
export async function person ({ cached, lookUps }: DirectoryAdminParts, principal: Principal, id: PersonId): Promise<KnownPerson> {
  if (id !== principal.person || !may(principal, 'read-own-claims')) mustBeAllowed(principal, 'read-people')
  const found = await cached.person(principal.org, id)
  if (found === null) throw new PerchError('PERSON_UNKNOWN', { person: id })
  await lookUps.looked(principal, [id], 'person')
  return known(found)
}

export async function people ({ directory, lookUps }: DirectoryAdminParts, principal: Principal, query: { after: string | null, limit: number, group?: string | undefined }): Promise<People> {
  mustBeAllowed(principal, 'read-people')
  const page = await directory.people(principal.org, query)
  await lookUps.looked(principal, [null], 'list')
  return { people: page.map(known), next: page.length < query.limit ? null : page.at(-1)?.id ?? null }
}

/** Whoever is visible and whose name has words that begin with those searched for. @throws BAD_REQUEST for fewer letters than that */
export async function findPeople (parts: DirectoryAdminParts, principal: Principal, search: string): Promise<FoundPerson[]> {
  const { directory, clock, lookUps } = parts
  mustBeAllowed(principal, 'find-people')
  const words = nameWords(search)
  if (words.join('').length < SEARCH_LETTERS) throw new PerchError('BAD_REQUEST', { field: 'search', reason: `\`search\` needs at least ${SEARCH_LETTERS} letters` })
  // One more than is told: the last hit may have a namesake.
  const found = await directory.findPeople(principal.org, words, MOST_FOUND + 1)
  const namesakes = found.filter(({ id, name }) => found.some(other => other.name === name && other.id !== id))
  const names = new Map(namesakes.length === 0 ? [] : (await directory.groups(principal.org)).map(({ id, name }) => [id, name]))
  const told = await Promise.all(found.slice(0, MOST_FOUND).map(async (person): Promise<FoundPerson> => {
    const { id, name, groups } = person
    const where = await whereabouts(parts, principal, id, clock.now())
    return { id, name, ...(namesakes.includes(person) && { groups: groups.map(group => names.get(group) ?? group) }), ...where }
  }))
  // Colleagues see it of one another on the floor; who may look at claims is looked at in return.
  if (may(principal, 'read-claims')) await lookUps.looked(principal, told.filter(({ space }) => space !== undefined).map(({ id }) => id), 'search')
  return told
}

/** Who asks, as the directory knows them. @throws FORBIDDEN for who is nobody, PERSON_UNKNOWN */
export async function me (parts: DirectoryAdminParts, principal: Principal): Promise<KnownPerson> {
  return await person(parts, principal, themselves(principal, 'read-own-claims'))
}

/** A person's own choice; on every screen when this returns. @throws FORBIDDEN for who is nobody, PERSON_UNKNOWN */
export async function putMe (parts: DirectoryAdminParts, principal: Principal, { visibility }: MeBody): Promise<KnownPerson> {
  const id = themselves(principal, 'write-self')
  const note = noteOf(parts, principal, 'visibility-chosen', { person: id, detail: { visibility } })
  if (!await parts.directory.noting([note]).setVisibility(principal.org, id, visibility)) throw new PerchError('PERSON_UNKNOWN', { person: id })
  await parts.tell(principal.org, { what: 'person', id })
  // Also where nothing is new: the last time may have been broken off before every screen had followed.
  await parts.presenter.present(principal.org, [id])
  return await me(parts, principal)
}

/** Set, and unlock; null: take away. One's own, or as an admin anybody's. @throws PERSON_UNKNOWN */
export async function putPin (parts: DirectoryAdminParts, principal: Principal, id: PersonId, pin: string | null): Promise<void> {
  if (id !== principal.person) mustBeAllowed(principal, 'write-people')
  else mustBeAllowed(principal, 'write-self')
  const noting = parts.directory.noting([noteOf(parts, principal, pin === null ? 'pin-taken' : 'pin-set', { person: id })])
  const done = await noting.setPin(principal.org, id, pin === null ? null : await hashPin(parts.badgeHash, pin))
  if (!done && pin !== null) throw new PerchError('PERSON_UNKNOWN', { person: id })
}

/** @throws FORBIDDEN for who is nobody */
export function themselves ({ person, ...principal }: Principal, operation: Operation): PersonId {
  mustBeAllowed({ ...principal, person }, operation)
  if (person === null) throw new PerchError('FORBIDDEN', { reason: 'these credentials are nobody\'s own' })
  return person
}

/** Of somebody given twice the last counts. Every screen that shows one of them follows. */
export async function putPeople (parts: DirectoryAdminParts, principal: Principal, body: PeopleBody): Promise<{ created: number, changed: number }> {
  const { org } = principal
  mustBeAllowed(principal, 'write-people')
  const given = [...new Map(body.people.map(person => [person.id, person])).values()]
  const before = await peopleById(parts, org, given.map(({ id }) => id))
  const { hiddenAtFirst } = effectivePolicy((await parts.directory.org(org))?.policy ?? null)
  const stored = given.map(({ id, name, visibility, groups, badges }): StoredPerson => ({
    id,
    name,
    // What somebody has chosen is not undone by an import that knows nothing of it.
    visibility: visibility ?? before.get(id)?.visibility ?? (hiddenAtFirst ? 'hidden' : 'everyone'),
    groups: groups ?? [],
    badges: badges?.map(badge => parts.badgeHash(badge)) ?? before.get(id)?.badges ?? []
  }))
  await parts.directory.noting(stored.map(({ id, visibility }) => noteOf(parts, principal, 'person-put', { person: id, detail: { visibility } }))).putPeople(org, stored)
  const changed = stored.filter(({ id }) => before.has(id))
  for (const { id } of changed) await parts.tell(org, { what: 'person', id })
  await parts.presenter.present(org, changed.filter(person => looksOther(before.get(person.id), person)).map(({ id }) => id))
  return { created: stored.length - changed.length, changed: changed.length }
}

/** Their claims end first; once they are gone, those that somebody made meanwhile. */
export async function removePerson (parts: DirectoryAdminParts, principal: Principal, id: PersonId): Promise<void> {
  mustBeAllowed(principal, 'write-people')
  await releaseAll(parts, principal, id)
  if (!await parts.directory.noting([noteOf(parts, principal, 'person-removed', { person: id })]).removePerson(principal.org, id)) return
  await parts.tell(principal.org, { what: 'person', id })
  await releaseAll(parts, principal, id)
}

export async function groups ({ directory }: DirectoryAdminParts, principal: Principal): Promise<Group[]> {
  mustBeAllowed(principal, 'read-people')
  return await directory.groups(principal.org)
}

export async function putGroups (parts: DirectoryAdminParts, principal: Principal, list: readonly GroupView[]): Promise<void> {
  mustBeAllowed(principal, 'write-people')
  for (const { id, name } of list) await parts.directory.noting([noteOf(parts, principal, 'group-put', { what: id })]).putGroup(principal.org, { id, name })
}

function known ({ id, name, visibility, groups, badges }: StoredPerson): KnownPerson {
  return { id, name, visibility, groups, badges: badges.length }
}

function looksOther (before: StoredPerson | undefined, person: StoredPerson): boolean {
  return before !== undefined && shownName(before) !== shownName(person)
}

async function peopleById ({ directory }: DirectoryAdminParts, org: string, ids: readonly PersonId[]): Promise<Map<PersonId, StoredPerson>> {
  const found = new Map<PersonId, StoredPerson>()
  for (const part of chunks(ids, READ_AT_ONCE)) {
    for (const person of await Promise.all(part.map(async id => await directory.person(org, id)))) if (person !== null) found.set(person.id, person)
  }
  return found
}

/** How many were. */
export async function releaseAll ({ commands, clock }: DirectoryAdminParts, principal: Principal, person: PersonId): Promise<number> {
  let released = 0
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const from = clock.now()
    const claims = await commands.claims(principal, { person, from, to: from + FARTHEST_HORIZON + LONGEST_STAY, limit: CLAIMS_PER_ROUND })
    const active = claims.filter(({ life }) => life.state !== 'ended')
    if (active.length === 0) return released
    released += active.length
    for (const { id } of active) await commands.release(principal, id, 'accepted').catch(unlessEnded)
  }
  throw new PerchError('BUSY')
}

function unlessEnded (error: unknown): void {
  if (!(error instanceof PerchError) || (error.code !== 'CLAIM_ENDED' && error.code !== 'CLAIM_UNKNOWN')) throw error
}
