import pg from 'pg'
import type { Pool, PoolClient } from 'pg'
import type { OrgId } from '../../domain/ids.ts'
import { translated } from './failure.ts'
import { transaction, type Db } from './transaction.ts'

/** As whom requests are served. It owns no table, so row-level security holds for it, and cannot log in: the node's own login becomes it for a transaction. Roles are the cluster's. */
export const SERVING_ROLE = 'perch_edge'

/** Null: the database has no such role for this login, and requests are served as the login itself. */
export type ServingRole = typeof SERVING_ROLE | null

/** What a request may do, by table, and nothing else: a table that is missing here is none of its business. Erasing a person takes them out of what the recorder wrote. */
const GRANTS: Readonly<Record<string, string>> = {
  orgs: 'select, insert, update',
  sites: 'select, insert, update',
  floors: 'select, insert, update',
  zones: 'select, insert, update, delete',
  spaces: 'select, insert, update',
  people: 'select, insert, update, delete',
  badges: 'select, insert, delete',
  groups: 'select, insert, update',
  memberships: 'select, insert, delete',
  name_words: 'select, insert, delete',
  pins: 'select, insert, update, delete',
  keys: 'select, insert, update, delete',
  devices: 'select, insert, update, delete',
  audit: 'select, insert',
  subjects: 'select, insert, delete',
  claims: 'select, update (person, by, hash)',
  events: 'select, update (by, body)',
  blocks: 'select, update (by)',
  quarantine: 'select, update (entry)',
  floor_seqs: 'select'
}

/** Any number that nobody else locks in this database: two above the one of migrations. */
const LOCK = 0x706572636a

/**
 * Sees to it that the role is there, that this login may become it, and that it may do what requests need. Null where the login may make no roles and nobody has made this one for it.
 * Of a migrated database. Safe to repeat, and on many nodes at once. @throws LEDGER_BEHIND
 */
export async function ensureServingRole (pool: Pool): Promise<ServingRole> {
  return await translated(async () => await transaction(pool, async client => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK])
    if (!await canServe(client)) {
      await succeeds(client, `create role ${SERVING_ROLE} nologin`)
      await succeeds(client, `grant ${SERVING_ROLE} to current_user`)
      if (!await canServe(client)) return null
    }
    const grants = Object.entries(GRANTS).map(([table, rights]) => `grant ${rights} on perch.${table} to ${SERVING_ROLE};`)
    await client.query(`grant usage on schema perch to ${SERVING_ROLE}; ${grants.join(' ')}`)
    return SERVING_ROLE
  }))
}

/** As whom requests would be served now; nothing is changed. Of a migrated database. */
export async function servingRole (pool: Pool): Promise<ServingRole> {
  return await translated(async () => await transaction(pool, async client => {
    return await succeeds(client, `set local role ${SERVING_ROLE}; select from perch.orgs limit 1; reset role`) ? SERVING_ROLE : null
  }))
}

/** Tried instead of looked up: from release 16 on a member of a role may not always become it. */
async function canServe (client: PoolClient): Promise<boolean> {
  return await succeeds(client, `set local role ${SERVING_ROLE}; reset role`)
}

/** Not allowed to, no such role, there is one already (also one that another database's node has just made). */
const MAY_FAIL = ['42501', '22023', '42704', '42710', '23505']

async function succeeds (client: PoolClient, statement: string): Promise<boolean> {
  try {
    await client.query(`savepoint attempt; ${statement}; release savepoint attempt`)
    return true
  } catch (error) {
    if (!(error instanceof pg.DatabaseError && MAY_FAIL.includes(error.code ?? ''))) throw error
    await client.query('rollback to savepoint attempt')
    return false
  }
}

/** Runs what a request asks of one org's rows. */
export type OfOrg = <T>(org: OrgId, run: (db: Db) => Promise<T>) => Promise<T>

/**
 * With the role: in one transaction, in which Postgres shows and takes rows of that org alone, whatever the statements say. It ends with the transaction, so no connection keeps an org.
 * Without: the statements' own conditions have to do.
 */
export function servedOn (pool: Pool, role: ServingRole): OfOrg {
  if (role === null) return async (_, run) => await run(pool)
  return async (org, run) => await transaction(pool, run, `begin; set local role ${role}; set local perch.org = ${pg.escapeLiteral(org)}`)
}
