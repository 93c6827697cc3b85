import type { ClientBase } from 'pg'
import type { Cursor, LedgerEntry } from '../../application/ports.ts'
import { BLOCKS, CLAIMS, EVENTS, FIRSTS, READINGS, SEQS, UNBLOCKED, collapse, type Batch } from './batch.ts'
import { columnwise, unnest, width, type Columns } from './unnest.ts'

/** The first parameters of the statement: the cursor as it must be, and the n it gets. */
const CURSOR = 5

/** The statement's tables in the order of its parameters. */
const PARTS = { events: EVENTS, claims: CLAIMS, blocks: BLOCKS, unblocked: UNBLOCKED, readings: READINGS, seqs: SEQS, firsts: FIRSTS } as const

function source (wanted: keyof typeof PARTS): string {
  let first = CURSOR + 1
  for (const [name, columns] of Object.entries<Columns>(PARTS)) {
    if (name === wanted) return unnest(columns, first)
    first += width(columns)
  }
  throw new TypeError(`no rows called ${wanted}`)
}

/**
 * Every part takes its rows together with the row of `cas`: where the cursor has moved, there is none, and nothing is written. One statement is one round trip and,
 * outside a transaction, one commit; it is judged by the constraints once it is done, so the order of the rows does not matter.
 */
const STATEMENT = `
with cas as (
  update perch.shards set n = $5 where shard = $1 and epoch = $2 and stream = $3 and n = $4
    and not exists (select 1 from ${source('firsts')} left join perch.floor_seqs f on f.org = u.org and f.floor = u.floor where u.seq <> coalesce(f.seq, 0) + 1)
  returning shard, stream
), events as (
  insert into perch.events (org, floor, at, epoch, seq, idx, n, type, space, claim, by, body, subject, by_subject)
  select u.org, u.floor, perch.moment(u.at), cas.stream, u.seq, u.idx, u.n, u.type, u.space, u.claim, u.by, u.body, s.subject, b.subject
  from cas, ${source('events')}
    left join perch.subjects s on s.org = u.org and s.person = u.person and s.day = u.day
    left join perch.subjects b on b.org = u.org and b.person = u.by_person and b.day = u.day
), claims as (
  insert into perch.claims as c (org, id, space, floor, kind, person, by, from_at, to_at, created_at, sole, state, release_at, checked_in_at, ended_at, why, hash)
  select u.org, u.id, u.space, u.floor, u.kind, u.person, u.by, perch.moment(u.from_at), perch.moment(u.to_at), perch.moment(u.created_at), u.sole, u.state,
    perch.moment(u.release_at), perch.moment(u.checked_in_at), perch.moment(u.ended_at), u.why, coalesce(u.hash, '')
  from cas, ${source('claims')}
  on conflict (org, id) do update set
    space = excluded.space, floor = excluded.floor, kind = excluded.kind, person = excluded.person, by = excluded.by, from_at = excluded.from_at, to_at = excluded.to_at,
    created_at = excluded.created_at, sole = excluded.sole, state = excluded.state, release_at = excluded.release_at,
    checked_in_at = case excluded.state when 'booked' then null else coalesce(excluded.checked_in_at, c.checked_in_at) end,
    ended_at = excluded.ended_at, why = excluded.why, hash = coalesce(nullif(excluded.hash, ''), c.hash), recorded_at = excluded.recorded_at
), blocks as (
  insert into perch.blocks (org, space, since, until, reason, by)
  select u.org, u.space, perch.moment(u.since), perch.moment(u.until), u.reason, u.by
  from cas, ${source('blocks')}
  on conflict (org, space) do update set since = excluded.since, until = excluded.until, reason = excluded.reason, by = excluded.by
), unblocked as (
  delete from perch.blocks b using cas, ${source('unblocked')} where b.org = u.org and b.space = u.space
), readings as (
  insert into perch.readings (org, space, value, at, since, stale_at, marks)
  select u.org, u.space, u.value, perch.moment(u.at), perch.moment(u.since), perch.moment(u.stale_at), u.marks
  from cas, ${source('readings')}
  on conflict (org, space) do update set value = excluded.value, at = excluded.at, since = excluded.since, stale_at = excluded.stale_at, marks = excluded.marks
), seqs as (
  insert into perch.floor_seqs as f (org, floor, shard, seq)
  select u.org, u.floor, cas.shard, u.seq
  from cas, ${source('seqs')}
  on conflict (org, floor) do update set seq = greatest(f.seq, excluded.seq)
)
select 1 from cas`

/**
 * Applies entries and moves the cursor from `from` to the last entry's n, all or nothing. False: the cursor is not at `from`, or an entry does not follow on what is recorded;
 * nothing was written. Throws what the driver throws; a refusal (see failure.ts) means that some entry cannot be applied.
 */
export async function recordBatch (client: ClientBase, shard: number, from: Cursor, entries: readonly LedgerEntry[]): Promise<boolean> {
  const last = entries.at(-1)
  if (last === undefined) return true
  return await applyBatch(client, shard, from, last.n, collapse(entries))
}

/** Writes rows and moves the cursor from `from` to `n`, as `recordBatch`. */
export async function applyBatch (client: ClientBase, shard: number, from: Cursor, n: number, batch: Batch): Promise<boolean> {
  const values = [shard, from.epoch, from.stream, from.n, n, ...parameters(batch)]
  const { rowCount } = await client.query({ name: 'perch-record', text: STATEMENT, values })
  return rowCount === 1
}

function parameters ({ events, claims, blocks, unblocked, readings, seqs, firsts }: Batch): unknown[] {
  return [
    ...columnwise(EVENTS, events),
    ...columnwise(CLAIMS, claims),
    ...columnwise(BLOCKS, blocks),
    ...columnwise(UNBLOCKED, unblocked),
    ...columnwise(READINGS, readings),
    ...columnwise(SEQS, seqs),
    ...columnwise(FIRSTS, firsts)
  ]
}
