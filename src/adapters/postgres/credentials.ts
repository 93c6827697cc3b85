import type { Pool } from 'pg'
import type { Credential, Credentials } from '../../application/credentials.ts'
import type { KeyId } from '../../application/keys.ts'
import { HOUR, type Millis } from '../../domain/time.ts'
import { translated } from './failure.ts'

/** Whatever has a token, over a migrated database. The pool stays the caller's, who ends it. */
export function createCredentials (pool: Pool): Credentials {
  return {
    credential: async (id, at) => await translated(async () => await findCredential(pool, id, at)),
    gone: async (ids, at) => await translated(async () => await goneCredentials(pool, ids, at)),
    used: async (ids, at) => await translated(async () => await usedCredentials(pool, ids, at))
  }
}

const WORKS = 'revoked_at is null and (expires_at is null or expires_at > perch.moment($2))'

const FIND = `
select id, org, 'key:' || name as principal, role, site, hash, expires_at as "expiresAt", last_used as "lastUsedAt", ${HOUR} as "usedGrainMs"
from perch.keys where id = $1 and ${WORKS}`

async function findCredential (pool: Pool, id: KeyId, at: Millis): Promise<Credential | null> {
  const { rows: [row] } = await pool.query<Credential>(FIND, [id, at])
  return row ?? null
}

async function goneCredentials (pool: Pool, ids: readonly KeyId[], at: Millis): Promise<KeyId[]> {
  const { rows } = await pool.query<{ id: KeyId }>(`select u.id from unnest($1::text[]) as u (id) where not exists (select from perch.keys k where k.id = u.id and ${WORKS})`, [ids, at])
  return rows.map(({ id }) => id)
}

async function usedCredentials (pool: Pool, ids: readonly KeyId[], at: Millis): Promise<void> {
  await pool.query('update perch.keys set last_used = perch.moment($2) where id = any ($1) and (last_used is null or last_used < perch.moment($2))', [ids, at - at % HOUR])
}
