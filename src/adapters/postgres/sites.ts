import { PerchError } from '../../domain/errors.ts'
import type { OrgId, SiteId } from '../../domain/ids.ts'
import type { Site } from '../../application/directory.ts'
import { transaction, type Db } from './transaction.ts'

const COLUMNS = "id, name, jsonb_build_object('zone', zone, 'hours', hours) as hours, policy"

export async function findSite (db: Db, org: OrgId, site: SiteId): Promise<Site | null> {
  const { rows: [row] } = await db.query<Site>(`select ${COLUMNS} from perch.sites where org = $1 and id = $2`, [org, site])
  return row ?? null
}

export async function listSites (db: Db, org: OrgId): Promise<Site[]> {
  const { rows } = await db.query<Site>(`select ${COLUMNS} from perch.sites where org = $1 order by id`, [org])
  return rows
}

/** `old` is read before `put` writes: the parts of a statement see what was there when it began. A site that is new changes no rule of a floor that is there. */
const PUT = `
with old as (
  select zone, hours, policy from perch.sites where org = $1 and id = $2
), put as (
  insert into perch.sites (org, id, name, zone, hours, policy) values ($1, $2, $3, $4, $5, $6)
  on conflict (org, id) do update set name = excluded.name, zone = excluded.zone, hours = excluded.hours, policy = excluded.policy
  returning *
), raised as (
  update perch.orgs set policy_revision = policy_revision + 1
  where org = $1 and exists (select from old, put where (old.zone, old.hours, old.policy) is distinct from (put.zone, put.hours, put.policy))
  returning policy_revision
)
select ${COLUMNS}, (select policy_revision from raised) as raised from put`

export async function putSite (db: Db, org: OrgId, { id, name, hours, policy }: Site): Promise<{ site: Site, policyRevision: number }> {
  return await transaction(db, async client => {
    // One change at a time within an org: two at once would each compare with what was there before both, and one revision would stand for two sets of rules.
    const { rows: [parent] } = await client.query<{ revision: number }>('select policy_revision as revision from perch.orgs where org = $1 for update', [org])
    if (parent === undefined) throw new PerchError('ORG_UNKNOWN')
    const opening = hours.hours === null ? null : JSON.stringify(hours.hours)
    const { rows: [row] } = await client.query<Site & { raised: number | null }>(PUT, [org, id, name, hours.zone, opening, JSON.stringify(policy)])
    if (row === undefined) throw new TypeError('an upsert returns its row')
    const { raised, ...site } = row
    return { site, policyRevision: raised ?? parent.revision }
  })
}
