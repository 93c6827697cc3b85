import type { Cleanup } from '../test/harness/cleanup.ts'
import { startPostgres } from '../test/harness/postgres.ts'
import { officeEntries } from './ledger-entries.ts'
import { recordingLag } from './ledger-lag.ts'
import { drainRate, eventsOf } from './ledger-sustained.ts'
import { insertRate } from './peer-insert.ts'
import { median } from './rate.ts'
import type { Row, Table, Terms } from './report.ts'

const ROUNDS = 3
const VISITS = 6
const VISITS_QUICK = 2
const SHARDS = 4
/** Entries of one transaction, as the recorder has it. */
const BATCH = 500
const AIM_EVENTS = 15_000

const ARRIVALS = 1_000
const LAG_MS = 10_000
const LAG_MS_QUICK = 3_000
const AIM_LAG_MS = 100

/** How many events a second go from the outbox to Postgres, and how soon? */
export async function benchLedger (t: Cleanup, terms: Terms): Promise<Table[]> {
  const { quick, progress } = terms
  progress('makes the events of an office')
  const entries = await officeEntries(quick ? VISITS_QUICK : VISITS)
  const server = await startPostgres(t)
  const about = ['Postgres with fsync on; Redis with appendfsync everysec.']
  return [
    {
      title: 'Events from the outbox into Postgres, sustained',
      about: [
        ...about,
        `${eventsOf(entries).toLocaleString('en-US')} events of ${entries.length.toLocaleString('en-US')} commits: bookings, beginnings, check-ins, readings, releases; as many in all where there are more shards.`,
        `Medians of ${quick ? 1 : ROUNDS} round(s), each with a database of its own, the contenders in turn.`
      ],
      rows: await sustained(terms, async shards => await drainRate(t, server, entries.slice(0, Math.ceil(entries.length / shards)), shards), async () => await insertRate(t, server, entries, BATCH))
    },
    { title: 'Lag of the ledger behind the commit', about, rows: [await lag(t, terms, server)] }
  ]
}

async function sustained ({ quick, progress }: Terms, drain: (shards: number) => Promise<number>, insert: () => Promise<number>): Promise<Row[]> {
  const contenders = [
    { name: 'recorder, 1 shard', run: async () => await drain(1), aim: AIM_EVENTS },
    { name: `recorders of ${SHARDS} shards in one node`, run: async () => await drain(SHARDS), aim: null },
    { name: `plain inserts of ${BATCH} entries, no key, no constraint`, run: insert, aim: null }
  ].map(contender => ({ ...contender, rates: [] as number[] }))
  for (let round = 0; round < (quick ? 1 : ROUNDS); round++) {
    for (const { name, run, rates } of contenders) {
      const rate = await run()
      rates.push(rate)
      progress(`${name}: ${Math.round(rate)} events/s`)
    }
  }
  return contenders.map(({ name, rates, aim }) => ({
    events: name,
    'events/s': Math.round(median(rates)),
    lowest: Math.round(Math.min(...rates)),
    highest: Math.round(Math.max(...rates)),
    aim,
    '': aim === null ? '' : median(rates) >= aim ? 'reached' : `${Math.round(100 * median(rates) / aim)} %`
  }))
}

async function lag (t: Cleanup, { quick, progress }: Terms, server: Awaited<ReturnType<typeof startPostgres>>): Promise<Row> {
  const ms = quick ? LAG_MS_QUICK : LAG_MS
  progress(`claims arrive at ${ARRIVALS} per second for ${ms / 1000} s`)
  const { p50Ms, p99Ms, mostMs, events } = await recordingLag(t, server, ARRIVALS, ms)
  return { arriving: `${ARRIVALS} claims/s, Poisson`, events, 'p50 ms': p50Ms, 'p99 ms': p99Ms, 'most ms': mostMs, 'aim p99': AIM_LAG_MS, '': p99Ms < AIM_LAG_MS ? 'reached' : 'missed' }
}
