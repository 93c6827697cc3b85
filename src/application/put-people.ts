import { PerchError } from '../domain/errors.ts'
import type { PersonId } from '../domain/ids.ts'
import { shownName } from '../domain/person.ts'
import { FARTHEST_HORIZON, LONGEST_STAY } from '../domain/policy.ts'
import type { GroupView, PeopleBody } from '../protocol/people.ts'
import { chunks } from './deadlines.ts'
import type { DirectoryAdminParts, KnownPerson } from './directory-admin.ts'
import type { Group, StoredPerson } from './ports.ts'
import type { Principal } from './principal.ts'
import { may, mustBeAllowed } from './rights.ts'

const READ_AT_ONCE = 16
/** A person's claims are read and released in rounds: somebody may be claiming for them meanwhile. */
const MOST_ROUNDS = 5
const CLAIMS_PER_ROUND = 1_000

type People = { people: KnownPerson[], next: PersonId | null }

/** Everybody may see what is known of themselves. @throws PERSON_UNKNOWN */
export async function person ({ cached }: DirectoryAdminParts, principal: Principal, id: PersonId): Promise<KnownPerson> {
  if (id !== principal.person || !may(principal, 'read-own-claims')) mustBeAllowed(principal, 'read-people')
  const found = await cached.person(principal.org, id)
  if (found === null) throw new PerchError('PERSON_UNKNOWN', { person: id })
  return known(found)
}

export async function people ({ directory }: DirectoryAdminParts, principal: Principal, query: { after: string | null, limit: number, group?: string | undefined }): Promise<People> {
  mustBeAllowed(principal, 'read-people')
  const page = await directory.people(principal.org, query)
  return { people: page.map(known), next: page.length < query.limit ? null : page.at(-1)?.id ?? null }
}

/** Of somebody given twice the last counts. Every screen that shows one of them follows. */
export async function putPeople (parts: DirectoryAdminParts, principal: Principal, body: PeopleBody): Promise<{ created: number, changed: number }> {
  const { org } = principal
  mustBeAllowed(principal, 'write-people')
  const given = [...new Map(body.people.map(person => [person.id, person])).values()]
  const before = await peopleById(parts, org, given.map(({ id }) => id))
  const stored = given.map(({ id, name, visibility, groups, badges }): StoredPerson => ({
    id,
    name,
    visibility: visibility ?? 'everyone',
    groups: groups ?? [],
    badges: badges?.map(badge => parts.badgeHash(badge)) ?? before.get(id)?.badges ?? []
  }))
  await parts.directory.putPeople(org, stored)
  const changed = stored.filter(({ id }) => before.has(id))
  for (const { id } of changed) await parts.tell(org, { what: 'person', id })
  await parts.presenter.present(org, changed.filter(person => looksOther(before.get(person.id), person)).map(({ id }) => id))
  return { created: stored.length - changed.length, changed: changed.length }
}

/** Their claims end first; once they are gone, those that somebody made meanwhile. */
export async function removePerson (parts: DirectoryAdminParts, principal: Principal, id: PersonId): Promise<void> {
  mustBeAllowed(principal, 'write-people')
  await releaseAll(parts, principal, id)
  if (!await parts.directory.removePerson(principal.org, id)) return
  await parts.tell(principal.org, { what: 'person', id })
  await releaseAll(parts, principal, id)
}

export async function groups ({ directory }: DirectoryAdminParts, principal: Principal): Promise<Group[]> {
  mustBeAllowed(principal, 'read-people')
  return await directory.groups(principal.org)
}

export async function putGroups ({ directory }: DirectoryAdminParts, principal: Principal, list: readonly GroupView[]): Promise<void> {
  mustBeAllowed(principal, 'write-people')
  for (const { id, name } of list) await directory.putGroup(principal.org, { id, name })
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

async function releaseAll ({ commands, clock }: DirectoryAdminParts, principal: Principal, person: PersonId): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const from = clock.now()
    const claims = await commands.claims(principal, { person, from, to: from + FARTHEST_HORIZON + LONGEST_STAY, limit: CLAIMS_PER_ROUND })
    const active = claims.filter(({ life }) => life.state !== 'ended')
    if (active.length === 0) return
    for (const { id } of active) await commands.release(principal, id, 'accepted').catch(unlessEnded)
  }
  throw new PerchError('BUSY')
}

function unlessEnded (error: unknown): void {
  if (!(error instanceof PerchError) || (error.code !== 'CLAIM_ENDED' && error.code !== 'CLAIM_UNKNOWN')) throw error
}
