import { openPglite } from '../../../src/adapters/pglite/open.ts'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { openPool } from '../../../src/adapters/postgres/pool.ts'
import { claimOf, granted, idAt, NOW } from '../../contract/ledger/office.ts'

/**
 * A process that records claims into the folder it is given, until it is killed: says each stage, `at <n>` where it goes on, and `<n>` once commit n was answered.
 * Each commit grants one claim, of space d<n>; its id is `claimId(n)`.
 */
const [dir = ''] = process.argv.slice(2)
const say = (line: string): void => { console.log(line) }

const pglite = await openPglite({ dir, onProgress: say, onFailure: error => { throw error } })
const pool = openPool({ ...pglite.pool, statementTimeoutMs: 30_000, onError: error => { throw error } })
await migrate(pool)
const ledger = createLedger(pool)
let cursor = await ledger.cursor(1)
say(`at ${cursor.n}`)
for (;;) {
  const n = cursor.n + 1
  const claim = claimOf({ id: idAt(NOW + n), space: `d${n}`, person: `p${n}` })
  const recorded = await ledger.record(1, cursor, [{ n, seqs: new Map([['hq-1', n]]), entry: { f: 1, org: 'acme', at: NOW, by: 'anna', events: [granted(claim)] } }])
  if (recorded.state !== 'recorded' || recorded.quarantined.length > 0) throw new Error(recorded.state)
  cursor = { ...cursor, n }
  say(String(n))
}
