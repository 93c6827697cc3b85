import type { Pool } from 'pg'
import { openPool } from '../src/adapters/postgres/pool.ts'
import type { ClaimAnswer } from '../src/application/commands.ts'
import type { Principal } from '../src/application/principal.ts'
import { PerchError } from '../src/domain/errors.ts'
import type { ClaimRequest } from '../src/protocol/requests.ts'
import { newClaim, type Claims } from './peer.ts'

/**
 * The constraints as the ledger has them, where the hash in front makes the index three times as fast; not deferrable, and without any index that only reading needs.
 * This is the least a claim costs in Postgres.
 */
export const PEER_SCHEMA = `
create extension if not exists btree_gist;
create table claims (
  id uuid primary key,
  space text not null,
  person text not null,
  kind text not null,
  by text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  created_at timestamptz not null,
  release_at timestamptz not null,
  constraint space_free exclude using gist (hashtextextended(space, 0) with =, tstzrange(from_at, to_at) with &&, space with =),
  constraint person_free exclude using gist (hashtextextended(person, 0) with =, tstzrange(from_at, to_at) with &&, person with =)
)`

/**
 * Prepared once per connection; outside of a transaction block one statement is one transaction. `on conflict` without a target asks all constraints before it inserts:
 * rivals then wait for one another, where a plain insert has them end in deadlocks of a second each.
 */
const INSERT = {
  name: 'claim',
  text: 'insert into claims (id, space, person, kind, by, from_at, to_at, created_at, release_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing'
}
/** Why not: the claim itself, or one in its way. */
const IN_THE_WAY = {
  name: 'in the way',
  text: `select id = $1 as same, space = $2 as space from claims
    where id = $1 or (hashtextextended(space, 0) = hashtextextended($2, 0) and tstzrange(from_at, to_at) && tstzrange($4, $5) and space = $2)
      or (hashtextextended(person, 0) = hashtextextended($3, 0) and tstzrange(from_at, to_at) && tstzrange($4, $5) and person = $3)
    order by 1 desc, 2 desc limit 1`
}

export interface PostgresPeerOptions {
  url: string
  connections: number
  synchronousCommit: boolean
}

/** A claim in Postgres alone: one insert, judged by exclusion constraints on space and person. It knows no policies, floors, watchers or outbox. */
export function postgresPeer ({ url, connections, synchronousCommit }: PostgresPeerOptions): Claims {
  const address = new URL(url)
  address.searchParams.set('options', `-c synchronous_commit=${synchronousCommit ? 'on' : 'off'}`)
  const pool = openPool({ connection: address.href, max: connections, statementTimeoutMs: 10_000, connectTimeoutMs: 30_000, onError: () => {} })
  return {
    async claim (principal: Principal, request: ClaimRequest): Promise<ClaimAnswer> {
      const claim = newClaim(principal, request)
      const inserted = await insert(pool, claim)
      return { claim, position: { floor: claim.floor, epoch: 1, seq: 1 }, persisted: synchronousCommit, repeated: !inserted }
    },
    close: async () => await pool.end()
  }
}

/** False: it was there already. @throws SPACE_TAKEN, PERSON_BUSY, BUSY when whatever stood in the way is gone by now */
async function insert (pool: Pool, { id, space, person, kind, by, from, to, createdAt, life }: ReturnType<typeof newClaim>): Promise<boolean> {
  const releaseAt = life.state === 'booked' ? life.releaseAt : null
  const moments = [from, to, createdAt, releaseAt ?? from].map(at => new Date(at).toISOString())
  const { rowCount } = await pool.query({ ...INSERT, values: [id, space, person, kind, by, ...moments] })
  if (rowCount === 1) return true
  const { rows: [found] } = await pool.query<{ same: boolean, space: boolean }>({ ...IN_THE_WAY, values: [id, space, person, ...moments.slice(0, 2)] })
  if (found === undefined) throw new PerchError('BUSY')
  if (!found.same) throw new PerchError(found.space ? 'SPACE_TAKEN' : 'PERSON_BUSY')
  return false
}
