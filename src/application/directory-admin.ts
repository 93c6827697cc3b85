import type { FloorId, GroupId, PersonId, SiteId } from '../domain/ids.ts'
import type { FoundPerson, GroupView, MeBody, PeopleBody, PersonBody } from '../protocol/people.ts'
import type { FloorBody } from '../protocol/plan.ts'
import type { OrgBody, SiteBody } from '../protocol/site.ts'
import type { DirectoryNews } from './news.ts'
import type { Commands } from './commands.ts'
import type { CachedDirectory } from './directory-cache.ts'
import type { Directory, FloorSummary, Group, Org, Site, StoredFloor, StoredPerson } from './directory.ts'
import type { Calendars, Clock } from './ports.ts'
import type { LookUps } from './look-ups.ts'
import type { Presenter } from './presenter.ts'
import type { Principal } from './principal.ts'
import { findPeople, groups, me, people, person, putGroups, putMe, putPeople, putPin, removePerson } from './put-people.ts'
import { putFloor } from './put-floor.ts'
import { org, putOrg, putSite, sites } from './put-site.ts'
import { PerchError } from '../domain/errors.ts'
import { may, mustBeAllowed } from './rights.ts'
import type { SyncParts } from './sync-floor.ts'
import type { Transacted } from './transact.ts'

/** A person as who may read people sees them: how many badges, and not what is on them. */
export type KnownPerson = Omit<StoredPerson, 'badges'> & { badges: number }

export interface PutFloorOptions {
  /** End the claims of spaces that the change takes off; without it such a change is refused. */
  release: boolean
}

export interface FloorPut {
  floor: StoredFloor
  /** There was no such floor before. */
  created: boolean
  /** Spaces that this change took off. */
  removed: readonly string[]
}

/**
 * The use cases around the directory, the same for every transport. Bodies have the shape of their schemas. Every call checks rights first, may be repeated without harm,
 * and throws PerchError. When a call that changes something returns, the live state follows it, on every screen.
 */
export interface DirectoryAdmin {
  /** @throws ORG_UNKNOWN */
  org (principal: Principal): Promise<Org>
  putOrg (principal: Principal, body: OrgBody): Promise<Org>
  /** Those that the principal may see, by id. */
  sites (principal: Principal): Promise<Site[]>
  /** @throws BAD_REQUEST for an unknown zone or hours that end before they begin */
  putSite (principal: Principal, id: SiteId, body: SiteBody): Promise<Site>
  floors (principal: Principal): Promise<FloorSummary[]>
  /** @throws FLOOR_UNKNOWN */
  floor (principal: Principal, id: FloorId): Promise<StoredFloor>
  /** No claim is lost: @throws SPACE_IN_USE with the spaces, PLAN_INVALID with `problems`, PLAN_CHANGED, SITE_UNKNOWN */
  putFloor (principal: Principal, id: FloorId, body: FloorBody, options: PutFloorOptions): Promise<FloorPut>
  /** @throws PERSON_UNKNOWN */
  person (principal: Principal, id: PersonId): Promise<KnownPerson>
  people (principal: Principal, query: { after: string | null, limit: number, group?: GroupId | undefined }): Promise<{ people: KnownPerson[], next: PersonId | null }>
  /** By name, from three letters on, at most 5; never who is hidden. @throws BAD_REQUEST */
  findPeople (principal: Principal, search: string): Promise<FoundPerson[]>
  /** Who asks. @throws FORBIDDEN for who is nobody, PERSON_UNKNOWN */
  me (principal: Principal): Promise<KnownPerson>
  /** Their name; null for who is no person, or none that the directory knows. */
  ownName (principal: Principal): Promise<string | null>
  /** Their own choice. @throws as `me` */
  putMe (principal: Principal, body: MeBody): Promise<KnownPerson>
  /** For kiosks: set, which also unlocks it, or null to take it away. @throws PERSON_UNKNOWN */
  putPin (principal: Principal, id: PersonId, pin: string | null): Promise<void>
  /** Create or change; true: they were there before. */
  putPerson (principal: Principal, id: PersonId, body: PersonBody): Promise<{ person: KnownPerson, created: boolean }>
  putPeople (principal: Principal, body: PeopleBody): Promise<{ created: number, changed: number }>
  /** Ends the claims they have and forgets them; of nobody: nothing. */
  removePerson (principal: Principal, id: PersonId): Promise<void>
  groups (principal: Principal): Promise<Group[]>
  putGroups (principal: Principal, groups: readonly GroupView[]): Promise<void>
}

export interface DirectoryAdminParts extends SyncParts {
  /** As it is; what is written here is decided from what is read here. */
  directory: Directory
  cached: CachedDirectory
  calendars: Calendars
  clock: Clock
  commands: Commands
  presenter: Presenter
  /** HMAC of what a badge reader reads. */
  badgeHash (badge: string): string
  lookUps: Pick<LookUps, 'looked'>
  /** This node has heard when it returns, the others soon. */
  tell (org: string, news: DirectoryNews): Promise<void>
  /** Whether a commit came to be in Postgres; waits some seconds for it. */
  persisted (org: string, done: Transacted): Promise<boolean>
}

/** Who changes a person is answered with them: that is written down already. */
const UNSEEN: Pick<LookUps, 'looked'> = { looked: async () => {} }

export function directoryAdmin (parts: DirectoryAdminParts): DirectoryAdmin {
  return {
    org: async principal => await org(parts, principal),
    putOrg: async (principal, body) => await putOrg(parts, principal, body),
    sites: async principal => await sites(parts, principal),
    putSite: async (principal, id, body) => await putSite(parts, principal, id, body),
    floors: async principal => await floors(parts, principal),
    floor: async (principal, id) => await floor(parts, principal, id),
    putFloor: async (principal, id, body, options) => await putFloor(parts, principal, id, body, options),
    person: async (principal, id) => await person(parts, principal, id),
    people: async (principal, query) => await people(parts, principal, query),
    findPeople: async (principal, search) => await findPeople(parts, principal, search),
    me: async principal => await me(parts, principal),
    ownName: async ({ org, person }) => person === null ? null : (await parts.directory.person(org, person))?.name ?? null,
    putMe: async (principal, body) => await putMe(parts, principal, body),
    putPin: async (principal, id, pin) => { await putPin(parts, principal, id, pin) },
    putPerson: async (principal, id, { id: _, ...body }) => {
      const { created } = await putPeople(parts, principal, { people: [{ ...body, id }] })
      return { person: await person({ ...parts, lookUps: UNSEEN }, principal, id), created: created > 0 }
    },
    putPeople: async (principal, body) => await putPeople(parts, principal, body),
    removePerson: async (principal, id) => await removePerson(parts, principal, id),
    groups: async principal => await groups(parts, principal),
    putGroups: async (principal, list) => await putGroups(parts, principal, list)
  }
}

async function floors ({ cached }: DirectoryAdminParts, principal: Principal): Promise<FloorSummary[]> {
  mustBeAllowed(principal, 'read-floors')
  return (await cached.floors(principal.org)).filter(({ site }) => may(principal, 'read-floors', { site }))
}

/** A floor of a site that the principal has nothing to do with is as unknown as one that is not there. */
async function floor ({ cached }: DirectoryAdminParts, principal: Principal, id: FloorId): Promise<StoredFloor> {
  mustBeAllowed(principal, 'read-floors')
  const found = await cached.floor(principal.org, id)
  if (found === null || !may(principal, 'read-floors', { site: found.site })) throw new PerchError('FLOOR_UNKNOWN', { floor: id })
  return found
}
