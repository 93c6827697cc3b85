import type { OrgId, PersonId } from '../../domain/ids.ts'
import { PIN_LOCKED_MS, PIN_TRIES } from '../../domain/person.ts'
import type { Millis } from '../../domain/time.ts'
import type { PinHash } from '../../application/directory.ts'
import type { Db } from './transaction.ts'

export async function setPin (db: Db, org: OrgId, person: PersonId, pin: PinHash | null): Promise<boolean> {
  if (pin === null) return ((await db.query('delete from perch.pins where org = $1 and person = $2', [org, person])).rowCount ?? 0) > 0
  const { rowCount } = await db.query(`
    insert into perch.pins (org, person, cost, salt, hash) select org, id, $3, $4, $5 from perch.people where org = $1 and id = $2
    on conflict (org, person) do update set cost = excluded.cost, salt = excluded.salt, hash = excluded.hash, tries = 0, locked_until = null`,
  [org, person, pin.cost, pin.salt, pin.hash])
  return rowCount === 1
}

/** A lock that is over leaves one try used, as the first one did. */
export async function tryPin (db: Db, org: OrgId, person: PersonId, now: Millis): Promise<PinHash | null> {
  const { rows: [row] } = await db.query<PinHash>(`
    update perch.pins set
      tries = case when tries < $4 then tries + 1 else 1 end,
      locked_until = case when tries + 1 = $4 then perch.moment($3) + $5 * interval '1 millisecond' end
    where org = $1 and person = $2 and (tries < $4 or locked_until <= perch.moment($3))
    returning cost, salt, hash`, [org, person, now, PIN_TRIES, PIN_LOCKED_MS])
  return row ?? null
}

export async function pinWasRight (db: Db, org: OrgId, person: PersonId): Promise<void> {
  await db.query('update perch.pins set tries = 0, locked_until = null where org = $1 and person = $2', [org, person])
}
