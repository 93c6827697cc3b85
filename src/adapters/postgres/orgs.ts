import type { Pool } from 'pg'
import { shardOf, type OrgId } from '../../domain/ids.ts'
import type { Org, Page } from '../../application/directory.ts'
import type { Db } from './transaction.ts'

const COLUMNS = 'org as id, name, policy, policy_revision as "policyRevision"'

export async function findOrg (db: Db, org: OrgId): Promise<Org | null> {
  const { rows: [row] } = await db.query<Org>(`select ${COLUMNS} from perch.orgs where org = $1`, [org])
  return row ?? null
}

export async function listOrgs (pool: Pool, { after, limit }: Page): Promise<Org[]> {
  const { rows } = await pool.query<Org>(`select ${COLUMNS} from perch.orgs where org > $1 order by org limit $2`, [after ?? '', limit])
  return rows
}

export async function putOrg (db: Db, { id, name, policy }: Pick<Org, 'id' | 'name' | 'policy'>): Promise<Org> {
  const { rows: [row] } = await db.query<Org>(`
    insert into perch.orgs as o (org, name, shard, policy) values ($1, $2, $3, $4)
    on conflict (org) do update set name = excluded.name, policy = excluded.policy,
      policy_revision = o.policy_revision + (o.policy is distinct from excluded.policy)::integer
    returning ${COLUMNS}`, [id, name, shardOf(id), JSON.stringify(policy)])
  if (row === undefined) throw new TypeError('an upsert returns its row')
  return row
}
