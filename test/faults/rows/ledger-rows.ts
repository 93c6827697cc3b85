import pg from 'pg'
import { promisesOf } from '../../../scripts/simulation/verify-journal.ts'
import type { JournalLine } from '../../../scripts/simulation/journal.ts'
import { eachOf } from '../../../scripts/simulation/permits.ts'
import { callApi, type ApiAddress } from '../../../src/cli/seed/api.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { until } from '../../harness/wait.ts'

/** A connection of an operator's own, past every link. */
export async function operatorOf (t: Cleanup, database: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database })
  // A server that is stopped cuts it; the next statement says so.
  client.on('error', () => {})
  t.after(async () => { await client.end().catch(() => {}) })
  await client.connect()
  return client
}

/** Every claim that was promised stands in Postgres as the API tells of it (INV-5): what is missing or different, once the recorder has caught up. */
export async function missingInLedger (t: Cleanup, database: string, server: ApiAddress, lines: readonly JournalLine[]): Promise<string[]> {
  const operator = await operatorOf(t, database)
  const ids = [...promisesOf(lines).keys()]
  let missing: string[] = []
  await until(async () => {
    const { rows } = await operator.query<{ id: string, space: string, person: string, state: string }>('select id, space, person, state from perch.claims where id = any ($1)', [ids])
    const recorded = new Map(rows.map(row => [row.id, `${row.space} ${row.person} ${row.state}`]))
    missing = (await eachOf(ids, 16, async id => {
      const { id: found, space, person, state } = (await callApi(server, 'GET', `/v1/claims/${id}`)).body as ClaimView
      return found === id && recorded.get(id) === `${space} ${person} ${state}` ? [] : [`${id} is ${recorded.get(id) ?? 'nothing'}, not ${space} ${person} ${state}`]
    })).flat()
    return missing.length === 0
  }, { what: 'the ledger has all that was promised', everyMs: 100, withinMs: 5_000 }).catch(() => {
    // What is missing by now stays so, and is told.
  })
  return missing
}
