import { createHash } from 'node:crypto'
import pg from 'pg'
import { command } from '../harness/redis.ts'

/** What only ever changes by a commit. Times, leases and tickets pass by themselves. */
const RECORDS = /^perch:\{s\d\d\}:(?:spaces|days|people|claims|due)$/

/** Written by nodes for themselves, in their own time. */
const OWN_CHORES = ['perch.retention']

/** All that the live state holds, and how many rows each table has, as text: nothing was written where it is the same before and after. */
export async function whatIsKept (redisPort: number, database: string): Promise<string> {
  const records = await command(redisPort, async client => {
    const names = (await client.keys('perch:*')).filter(name => RECORDS.test(name)).sort()
    return await Promise.all(names.map(async name => [name, createHash('sha256').update(await client.dumpBuffer(name) ?? '').digest('hex')]))
  })
  const client = new pg.Client({ connectionString: database })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>('select quote_ident(schemaname) || \'.\' || quote_ident(relname) as name from pg_stat_user_tables order by 1')
    const counts = []
    for (const { name } of tables.filter(({ name }) => !OWN_CHORES.includes(name))) counts.push([name, (await client.query<{ n: string }>(`select count(*) as n from ${name}`)).rows[0]?.n])
    return JSON.stringify([records, counts], null, 1)
  } finally {
    await client.end()
  }
}
