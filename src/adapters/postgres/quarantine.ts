import type { ClientBase, Pool } from 'pg'
import { isActive, type Claim } from '../../domain/claim.ts'
import type { Entry } from '../../domain/event.ts'
import type { OrgId } from '../../domain/ids.ts'
import type { Cursor, LedgerEntry, Quarantined, SetAside } from '../../application/ports.ts'

/**
 * The entry is set aside, its floors' seqs and the cursor go on. A claim that it would have brought is stored as revoked: its id stays known with its content, whatever
 * happens before the store revokes it, too. `revoked` holds JSON rows {id, space, …}, as the domain knows a claim, and the hash.
 */
const STATEMENT = `
with cas as (
  update perch.shards set n = $5 where shard = $1 and epoch = $2 and stream = $3 and n = $4 returning shard, stream
), aside as (
  insert into perch.quarantine (org, shard, epoch, n, reason, entry) select $6, cas.shard, cas.stream, $5, $7, $8 from cas
), seqs as (
  insert into perch.floor_seqs as f (org, floor, shard, seq)
  select $6, u.floor, cas.shard, u.seq from cas, unnest($9::text[], $10::int8[]) as u (floor, seq)
  on conflict (org, floor) do update set seq = greatest(f.seq, excluded.seq)
), revoked as (
  insert into perch.claims (org, id, space, floor, kind, person, by, from_at, to_at, created_at, sole, state, ended_at, why, hash)
  select $6, u.id, u.space, u.floor, u.kind, u.person, u.by, perch.moment(u."from"), perch.moment(u."to"), perch.moment(u."createdAt"), u.sole,
    'ended', perch.moment($11), 'revoked', u.hash
  from cas, json_to_recordset($12) as u (
    id uuid, space text, floor text, kind text, person text, by text, "from" bigint, "to" bigint, "createdAt" bigint, sole boolean, hash text)
  on conflict (org, id) do nothing
)
select 1 from cas`

/** Sets one entry aside, and moves the cursor past it. False: the cursor is not at `from`. `known`: its new claims can be stored (their values are sound). */
export async function setAside (client: ClientBase, shard: number, from: Cursor, { n, seqs, entry }: LedgerEntry, reason: string, known: boolean): Promise<boolean> {
  const granted = new Map(entry.events.flatMap(event => event.type === 'granted' ? [[event.claim.id, { ...event.claim, hash: event.hash }]] : []))
  const { rowCount } = await client.query(STATEMENT, [
    shard, from.epoch, from.stream, from.n, n, entry.org, reason, JSON.stringify(entry), [...seqs.keys()], [...seqs.values()],
    entry.at, JSON.stringify(known ? [...granted.values()] : [])
  ])
  return rowCount === 1
}

const STANDING = 'select org, epoch as stream, n, entry from perch.quarantine where shard = $1 and revoked_at is null order by epoch, n limit $2'

export async function findSetAside (pool: Pool, shard: number, limit: number): Promise<SetAside[]> {
  const { rows } = await pool.query<{ org: OrgId, stream: number, n: number, entry: string }>(STANDING, [shard, limit])
  return rows.map(({ org, stream, n, entry }) => ({ stream, n, org, claims: activeClaims(JSON.parse(entry) as Entry) }))
}

export async function markRevoked (pool: Pool, shard: number, { stream, n }: Pick<SetAside, 'stream' | 'n'>): Promise<void> {
  await pool.query('update perch.quarantine set revoked_at = now() where shard = $1 and revoked_at is null and (epoch, n) <= ($2, $3)', [shard, stream, n])
}

/** What the entry's claims are in the store, and are not in the ledger: those that hold something there have to be revoked. */
export function quarantined ({ n, entry }: LedgerEntry): Quarantined {
  return { n, org: entry.org, claims: activeClaims(entry) }
}

function activeClaims ({ events }: Entry): Claim[] {
  const claims = new Map<string, Claim>(events.flatMap(event => 'claim' in event ? [[event.claim.id, event.claim]] : []))
  return [...claims.values()].filter(isActive)
}
