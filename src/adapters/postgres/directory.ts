import type { Pool } from 'pg'
import type { Directory } from '../../application/ports.ts'
import { translated } from './failure.ts'
import { findFloor, floorsOf, listFloors, putFloor } from './floors.ts'
import { findOrg, listOrgs, putOrg } from './orgs.ts'
import { findPerson, findPersonByBadge, listGroups, listPeople, putGroup, putPeople, removePerson } from './people.ts'
import { findSite, listSites, putSite } from './sites.ts'

/** The directory over a migrated database. The pool stays the caller's, who ends it. */
export function createDirectory (pool: Pool): Directory {
  return {
    org: async org => await translated(async () => await findOrg(pool, org)),
    orgs: async page => await translated(async () => await listOrgs(pool, page)),
    putOrg: async org => await translated(async () => await putOrg(pool, org)),
    site: async (org, site) => await translated(async () => await findSite(pool, org, site)),
    sites: async org => await translated(async () => await listSites(pool, org)),
    putSite: async (org, site) => await translated(async () => await putSite(pool, org, site)),
    floor: async (org, floor) => await translated(async () => await findFloor(pool, org, floor)),
    floors: async org => await translated(async () => await listFloors(pool, org)),
    putFloor: async (org, floor, revision) => await translated(async () => await putFloor(pool, org, floor, revision)),
    floorsOf: async (org, spaces) => await translated(async () => await floorsOf(pool, org, spaces)),
    person: async (org, person) => await translated(async () => await findPerson(pool, org, person)),
    people: async (org, page) => await translated(async () => await listPeople(pool, org, page)),
    personByBadge: async (org, badge) => await translated(async () => await findPersonByBadge(pool, org, badge)),
    putPeople: async (org, people) => await translated(async () => await putPeople(pool, org, people)),
    removePerson: async (org, person) => await translated(async () => await removePerson(pool, org, person)),
    groups: async org => await translated(async () => await listGroups(pool, org)),
    putGroup: async (org, group) => await translated(async () => await putGroup(pool, org, group))
  }
}
