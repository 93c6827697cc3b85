import type { FloorId, GroupId, OrgId, PersonId, SiteId, SpaceId } from '../domain/ids.ts'
import type { Person, Visibility } from '../domain/person.ts'
import type { Floor } from '../domain/plan.ts'
import type { PolicyChange } from '../domain/policy.ts'
import type { Millis } from '../domain/time.ts'
import type { AuditNote } from './audit.ts'
import type { SiteHours } from './ports.ts'

export interface Org {
  id: OrgId
  name: string
  policy: PolicyChange
  /** Grows with every change of the org's or one of its sites' policy or hours. */
  policyRevision: number
}

export interface Site {
  id: SiteId
  name: string
  hours: SiteHours
  policy: PolicyChange
}

export interface StoredFloor extends Floor {
  /** The plan's revision; grows by one with every change of the floor. */
  revision: number
  /** Spaces that were on the plan once; their ids are not given to another floor. */
  removed: readonly SpaceId[]
}

export type FloorSummary = Pick<StoredFloor, 'id' | 'site' | 'name' | 'level' | 'revision'> & { spaces: number }

export interface Group {
  id: GroupId
  name: string
}

/** A person with what a kiosk needs: never sent to a client whole. */
export interface StoredPerson extends Person {
  /** HMAC-SHA256 of each badge, hex. */
  badges: readonly string[]
}

/** A PIN as it is kept: scrypt over its keyed hash; `cost` is scrypt's N, salt and hash are base64. */
export interface PinHash {
  cost: number
  salt: string
  hash: string
}

/** What a list is cut into: at most `limit` of those whose id sorts after `after`. */
export interface Page {
  after: string | null
  limit: number
}

/**
 * Orgs, sites, floors, people and groups, in Postgres. Reads give what was last written. Every call throws LEDGER_BEHIND while Postgres is out of reach,
 * and the named `…_UNKNOWN` code where a parent is missing. Writes are whole: all of one call or nothing.
 */
export interface Directory {
  /** The same directory, each of whose writes also writes these down, in the same transaction; one that says false changed nothing, and nothing is written down. */
  noting (notes: readonly AuditNote[]): Directory

  org (org: OrgId): Promise<Org | null>
  orgs (page: Page): Promise<Org[]>
  /** Create or change; the policy revision grows when the policy changed. */
  putOrg (org: Pick<Org, 'id' | 'name' | 'policy'>): Promise<Org>

  site (org: OrgId, site: SiteId): Promise<Site | null>
  sites (org: OrgId): Promise<Site[]>
  /** Create or change; the org's policy revision grows when hours or policy changed. @throws ORG_UNKNOWN */
  putSite (org: OrgId, site: Site): Promise<{ site: Site, policyRevision: number }>

  floor (org: OrgId, floor: FloorId): Promise<StoredFloor | null>
  floors (org: OrgId): Promise<FloorSummary[]>
  /**
   * Create or change a floor with its zones and spaces; spaces that are no longer there are marked removed. `revision` is the one the caller saw (0: a new floor).
   * @throws SITE_UNKNOWN, PLAN_CHANGED when the revision is another one, PLAN_INVALID when a space id belongs to another floor
   */
  putFloor (org: OrgId, floor: Floor, revision: number): Promise<StoredFloor>
  /** Floor of each space that is or was on a plan; spaces nobody knows are missing. */
  floorsOf (org: OrgId, spaces: readonly SpaceId[]): Promise<Map<SpaceId, FloorId>>

  person (org: OrgId, person: PersonId): Promise<StoredPerson | null>
  people (org: OrgId, page: Page & { group?: GroupId | undefined }): Promise<StoredPerson[]>
  personByBadge (org: OrgId, badge: string): Promise<StoredPerson | null>
  /** Those who are visible and whose names have words that begin so, each of `words` (see nameWords) one; by name and id, at most `limit`. */
  findPeople (org: OrgId, words: readonly string[], limit: number): Promise<StoredPerson[]>
  /** Nothing else of the person changes. False: there is none. */
  setVisibility (org: OrgId, person: PersonId, visibility: Visibility): Promise<boolean>
  /** Set, and unlock; null: take away. False: there is no such person, or nothing to take. */
  setPin (org: OrgId, person: PersonId, pin: PinHash | null): Promise<boolean>
  /** Counts a try, and gives what it is compared with; null: there is none, or it is locked, from the PIN_TRIES-th try in a row on for PIN_LOCKED_MS. */
  tryPin (org: OrgId, person: PersonId, now: Millis): Promise<PinHash | null>
  /** The tries so far are forgotten. */
  pinWasRight (org: OrgId, person: PersonId): Promise<void>
  /** Create or change, at most 1,000 at a time. Groups that are not there yet are made, named like their id. @throws ORG_UNKNOWN */
  putPeople (org: OrgId, people: readonly StoredPerson[]): Promise<void>
  /** Take a person off the directory; false: there was none. */
  removePerson (org: OrgId, person: PersonId): Promise<boolean>

  groups (org: OrgId): Promise<Group[]>
  putGroup (org: OrgId, group: Group): Promise<void>
}
