import type { ClientBase } from 'pg'
import type { OrgId } from '../../domain/ids.ts'
import { impersonal, personIn } from '../../domain/nobody.ts'
import { AUDITED_EVENTS, type AuditEntry, type AuditNote, type AuditQuery } from '../../application/audit.ts'
import { dayOf, ensureSubjects } from './subjects.ts'
import type { Db } from './transaction.ts'
import { columnwise, unnest } from './unnest.ts'

const NOTES = { at: 'int8', by: 'text', by_person: 'text', action: 'text', person: 'text', what: 'text', detail: 'jsonb', day: 'int4', place: 'int4' } as const

/** Within the transaction of what they tell of. */
export async function writeNotes (client: ClientBase, org: OrgId, notes: readonly AuditNote[]): Promise<void> {
  const rows = notes.map(({ at, by, action, person, what, detail }, place) => {
    return { at, by: impersonal(by), by_person: personIn(by), action, person, what, detail: JSON.stringify(detail), day: dayOf(at), place }
  })
  for (const day of new Set(rows.map(row => row.day))) {
    await ensureSubjects(client, org, rows.filter(row => row.day === day).flatMap(row => [row.by_person, row.person]).filter(person => person !== null), day)
  }
  await client.query(`
    insert into perch.audit (org, at, by, by_subject, action, subject, what, detail)
    select $1, perch.moment(u.at), u.by, b.subject, u.action, s.subject, u.what, u.detail
    from ${unnest(NOTES, 2)}
      left join perch.subjects s on s.org = $1 and s.person = u.person and s.day = u.day
      left join perch.subjects b on b.org = $1 and b.person = u.by_person and b.day = u.day
    order by u.place`, [org, ...columnwise(NOTES, rows)])
}

/**
 * What was noted, and the floors' events: of each floor no more than a page is read, from its newest end. The parameters: org, from, to, the position before (moment and key; a
 * moment beyond all for none), limit, and the filters, which are null where nothing is asked: people, whether only about them, action, claim, space, floor.
 */
const TRAIL = `
with people as (
  select subject from perch.subjects where org = $1 and person = $7
), trail as (
  (select a.at, 'a' || lpad(a.n::text, 19, '0') as key, a.by, a.by_subject, a.action, a.subject, null::uuid as claim, null as space, null as floor, a.what, a.detail
  from perch.audit a
  where a.org = $1 and a.at >= perch.moment($2) and a.at < perch.moment($3) and a.at <= perch.moment($4) and (a.at, 'a' || lpad(a.n::text, 19, '0')) < (perch.moment($4), $5)
    and ($7::text is null or a.subject in (select subject from people) or (not $8 and a.by_subject in (select subject from people)))
    and ($9::text is null or a.action = $9) and $10::uuid is null and $11::text is null and ($12::text is null or a.what = $12)
  order by a.at desc, a.n desc limit $6)
  union all
  (select e.* from (select floor from perch.floor_seqs where org = $1 and ($12::text is null or floor = $12)) f, lateral (
    select e.at, 'e' || e.floor || '/' || lpad(e.epoch::text, 19, '0') || lpad(e.seq::text, 19, '0') || lpad(e.idx::text, 5, '0') as key, e.by, e.by_subject, e.type as action,
      e.subject, e.claim, e.space, e.floor, null as what,
      case e.type when 'ended' then jsonb_build_object('why', e.body -> 'why') when 'moved' then jsonb_build_object('was', e.body -> 'was') else '{}' end as detail
    from perch.events e
    where e.org = $1 and e.floor = f.floor and e.at >= perch.moment($2) and e.at < perch.moment($3) and e.at <= perch.moment($4)
      and (e.at, 'e' || e.floor || '/' || lpad(e.epoch::text, 19, '0') || lpad(e.seq::text, 19, '0') || lpad(e.idx::text, 5, '0')) < (perch.moment($4), $5)
      and e.type = any ($13) and ($9::text is null or e.type = $9) and ($10::uuid is null or e.claim = $10) and ($11::text is null or e.space = $11)
      and ($7::text is null or e.subject in (select subject from people) or (not $8 and e.by_subject in (select subject from people)))
    order by e.at desc, e.epoch desc, e.seq desc, e.idx desc limit $6
  ) e)
)
select t.at, t.key, case when b.person is null then t.by else 'person:' || b.person end as by, t.action, s.person, t.claim, t.space, t.floor, t.what, t.detail
from trail t left join perch.subjects b on b.subject = t.by_subject left join perch.subjects s on s.subject = t.subject
order by t.at desc, t.key desc limit $6`

export async function readAudit (db: Db, org: OrgId, query: AuditQuery): Promise<AuditEntry[]> {
  const { person, about, action, claim, space, floor, from, to, before, limit } = query
  const { rows } = await db.query<AuditEntry>(TRAIL, [
    org, from, to, before?.at ?? to, before?.key ?? '~', limit, about ?? person ?? null, about !== undefined, action ?? null, claim ?? null, space ?? null, floor ?? null, AUDITED_EVENTS
  ])
  // A row of an earlier release names people itself, until history is made anonymous up to there.
  return rows
}
