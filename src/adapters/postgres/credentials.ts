import type { Pool } from 'pg'
import type { Credential, Credentials } from '../../application/credentials.ts'
import { SEEN_GRAIN_MS } from '../../application/devices.ts'
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

/** An id is of one of them: it is made of 64 random bits. */
const FIND = `
select id, org, 'key:' || name as principal, role, site, hash, expires_at as "expiresAt", last_used as "lastUsedAt", ${HOUR} as "usedGrainMs"
from perch.keys where id = $1 and ${WORKS}
union all
select id, org, 'device:' || id, role, site, hash, null, last_seen, ${SEEN_GRAIN_MS}
from perch.devices where id = $1 and revoked_at is null`

async function findCredential (pool: Pool, id: KeyId, at: Millis): Promise<Credential | null> {
  const { rows: [row] } = await pool.query<Credential>(FIND, [id, at])
  return row ?? null
}

const GONE = `
select u.id from unnest($1::text[]) as u (id)
where not exists (select from perch.keys k where k.id = u.id and ${WORKS}) and not exists (select from perch.devices d where d.id = u.id and revoked_at is null)`

async function goneCredentials (pool: Pool, ids: readonly KeyId[], at: Millis): Promise<KeyId[]> {
  const { rows } = await pool.query<{ id: KeyId }>(GONE, [ids, at])
  return rows.map(({ id }) => id)
}

const USED = `
with of_keys as (
  update perch.keys set last_used = perch.moment($2) where id = any ($1) and (last_used is null or last_used < perch.moment($2))
)
update perch.devices set last_seen = perch.moment($3) where id = any ($1) and (last_seen is null or last_seen < perch.moment($3))`

async function usedCredentials (pool: Pool, ids: readonly KeyId[], at: Millis): Promise<void> {
  await pool.query(USED, [ids, at - at % HOUR, at - at % SEEN_GRAIN_MS])
}
