import type { Pool } from 'pg'
import { translated } from '../postgres/failure.ts'

/** Rows that may be dead or unknown to the planner before a table is looked after: a thousand, and a fifth of the table (as autovacuum has it, but for the thousand). */
const NEGLECTED = `
select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
where schemaname = 'perch' and greatest(n_dead_tup, n_mod_since_analyze) > 1000 + 0.2 * n_live_tup
order by name`

/**
 * What Postgres does beside its work and PGlite, a single process, does not: a checkpoint, without which its log of changes grows for ever, and vacuum. To be called every few
 * minutes. One statement at a time: a recorder may come in between.
 * @throws LEDGER_BEHIND
 */
export async function tendPglite (pool: Pool): Promise<void> {
  await translated(async () => {
    const { rows } = await pool.query<{ name: string }>(NEGLECTED)
    for (const { name } of rows) await pool.query(`vacuum (analyze) ${name}`)
    // Last, since vacuum writes to the log as well.
    await pool.query('checkpoint')
  })
}
