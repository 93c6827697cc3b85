import type { Pool } from 'pg'
import { KNOWN_AFTER_ID } from '../../domain/holdings.ts'
import type { OrgId } from '../../domain/ids.ts'
import { NOBODY } from '../../domain/nobody.ts'
import { DAY, type Millis } from '../../domain/time.ts'
import type { Forgotten } from '../../application/archive.ts'
import { lowestId } from './claims.ts'
import { dayOf } from './subjects.ts'

/** Claims that are recorded so long after they ended, by an outbox that waited for Postgres, are not passed over. */
const LATE_MS = 14 * DAY
/** History is gone through in slices, so that no step looks at much more than it may change. */
const SLICE_MS = DAY
/** Nothing was ever done. */
const NEVER_DAY = -1

export async function forgottenUntil (pool: Pool, org: OrgId): Promise<{ until: Millis, day: number } | null> {
  const { rows: [row] } = await pool.query<{ until: Millis, day: number }>('select until, day from perch.retention where org = $1', [org])
  return row ?? null
}

/**
 * Dropping the subjects makes events and audit anonymous as they stand. Claims are followed by their end: an index that knows who is named would cost every claim that is recorded.
 */
export async function forget (pool: Pool, org: OrgId, until: Millis, now: Millis, limit: number): Promise<Forgotten> {
  const subjects = await count(pool, `
    delete from perch.subjects where (org, person, day) in (select org, person, day from perch.subjects where org = $1 and day < $2 order by day limit $3)`, [org, dayOf(until), limit])
  const from = (await forgottenUntil(pool, org))?.until ?? await beginning(pool, org, until)
  const to = Math.min(until, from + SLICE_MS)
  const claims = await count(pool, `
    update perch.claims set person = $5, by = case when by like 'person:%' then 'person' else by end, hash = ''
    where org = $1 and id in (
      select id from perch.claims where org = $1 and ended_at >= perch.moment($2) and ended_at < perch.moment($3) and id < $4 and person <> $5 order by ended_at limit $6)`,
  [org, from - LATE_MS, to, lowestId(now - KNOWN_AFTER_ID), NOBODY, limit])
  const events = await count(pool, `
    update perch.events set by = case when by like 'person:%' then 'person' else by end, body = perch.without_people(body)
    where (org, floor, at, epoch, seq, idx) in (
      select e.org, e.floor, e.at, e.epoch, e.seq, e.idx
      from (select floor from perch.floor_seqs where org = $1) f join perch.events e on e.org = $1 and e.floor = f.floor and e.at >= perch.moment($2) and e.at < perch.moment($3)
      where ${NAMES_SOMEBODY} limit $4)`, [org, from - SLICE_MS, to, limit])
  const quarantined = await count(pool, `
    update perch.quarantine set entry = '' where org = $1 and recorded_at < perch.moment($2) and revoked_at is not null and entry <> ''`, [org, until])
  const isDone = claims < limit && events < limit
  if (isDone) await passed(pool, org, to, to >= until ? dayOf(now) : NEVER_DAY)
  return { subjects, claims, events, quarantined, left: subjects >= limit || !isDone || to < until }
}

async function passed (pool: Pool, org: OrgId, until: Millis, day: number): Promise<void> {
  await pool.query(`
    insert into perch.retention as r (org, until, day) values ($1, perch.moment($2), $3)
    on conflict (org) do update set until = greatest(r.until, excluded.until), day = greatest(r.day, excluded.day)`, [org, until, day])
}

/** Of the first claim that ended, or the first event; `until` where there is none before. */
async function beginning (pool: Pool, org: OrgId, until: Millis): Promise<Millis> {
  const { rows: [row] } = await pool.query<{ at: Millis }>(`
    select least(
      (select min(ended_at) from perch.claims where org = $1 and ended_at is not null),
      (select min(first.at) from perch.floor_seqs f, lateral (select e.at from perch.events e where e.org = $1 and e.floor = f.floor order by e.at limit 1) first where f.org = $1),
      perch.moment($2)) as at`, [org, until])
  return row?.at ?? until
}

/** A row of a release before subjects. */
export const NAMES_SOMEBODY = "(e.by like 'person:%' or e.body -> 'claim' ? 'person' or e.body -> 'claim' ->> 'by' like 'person:%' or e.body -> 'block' ->> 'by' like 'person:%')"

async function count (pool: Pool, statement: string, values: unknown[]): Promise<number> {
  return (await pool.query(statement, values)).rowCount ?? 0
}
