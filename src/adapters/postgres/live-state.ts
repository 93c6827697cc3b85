import type { Pool } from 'pg'
import type { FloorId, OrgId } from '../../domain/ids.ts'
import type { Block, Reading, ReadingValue } from '../../domain/space.ts'
import type { Millis } from '../../domain/time.ts'
import type { LedgerOrg, LedgerSpace } from '../../application/ports.ts'

interface SpaceRow {
  org: OrgId
  space: string
  blocked_since: Millis | null
  until: Millis | null
  reason: string | null
  by: string | null
  value: ReadingValue | null
  at: Millis | null
  since: Millis | null
  stale_at: Millis | null
  marks: boolean | null
}

/** An org without a commit is there, too: its floors are in the directory. */
const ORGS = `
select org from perch.orgs where shard = $1
union
select org from perch.floor_seqs where shard = $1
order by org`

const SEQS = 'select org, floor, seq from perch.floor_seqs where shard = $1 order by org, floor'

const SPACES = `
select org, space, b.since as blocked_since, b.until, b.reason, b.by, r.value, r.at, r.since, r.stale_at, r.marks
from (select * from perch.blocks where org = any ($1)) b full join (select * from perch.readings where org = any ($1)) r using (org, space)
order by org, space`

export async function liveState (pool: Pool, shard: number): Promise<LedgerOrg[]> {
  const orgs = (await pool.query<{ org: OrgId }>(ORGS, [shard])).rows.map(row => row.org)
  const seqs = (await pool.query<{ org: OrgId, floor: FloorId, seq: number }>(SEQS, [shard])).rows
  const spaces = (await pool.query<SpaceRow>(SPACES, [orgs])).rows
  const found = new Map(orgs.map(org => [org, { org, seqs: new Map<FloorId, number>(), spaces: new Array<LedgerSpace>() }]))
  for (const { org, floor, seq } of seqs) found.get(org)?.seqs.set(floor, seq)
  for (const row of spaces) found.get(row.org)?.spaces.push({ space: row.space, block: blockOf(row), reading: readingOf(row) })
  return [...found.values()]
}

function blockOf ({ blocked_since: since, until, reason, by }: SpaceRow): Block | null {
  return since === null || by === null ? null : { since, until, reason, by }
}

function readingOf ({ value, at, since, stale_at: staleAt, marks }: SpaceRow): Reading | null {
  return value === null || at === null || since === null || marks === null ? null : { value, at, since, staleAt, marks }
}
