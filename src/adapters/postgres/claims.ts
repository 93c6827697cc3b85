import type { Pool } from 'pg'
import type { Claim, ClaimLife, EndedWhy } from '../../domain/claim.ts'
import { KNOWN_AFTER_ID } from '../../domain/holdings.ts'
import { isClaimId, type ClaimId, type OrgId } from '../../domain/ids.ts'
import { LONGEST_STAY } from '../../domain/policy.ts'
import type { SpaceKind } from '../../domain/space.ts'
import type { Millis } from '../../domain/time.ts'
import type { ClaimQuery, LedgerClaim } from '../../application/ports.ts'
import { LASTING } from './cursor.ts'
import type { Db } from './transaction.ts'

/** A row of perch.claims. Its constraint claims_life holds what the union in the domain says. */
interface ClaimRow {
  id: ClaimId
  space: string
  floor: string
  kind: SpaceKind
  person: string
  by: string
  from_at: Millis
  to_at: Millis
  created_at: Millis
  sole: boolean
  release_at: Millis | null
  checked_in_at: Millis | null
  ended_at: Millis | null
  why: EndedWhy | null
  hash: string
}

const COLUMNS = 'id, space, floor, kind, person, by, from_at, to_at, created_at, sole, release_at, checked_in_at, ended_at, why, hash'

function claimOf (row: ClaimRow): Claim {
  const { id, space, floor, kind, person, by, sole } = row
  return { id, space, floor, kind, person, by, from: row.from_at, to: row.to_at, createdAt: row.created_at, sole, life: lifeOf(row) }
}

function lifeOf (row: ClaimRow): ClaimLife {
  if (row.ended_at !== null && row.why !== null) return { state: 'ended', at: row.ended_at, why: row.why }
  if (row.checked_in_at !== null) return { state: 'present', since: row.checked_in_at }
  return { state: 'booked', releaseAt: row.release_at }
}

const ledgerClaimOf = (row: ClaimRow): LedgerClaim => ({ claim: claimOf(row), hash: row.hash })

/** The lowest UUID whose time is `at`: ids from there on are at least that young. */
export function lowestId (at: Millis): string {
  const hex = Math.max(at, 0).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** Before every id. */
export const NIL = '00000000-0000-0000-0000-000000000000'

/**
 * Ids are in the order of their time, so the claims to load are a stretch of them, and before it the few that are still active or ended just now: each an index scan that
 * stops at the limit, however long the history.
 */
const TO_LOAD = `
select * from (
  (select ${COLUMNS} from perch.claims where org = $1 and id > $2 and id < $3 and ended_at is null order by id limit $5)
  union all
  (select ${COLUMNS} from perch.claims where org = $1 and id > $2 and id < $3 and ended_at > perch.moment($4) order by id limit $5)
  union all
  (select ${COLUMNS} from perch.claims where org = $1 and id > $2 and id >= $3 order by id limit $5)
) as c order by id limit $5`

export async function claimsToLoad (pool: Pool, org: OrgId, now: Millis, after: ClaimId | null, limit: number): Promise<LedgerClaim[]> {
  const young = lowestId(now - KNOWN_AFTER_ID + 1)
  const { rows } = await pool.query<ClaimRow>(TO_LOAD, [org, after ?? NIL, young, now, limit])
  return rows.map(ledgerClaimOf)
}

export async function knownClaims (pool: Pool, org: OrgId, ids: readonly ClaimId[]): Promise<LedgerClaim[]> {
  const { rows } = await pool.query<ClaimRow>(`select ${COLUMNS} from perch.claims where org = $1 and id = any ($2::uuid[])`, [org, ids.filter(isClaimId)])
  return rows.map(ledgerClaimOf)
}

const FIND = `select ${COLUMNS} from perch.claims where org = $1 and id = $2`

export async function findClaim (db: Db, org: OrgId, id: ClaimId): Promise<LedgerClaim | null> {
  if (!isClaimId(id)) return null
  const { rows: [row] } = await db.query<ClaimRow>(FIND, [org, id])
  return row === undefined ? null : ledgerClaimOf(row)
}

export async function lastingClaim (pool: Pool, org: OrgId, id: ClaimId): Promise<LedgerClaim | null> {
  if (!isClaimId(id)) return null
  const { rows: [row] } = await pool.query<ClaimRow>(FIND + LASTING, [org, id])
  return row === undefined ? null : ledgerClaimOf(row)
}

/** No claim is longer than the longest stay: that gives the indexes, which know `from_at` alone, a lower bound. */
export async function searchClaims (db: Db, org: OrgId, query: ClaimQuery): Promise<Claim[]> {
  const { person, space, floor, site, from, to, limit } = query
  const values: unknown[] = [org, from - LONGEST_STAY, from, to, limit]
  const filters = ['org = $1', 'from_at >= perch.moment($2)', 'to_at > perch.moment($3)', 'from_at < perch.moment($4)']
  const filter = (value: string | undefined, condition: (parameter: string) => string): void => {
    if (value !== undefined) filters.push(condition(`$${values.push(value)}`))
  }
  filter(person, parameter => `person = ${parameter}`)
  filter(space, parameter => `space = ${parameter}`)
  filter(floor, parameter => `floor = ${parameter}`)
  filter(site, parameter => `floor in (select id from perch.floors where org = $1 and site = ${parameter})`)
  const { rows } = await db.query<ClaimRow>(
    `select ${COLUMNS} from perch.claims where ${filters.join(' and ')} order by from_at desc, id desc limit $5`, values)
  return rows.map(claimOf)
}
