import type { Pool, PoolClient } from 'pg'
import type { Millis } from '../../domain/time.ts'
import { translated } from './failure.ts'
import { transaction } from './transaction.ts'

/** Months that are made ahead of the current one. */
const AHEAD = 2

/** Any number that nobody else locks in this database: one above the one of migrations. */
const LOCK = 0x7065726369

/** A month in UTC, [from, to), and its partition's name: `events_2026_01`. */
interface Month {
  name: string
  from: Millis
  to: Millis
}

function month (at: Millis, later = 0): Month {
  const date = new Date(at)
  const start = (plus: number): Millis => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + plus)
  const from = start(later)
  return { name: `events_${new Date(from).toISOString().slice(0, 7).replace('-', '_')}`, from, to: start(later + 1) }
}

/** The month that a partition's name tells; null: it is not one of ours. */
function named (name: string): Month | null {
  const found = /^events_(\d{4})_(\d{2})$/.exec(name)
  return found === null ? null : month(Date.UTC(Number(found[1]), Number(found[2]) - 1))
}

/**
 * Makes the events' partitions of this month and the next two, where they are missing. Events that came before their month was there move from the default partition.
 * Resolves to the names of those made. Safe to repeat, and on many nodes at once. @throws LEDGER_BEHIND
 */
export async function ensurePartitions (pool: Pool, now: Millis): Promise<string[]> {
  const months = Array.from({ length: AHEAD + 1 }, (_, later) => month(now, later))
  if ((await missing(pool, months)).length === 0) return []
  return await translated(async () => await transaction(pool, async client => {
    await lock(client)
    const wanted = await missing(client, months)
    for (const one of wanted) await make(client, one)
    return wanted.map(one => one.name)
  }))
}

/** One node at a time. Recorders queue behind whoever waits for a table's lock: better to give up soon, and be called again. */
async function lock (client: PoolClient): Promise<void> {
  await client.query("set local lock_timeout = '2s'")
  await client.query('select pg_advisory_xact_lock($1)', [LOCK])
}

async function missing (client: Pool | PoolClient, months: readonly Month[]): Promise<Month[]> {
  const there = new Set(await translated(async () => await partitions(client)))
  return months.filter(one => !there.has(one.name))
}

async function partitions (client: Pool | PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'perch.events'::regclass order by c.relname")
  return rows.map(row => row.name)
}

/** Filled and then attached, instead of made in place: that way the parent is never locked against recorders, and the default partition may hold events of the month. */
async function make (client: PoolClient, { name, from, to }: Month): Promise<void> {
  const [first, last] = [from, to].map(at => new Date(at).toISOString())
  await client.query('lock table perch.events_default in access exclusive mode')
  await client.query("select set_config('perch.moves_events', 'on', true)")
  await client.query(`create table perch.${name} (like perch.events including all)`)
  await client.query(
    `with late as (delete from perch.events_default where at >= $1 and at < $2 returning *) insert into perch.${name} select * from late`, [first, last])
  await client.query(`alter table perch.events attach partition perch.${name} for values from ('${first}') to ('${last}')`)
}

/**
 * Drops the months that lie wholly before the moment, and such months' events in the default partition. Resolves to the partitions dropped. Safe to repeat. @throws LEDGER_BEHIND
 */
export async function dropPartitionsBefore (pool: Pool, moment: Millis): Promise<string[]> {
  return await translated(async () => await transaction(pool, async client => {
    await lock(client)
    const old = (await partitions(client)).filter(name => (named(name)?.to ?? Infinity) <= moment)
    for (const name of old) await client.query(`drop table perch.${name}`)
    await client.query("select set_config('perch.moves_events', 'on', true)")
    await client.query('delete from perch.events_default where at < $1', [new Date(month(moment).from).toISOString()])
    return old
  }))
}
