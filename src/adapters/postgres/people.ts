import type { PoolClient } from 'pg'
import { PerchError } from '../../domain/errors.ts'
import type { GroupId, OrgId, PersonId } from '../../domain/ids.ts'
import { nameWords } from '../../domain/name-words.ts'
import type { Visibility } from '../../domain/person.ts'
import type { Group, Page, StoredPerson } from '../../application/directory.ts'
import { transaction, type Db } from './transaction.ts'
import { columnwise, unnest } from './unnest.ts'

/** The most people of one `putPeople`. */
const MOST = 1_000

const COLUMNS = `p.id, p.name, p.visibility,
  array(select m.member_of from perch.memberships m where m.org = p.org and m.person = p.id order by m.member_of) as groups,
  array(select b.badge from perch.badges b where b.org = p.org and b.person = p.id order by b.badge) as badges`

export async function findPerson (db: Db, org: OrgId, person: PersonId): Promise<StoredPerson | null> {
  const { rows: [row] } = await db.query<StoredPerson>(`select ${COLUMNS} from perch.people p where p.org = $1 and p.id = $2`, [org, person])
  return row ?? null
}

export async function findPersonByBadge (db: Db, org: OrgId, badge: string): Promise<StoredPerson | null> {
  const { rows: [row] } = await db.query<StoredPerson>(`
    select ${COLUMNS} from perch.badges h join perch.people p on p.org = h.org and p.id = h.person where h.org = $1 and h.badge = $2`, [org, badge])
  return row ?? null
}

export async function listPeople (db: Db, org: OrgId, { after, limit, group }: Page & { group?: GroupId | undefined }): Promise<StoredPerson[]> {
  const { rows } = group === undefined
    ? await db.query<StoredPerson>(`select ${COLUMNS} from perch.people p where p.org = $1 and p.id > $2 order by p.id limit $3`, [org, after ?? '', limit])
    : await db.query<StoredPerson>(`
      select ${COLUMNS} from perch.memberships g join perch.people p on p.org = g.org and p.id = g.person
      where g.org = $1 and g.person > $2 and g.member_of = $4 order by g.person limit $3`, [org, after ?? '', limit, group])
  return rows
}

/** After every word that begins with what stands before it. */
const LAST_LETTER = '\u{10FFFF}'

/** The longest word finds the fewest: its stretch of the index is looked through for the others. */
export async function findPeople (db: Db, org: OrgId, words: readonly string[], limit: number): Promise<StoredPerson[]> {
  const [longest, ...others] = [...words].sort((a, b) => b.length - a.length)
  if (longest === undefined) return []
  const { rows } = await db.query<StoredPerson>(`
    select ${COLUMNS} from perch.people p
    where p.org = $1 and p.visibility = 'everyone' and p.id in (select w.person from perch.name_words w where w.org = $1 and w.word >= $2 and w.word < $5)
      and not exists (select from unnest($3::text[]) as o (word)
        where not exists (select from perch.name_words w where w.org = p.org and w.person = p.id and starts_with(w.word, o.word)))
    order by p.name, p.id limit $4`, [org, longest, others, limit, longest + LAST_LETTER])
  return rows
}

const WORDS = { person: 'text', word: 'text' } as const
const PEOPLE = { id: 'text', name: 'text', visibility: 'text' } as const
const MEMBERSHIPS = { person: 'text', member_of: 'text' } as const
const BADGES = { badge: 'text', person: 'text' } as const

/** Of a person given twice the last counts. @throws TOO_LARGE, ORG_UNKNOWN, BAD_REQUEST when somebody else has one of the badges */
export async function putPeople (db: Db, org: OrgId, given: readonly StoredPerson[]): Promise<void> {
  if (given.length > MOST) throw new PerchError('TOO_LARGE', { limit: MOST })
  // In the order of ids: two imports at once then wait for each other instead of locking each other out.
  const people = [...new Map(given.map(person => [person.id, person])).values()].sort((a, b) => a.id < b.id ? -1 : 1)
  await transaction(db, async client => {
    await client.query(`
      insert into perch.people (org, id, name, visibility) select $1, u.* from ${unnest(PEOPLE, 2)}
      on conflict (org, id) do update set name = excluded.name, visibility = excluded.visibility`, [org, ...columnwise(PEOPLE, people)])
    await putWords(client, org, people)
    await putMemberships(client, org, people)
    await putBadges(client, org, people)
  })
}

export async function setVisibility (db: Db, org: OrgId, person: PersonId, visibility: Visibility): Promise<boolean> {
  return (await db.query('update perch.people set visibility = $3 where org = $1 and id = $2', [org, person, visibility])).rowCount === 1
}

async function putWords (client: PoolClient, org: OrgId, people: readonly StoredPerson[]): Promise<void> {
  const rows = people.flatMap(({ id, name }) => nameWords(name).map(word => ({ person: id, word })))
  await client.query(`
    delete from perch.name_words w where w.org = $1 and w.person = any ($2) and not exists (select from ${unnest(WORDS, 3)} where u.person = w.person and u.word = w.word)`,
  [org, people.map(person => person.id), ...columnwise(WORDS, rows)])
  await client.query(`insert into perch.name_words (org, person, word) select $1, u.* from ${unnest(WORDS, 2)} on conflict do nothing`, [org, ...columnwise(WORDS, rows)])
}

async function putMemberships (client: PoolClient, org: OrgId, people: readonly StoredPerson[]): Promise<void> {
  const rows = people.flatMap(({ id, groups }) => [...new Set(groups)].map(group => ({ person: id, member_of: group })))
  const groups = [...new Set(rows.map(row => row.member_of))].sort()
  await client.query('insert into perch.groups (org, id, name) select $1, u.id, u.id from unnest($2::text[]) as u (id) on conflict do nothing', [org, groups])
  await client.query(`
    delete from perch.memberships m where m.org = $1 and m.person = any ($2)
      and not exists (select from ${unnest(MEMBERSHIPS, 3)} where u.person = m.person and u.member_of = m.member_of)`,
  [org, people.map(person => person.id), ...columnwise(MEMBERSHIPS, rows)])
  await client.query(`
    insert into perch.memberships (org, person, member_of) select $1, u.* from ${unnest(MEMBERSHIPS, 2)} on conflict do nothing`, [org, ...columnwise(MEMBERSHIPS, rows)])
}

/** All that they had go first: a badge may pass from one of them to another. */
async function putBadges (client: PoolClient, org: OrgId, people: readonly StoredPerson[]): Promise<void> {
  const rows = people.flatMap(({ id, badges }) => [...new Set(badges)].map(badge => ({ badge, person: id })))
  await client.query('delete from perch.badges where org = $1 and person = any ($2)', [org, people.map(person => person.id)])
  await client.query(`insert into perch.badges (org, badge, person) select $1, u.* from ${unnest(BADGES, 2)}`, [org, ...columnwise(BADGES, rows)])
}

export async function removePerson (db: Db, org: OrgId, person: PersonId): Promise<boolean> {
  const { rowCount } = await db.query('delete from perch.people where org = $1 and id = $2', [org, person])
  return rowCount === 1
}

export async function listGroups (db: Db, org: OrgId): Promise<Group[]> {
  const { rows } = await db.query<Group>('select id, name from perch.groups where org = $1 order by id', [org])
  return rows
}

export async function putGroup (db: Db, org: OrgId, { id, name }: Group): Promise<void> {
  await db.query('insert into perch.groups (org, id, name) values ($1, $2, $3) on conflict (org, id) do update set name = excluded.name', [org, id, name])
}
