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
import { servedOn, type OfOrg, type ServingRole } from './serving.ts'
import { findSite, listSites, putSite } from './sites.ts'
import { transaction, type Db } from './transaction.ts'

/** The directory over a migrated database. The pool stays the caller's, who ends it. */
export function createDirectory (pool: Pool, role: ServingRole = null): Directory {
  return directory(pool, servedOn(pool, role), [])
}

function directory (pool: Pool, ofOrg: OfOrg, notes: readonly AuditNote[]): Directory {
  const read = async <T>(org: OrgId, run: (db: Db) => Promise<T>): Promise<T> => await translated(async () => await ofOrg(org, run))
  const change = async <T>(org: OrgId, run: (db: Db) => Promise<T>): Promise<T> => await read(org, async db => {
    if (notes.length === 0) return await run(db)
    return await transaction(db, async client => {
      const result = await run(client)
      // Nothing was there to be changed.
      if (result !== false) await writeNotes(client, org, notes)
      return result
    })
  })
  return {
    noting: more => directory(pool, ofOrg, more),
    org: async org => await read(org, async db => await findOrg(db, org)),
    orgs: async page => await translated(async () => await listOrgs(pool, page)),
    putOrg: async org => await change(org.id, async db => await putOrg(db, org)),
    site: async (org, site) => await read(org, async db => await findSite(db, org, site)),
    sites: async org => await read(org, async db => await listSites(db, org)),
    putSite: async (org, site) => await change(org, async db => await putSite(db, org, site)),
    floor: async (org, floor) => await read(org, async db => await findFloor(db, org, floor)),
    floors: async org => await read(org, async db => await listFloors(db, org)),
    putFloor: async (org, floor, revision) => await change(org, async db => await putFloor(db, org, floor, revision)),
    floorsOf: async (org, spaces) => await read(org, async db => await floorsOf(db, org, spaces)),
    person: async (org, person) => await read(org, async db => await findPerson(db, org, person)),
    people: async (org, page) => await read(org, async db => await listPeople(db, org, page)),
    personByBadge: async (org, badge) => await read(org, async db => await findPersonByBadge(db, org, badge)),
    findPeople: async (org, words, limit) => await read(org, async db => await findPeople(db, org, words, limit)),
    setVisibility: async (org, person, visibility) => await change(org, async db => await setVisibility(db, org, person, visibility)),
    setPin: async (org, person, pin) => await change(org, async db => await setPin(db, org, person, pin)),
    tryPin: async (org, person, now) => await read(org, async db => await tryPin(db, org, person, now)),
    pinWasRight: async (org, person) => await read(org, async db => await pinWasRight(db, org, person)),
    putPeople: async (org, people) => await change(org, async db => await putPeople(db, org, people)),
    removePerson: async (org, person) => await change(org, async db => await removePerson(db, org, person)),
    groups: async org => await read(org, async db => await listGroups(db, org)),
    putGroup: async (org, group) => await change(org, async db => await putGroup(db, org, group))
  }
}
