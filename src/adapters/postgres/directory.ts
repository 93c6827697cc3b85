import type { Pool } from 'pg'
import type { OrgId } from '../../domain/ids.ts'
import type { AuditNote } from '../../application/audit.ts'
import type { Directory } from '../../application/directory.ts'
import { writeNotes } from './audit.ts'
import { translated } from './failure.ts'
import { findFloor, floorsOf, listFloors, putFloor } from './floors.ts'
import { findOrg, listOrgs, putOrg } from './orgs.ts'
import { findPeople, findPerson, findPersonByBadge, listGroups, listPeople, putGroup, putPeople, removePerson, setVisibility } from './people.ts'
import { pinWasRight, setPin, tryPin } from './pins.ts'
import { findSite, listSites, putSite } from './sites.ts'
import { transaction, type Db } from './transaction.ts'

/** The directory over a migrated database. The pool stays the caller's, who ends it. */
export function createDirectory (pool: Pool): Directory {
  return directory(pool, [])
}

function directory (pool: Pool, notes: readonly AuditNote[]): Directory {
  const change = async <T>(org: OrgId, run: (db: Db) => Promise<T>): Promise<T> => await translated(async () => {
    if (notes.length === 0) return await run(pool)
    return await transaction(pool, async client => {
      const result = await run(client)
      // Nothing was there to be changed.
      if (result !== false) await writeNotes(client, org, notes)
      return result
    })
  })
  return {
    noting: more => directory(pool, more),
    org: async org => await translated(async () => await findOrg(pool, org)),
    orgs: async page => await translated(async () => await listOrgs(pool, page)),
    putOrg: async org => await change(org.id, async db => await putOrg(db, org)),
    site: async (org, site) => await translated(async () => await findSite(pool, org, site)),
    sites: async org => await translated(async () => await listSites(pool, org)),
    putSite: async (org, site) => await change(org, async db => await putSite(db, org, site)),
    floor: async (org, floor) => await translated(async () => await findFloor(pool, org, floor)),
    floors: async org => await translated(async () => await listFloors(pool, org)),
    putFloor: async (org, floor, revision) => await change(org, async db => await putFloor(db, org, floor, revision)),
    floorsOf: async (org, spaces) => await translated(async () => await floorsOf(pool, org, spaces)),
    person: async (org, person) => await translated(async () => await findPerson(pool, org, person)),
    people: async (org, page) => await translated(async () => await listPeople(pool, org, page)),
    personByBadge: async (org, badge) => await translated(async () => await findPersonByBadge(pool, org, badge)),
    findPeople: async (org, words, limit) => await translated(async () => await findPeople(pool, org, words, limit)),
    setVisibility: async (org, person, visibility) => await change(org, async db => await setVisibility(db, org, person, visibility)),
    setPin: async (org, person, pin) => await change(org, async db => await setPin(db, org, person, pin)),
    tryPin: async (org, person, now) => await translated(async () => await tryPin(pool, org, person, now)),
    pinWasRight: async (org, person) => await translated(async () => await pinWasRight(pool, org, person)),
    putPeople: async (org, people) => await change(org, async db => await putPeople(db, org, people)),
    removePerson: async (org, person) => await change(org, async db => await removePerson(db, org, person)),
    groups: async org => await translated(async () => await listGroups(pool, org)),
    putGroup: async (org, group) => await change(org, async db => await putGroup(db, org, group))
  }
}
