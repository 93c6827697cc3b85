import type { Pool } from 'pg'
import type { Cursor } from '../../application/ports.ts'

const READ = 'select epoch, stream, n from perch.shards where shard = $1'

/**
 * Behind a select of what shall not be taken back. A lock on rows is written down, so its commit waits for the standby that `synchronous_standby_names` asks for, and that one then has
 * all that was there to be seen; of the locks this is the one that keeps nobody from changing the row. A standby refuses it: it cannot know.
 */
export const LASTING = ' for key share'

/** A shard's row as it is. */
export async function readCursor (pool: Pool, shard: number): Promise<Cursor> {
  return one(await pool.query<Cursor>(READ, [shard]), shard)
}

export async function lastingCursor (pool: Pool, shard: number): Promise<Cursor> {
  return one(await pool.query<Cursor>(READ + LASTING, [shard]), shard)
}

/** Waits for a recorder that is just moving the row; whoever comes later with the old epoch finds it gone. */
export async function raiseEpoch (pool: Pool, shard: number, atLeast: number): Promise<Cursor> {
  return one(await pool.query<Cursor>('update perch.shards set epoch = greatest(epoch, $2) + 1 where shard = $1 returning epoch, stream, n', [shard, atLeast]), shard)
}

export async function switchStream (pool: Pool, shard: number, from: Cursor, n: number): Promise<boolean> {
  const { rowCount } = await pool.query('update perch.shards set stream = epoch, n = $3 where shard = $1 and epoch = $2', [shard, from.epoch, n])
  return rowCount === 1
}

function one ({ rows: [row] }: { rows: Cursor[] }, shard: number): Cursor {
  if (row === undefined) throw new RangeError(`there is no shard ${shard}`)
  return row
}
