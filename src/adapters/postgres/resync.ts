import type { Pool } from 'pg'
import type { Cursor, Resync } from '../../application/ports.ts'
import { blockRows, claimRow, emptyBatch, readingRow, type Batch } from './batch.ts'
import { isRefused } from './failure.ts'
import { withClient } from './pool.ts'
import { applyBatch } from './record-batch.ts'
import { retried } from './transaction.ts'

/** Who stands in events for what Perch does by itself. */
const SELF = 'perch'

/** See the port. One statement, as a batch of entries is, that leaves the cursor where it is. */
export async function resync (pool: Pool, shard: number, from: Cursor, part: Resync): Promise<'done' | 'moved' | 'refused'> {
  try {
    return await retried(async () => await withClient(pool, async client => await applyBatch(client, shard, from, from.n, rowsOf(part, from.n)))) ? 'done' : 'moved'
  } catch (error) {
    if (isRefused(error)) return 'refused'
    throw error
  }
}

function rowsOf ({ org, at, claims, spaces, floors }: Resync, n: number): Batch {
  return {
    ...emptyBatch(),
    events: floors.map(({ floor, from, to }, idx) => {
      return { org, floor, at, seq: to, idx, n, type: 'resync', space: null, claim: null, by: SELF, body: JSON.stringify({ from, to }), person: null, by_person: null, day: 0 }
    }),
    claims: claims.map(({ claim, hash }) => claimRow(org, claim, hash)),
    ...blockRows(spaces.map(({ space, block }) => ({ org, space, block }))),
    readings: spaces.flatMap(({ space, reading }) => reading === null ? [] : [readingRow(org, space, reading)]),
    seqs: floors.map(({ floor, to }) => ({ org, floor, seq: to }))
  }
}
