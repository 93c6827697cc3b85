import type { Pool } from 'pg'
import type { Ledger } from '../../application/ports.ts'
import { claimsToLoad, findClaim, knownClaims, lastingClaim, searchClaims } from './claims.ts'
import { lastingCursor, raiseEpoch, readCursor, switchStream } from './cursor.ts'
import { translated } from './failure.ts'
import { liveState } from './live-state.ts'
import { findSetAside, markRevoked } from './quarantine.ts'
import { record } from './record.ts'
import { resync } from './resync.ts'
import { servedOn, type ServingRole } from './serving.ts'
import { Subjects } from './subjects.ts'

export interface LedgerPlaces {
  /** For what reads or writes a whole shard, and may take longer than a recorder may wait. Default: the recorder's. */
  chores?: Pool
  /** As whom claims that a request asks for are read; the rest is the recorder's and keeper's. Default: the owner. */
  role?: ServingRole
}

/** The ledger over a migrated database. The pools are its own from now on: `close` ends them. */
export function createLedger (pool: Pool, { chores = pool, role = null }: LedgerPlaces = {}): Ledger {
  const subjects = new Subjects()
  const ofOrg = servedOn(pool, role)
  return {
    cursor: async shard => await translated(async () => await readCursor(pool, shard)),
    async lastingCursor (shard) {
      // Whoever begins a shard knows nothing of before: the server may have been set back.
      subjects.forget()
      return await translated(async () => await lastingCursor(pool, shard))
    },
    raiseEpoch: async (shard, atLeast) => await translated(async () => await raiseEpoch(pool, shard, atLeast)),
    record: async (shard, from, entries) => await translated(async () => await record(pool, subjects, shard, from, entries)),
    resync: async (shard, from, part) => await translated(async () => await resync(chores, shard, from, part)),
    setAside: async (shard, limit) => await translated(async () => await findSetAside(pool, shard, limit)),
    revoked: async (shard, upTo) => { await translated(async () => await markRevoked(pool, shard, upTo)) },
    switchStream: async (shard, from, n) => await translated(async () => await switchStream(pool, shard, from, n)),
    orgs: async shard => await translated(async () => await liveState(chores, shard)),
    claimsToLoad: async (org, now, after, limit) => await translated(async () => await claimsToLoad(chores, org, now, after, limit)),
    known: async (org, ids) => await translated(async () => await knownClaims(chores, org, ids)),
    claims: async (org, query) => await translated(async () => await ofOrg(org, async db => await searchClaims(db, org, query))),
    claim: async (org, id) => await translated(async () => await ofOrg(org, async db => await findClaim(db, org, id))),
    lastingClaim: async (org, id) => await translated(async () => await lastingClaim(pool, org, id)),
    ping: async () => { await translated(async () => await pool.query('select 1')) },
    close: async () => { await Promise.all([...new Set([pool, chores])].map(async pool => { if (!pool.ended) await pool.end() })) }
  }
}
