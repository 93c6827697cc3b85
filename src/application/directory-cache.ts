import { PerchError } from '../domain/errors.ts'
import type { FloorId, OrgId, PersonId, SiteId } from '../domain/ids.ts'
import { effectivePolicy } from '../domain/policy.ts'
import type { DirectoryNews } from './news.ts'
import type { Lookup } from './places.ts'
import type { Directory, FloorSummary, Org, Site, StoredFloor } from './directory.ts'
import type { Calendars, Clock, SiteHours } from './ports.ts'
import { Remembered } from './remembered.ts'
import type { SiteRules } from './transact.ts'

/** What holds at a site, and since which revision of the org's policies. */
export interface PlaceRules extends SiteRules {
  hours: SiteHours
  policyRevision: number
}

/** The directory as one node remembers it: answers are at most a minute old, and new at once where news of the change came through. */
export interface CachedDirectory extends Lookup {
  org (org: OrgId): Promise<Org | null>
  sites (org: OrgId): Promise<readonly Site[]>
  floors (org: OrgId): Promise<readonly FloorSummary[]>
  floor (org: OrgId, floor: FloorId): Promise<StoredFloor | null>
  /** @throws SITE_UNKNOWN, ORG_UNKNOWN */
  place (org: OrgId, site: SiteId): Promise<PlaceRules>
  /** Something changed: what depends on it is read again. */
  forget (org: OrgId, news: DirectoryNews): void
  /** Entries by kind, for the metrics. */
  sizes (): Record<'people' | 'floors' | 'places' | 'lists', number>
}

export interface CachedDirectoryParts {
  directory: Directory
  calendars: Calendars
  clock: Clock
  /** Something of the org is about to be remembered: from now on its news matter. Called often, must be quick. */
  onRemember? (org: OrgId): void
  /** Entries by kind. */
  limits?: Readonly<Record<'people' | 'floors' | 'places' | 'lists', number>>
}

/** How much is remembered at most: 100,000 people are about 40 MB; a floor of 200 spaces is about 150 KB. */
const LIMITS = { people: 100_000, floors: 500, places: 10_000, lists: 3_000 }

export function cachedDirectory ({ directory, calendars, clock, onRemember = () => {}, limits = LIMITS }: CachedDirectoryParts): CachedDirectory {
  const people = new Remembered<NonNullable<Awaited<ReturnType<Directory['person']>>>>(clock, limits.people)
  const floors = new Remembered<StoredFloor>(clock, limits.floors)
  const places = new Remembered<PlaceRules>(clock, limits.places)
  /** An org's own entry and its lists. */
  const orgs = new Remembered<Org>(clock, limits.lists)
  const sites = new Remembered<Site[]>(clock, limits.lists)
  const floorLists = new Remembered<FloorSummary[]>(clock, limits.lists)

  async function readPlace (org: OrgId, site: SiteId): Promise<PlaceRules> {
    const [knownOrg, knownSite] = await Promise.all([directory.org(org), directory.site(org, site)])
    if (knownOrg === null) throw new PerchError('ORG_UNKNOWN', { org })
    if (knownSite === null) throw new PerchError('SITE_UNKNOWN', { site })
    return {
      policy: effectivePolicy(knownOrg.policy, knownSite.policy),
      calendar: calendars.of(knownSite.hours),
      hours: knownSite.hours,
      policyRevision: knownOrg.policyRevision
    }
  }

  /** Tells of the org before the first read of it begins: what changes from here on is heard. */
  function reading<V> (org: OrgId, read: () => Promise<V>): () => Promise<V> {
    return () => {
      onRemember(org)
      return read()
    }
  }

  return {
    org: org => orgs.get(org, reading(org, () => directory.org(org))),
    sites: async org => await sites.get(org, reading(org, () => directory.sites(org))) ?? [],
    floors: async org => await floorLists.get(org, reading(org, () => directory.floors(org))) ?? [],
    floor: (org, floor) => floors.get(`${org}/${floor}`, reading(org, () => directory.floor(org, floor))),
    place: async (org, site) => await places.get(`${org}/${site}`, reading(org, () => readPlace(org, site))) ?? await readPlace(org, site),
    person: (org: OrgId, person: PersonId) => people.get(`${org}/${person}`, reading(org, () => directory.person(org, person))),
    personByBadge: (org, badge) => directory.personByBadge(org, badge),
    forget (org, news) {
      switch (news.what) {
        case 'person': return people.forget(`${org}/${news.id}`)
        case 'floor':
          floors.forget(`${org}/${news.id}`)
          return floorLists.forget(org)
        case 'policy':
          orgs.forget(org)
          sites.forget(org)
          return places.forgetAll(`${org}/`)
        case 'key':
        case 'device':
          // Of no interest here: whoever knows tokens hears it, too.
      }
    },
    sizes: () => ({ people: people.size, floors: floors.size, places: places.size, lists: orgs.size + sites.size + floorLists.size })
  }
}
