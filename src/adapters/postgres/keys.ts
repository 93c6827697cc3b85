import type { Pool } from 'pg'
import type { AuditNote } from '../../application/audit.ts'
import { ENDED_KEYS_PER_ORG, KEYS_PER_ORG, type ApiKey, type KeyId, type Keys } from '../../application/keys.ts'
import { PerchError } from '../../domain/errors.ts'
import type { OrgId } from '../../domain/ids.ts'
import type { Millis } from '../../domain/time.ts'
import { writeNotes } from './audit.ts'
import { translated } from './failure.ts'
import { servedOn, type ServingRole } from './serving.ts'
import { transaction, type Db } from './transaction.ts'

/** API keys over a migrated database. The pool stays the caller's, who ends it. */
export function createKeys (pool: Pool, role: ServingRole = null): Keys {
  const ofOrg = servedOn(pool, role)
  return {
    keys: async (org, at) => await translated(async () => await ofOrg(org, async db => await listKeys(db, org, at))),
    addKey: async (key, note) => await translated(async () => await ofOrg(key.org, async db => await addKey(db, key, note))),
    revokeKey: async (org, name, at, note) => await translated(async () => await ofOrg(org, async db => await revokeKey(db, org, name, at, note)))
  }
}

const COLUMNS = 'id, org, name, role, site, hash, created_at as "createdAt", expires_at as "expiresAt", last_used as "lastUsedAt"'

const WORKS = (at: string): string => `revoked_at is null and (expires_at is null or expires_at > ${at})`

const moment = (at: Millis): string => new Date(at).toISOString()

async function listKeys (db: Db, org: OrgId, at: Millis): Promise<ApiKey[]> {
  const { rows } = await db.query<ApiKey>(`select ${COLUMNS} from perch.keys where org = $1 and ${WORKS('$2')} order by name`, [org, moment(at)])
  return rows
}

async function addKey (db: Db, { id, org, name, role, site, hash, createdAt, expiresAt, lastUsedAt }: ApiKey, note: AuditNote): Promise<void> {
  const [now, expires, used] = [moment(createdAt), expiresAt === null ? null : moment(expiresAt), lastUsedAt === null ? null : moment(lastUsedAt)]
  await transaction(db, async client => {
    // One at a time within an org, or two at once would both find room for one more.
    await client.query("select pg_advisory_xact_lock(hashtextextended('perch.keys ' || $1, 0))", [org])
    await client.query('update perch.keys set revoked_at = expires_at where org = $1 and revoked_at is null and expires_at <= $2', [org, now])
    await client.query(`
      delete from perch.keys where org = $1 and id in (select id from perch.keys where org = $1 and revoked_at is not null order by revoked_at desc offset $2)`, [org, ENDED_KEYS_PER_ORG])
    const { rows: [row] } = await client.query<{ n: number }>('select count(*)::integer as n from perch.keys where org = $1 and revoked_at is null', [org])
    if ((row?.n ?? 0) >= KEYS_PER_ORG) throw new PerchError('RATE_LIMITED', { keys: KEYS_PER_ORG })
    await client.query(`
      insert into perch.keys (org, id, name, role, site, hash, created_at, expires_at, last_used) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, [org, id, name, role, site, hash, now, expires, used])
    await writeNotes(client, org, [note])
  })
}

async function revokeKey (db: Db, org: OrgId, name: string, at: Millis, note: AuditNote): Promise<KeyId | null> {
  return await transaction(db, async client => {
    const { rows: [row] } = await client.query<{ id: KeyId }>(`update perch.keys set revoked_at = $3 where org = $1 and name = $2 and ${WORKS('$3')} returning id`, [org, name, moment(at)])
    if (row === undefined) return null
    await writeNotes(client, org, [note])
    return row.id
  })
}
