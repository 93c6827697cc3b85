import { KNOWN_AFTER_ID } from '../../domain/holdings.ts'
import type { ClaimId, OrgId, PersonId } from '../../domain/ids.ts'
import { asPrincipal, NOBODY } from '../../domain/nobody.ts'
import type { Millis } from '../../domain/time.ts'
import type { Forgotten, Traces } from '../../application/archive.ts'
import type { Page } from '../../application/directory.ts'
import { lowestId, NIL } from './claims.ts'
import { transaction, type Db } from './transaction.ts'

/** Of the ended ones those that the live state still knows; by them for others are all that are active or that young. */
export async function traces (db: Db, org: OrgId, person: PersonId, now: Millis, { after, limit }: Page): Promise<Traces> {
  const young = lowestId(now - KNOWN_AFTER_ID)
  const { rows: claims } = await db.query<{ id: ClaimId }>(`
    select id from perch.claims
    where org = $1 and id > $7 and (person = $2 or by = $3) and (ended_at is null or ended_at > perch.moment($4) or id >= $5)
    order by id limit $6`, [org, person, asPrincipal(person), now - KNOWN_AFTER_ID, young, limit, after ?? NIL])
  const { rows: spaces } = await db.query<{ space: string }>('select space from perch.blocks where org = $1 and by = $2 order by space limit $3', [org, asPrincipal(person), limit])
  return { claims: claims.map(({ id }) => id), spaces: spaces.map(({ space }) => space) }
}

/** A person is erased seldom: this may look at every event of the org. */
export async function erase (db: Db, org: OrgId, person: PersonId): Promise<Omit<Forgotten, 'left'>> {
  const by = asPrincipal(person)
  return await transaction(db, async client => {
    const count = async (statement: string, values: unknown[]): Promise<number> => (await client.query(statement, values)).rowCount ?? 0
    await client.query('set local statement_timeout = 0')
    const own = await count(`
      update perch.claims set person = $3, by = case when by like 'person:%' then 'person' else by end, hash = ''
      where org = $1 and (person = $2 or (person = $3 and hash <> '')) and ended_at is not null`, [org, person, NOBODY])
    const others = await count("update perch.claims set by = 'person' where org = $1 and by = $2", [org, by])
    await count("update perch.blocks set by = 'person' where org = $1 and by = $2", [org, by])
    const events = await count(`
      update perch.events e set by = case when e.by = $2 then 'person' else e.by end, body = perch.without_people(e.body)
      where e.org = $1 and (e.by = $2 or e.body -> 'claim' ->> 'person' = $3 or e.body -> 'claim' ->> 'by' = $2 or e.body -> 'block' ->> 'by' = $2)`, [org, by, person])
    const subjects = await count('delete from perch.subjects where org = $1 and person = $2', [org, person])
    const quarantined = await count(`
      update perch.quarantine set entry = '' where org = $1 and revoked_at is not null and (strpos(entry, $2) > 0 or strpos(entry, $3) > 0)`,
    [org, JSON.stringify(person), JSON.stringify(by)])
    return { subjects, claims: own + others, events, quarantined }
  })
}
