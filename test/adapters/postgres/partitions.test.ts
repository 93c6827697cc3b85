import assert from 'node:assert/strict'
import { test } from 'tap'
import type { Pool } from 'pg'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { migrate } from '../../../src/adapters/postgres/migrate.ts'
import { dropPartitionsBefore, ensurePartitions } from '../../../src/adapters/postgres/partitions.ts'
import type { Millis } from '../../../src/domain/time.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { freshDatabase, startPostgres } from '../../harness/postgres.ts'
import { START } from '../../contract/ledger/office.ts'
import { poolOf } from './database.ts'

const NOVEMBER = Date.UTC(2026, 10)
const MONTHS = ['events_2026_11', 'events_2026_12', 'events_2027_01']

test('partitions of events', async t => {
  const server = await startPostgres(t, { settings: { fsync: 'off' } })
  const migrated = async (t: Cleanup): Promise<Pool> => {
    const pool = poolOf(t, await freshDatabase(t, server))
    await migrate(pool)
    return pool
  }

  /** Records one event at each moment, and gives the partitions that hold them, in the same order. */
  async function recordedAt (pool: Pool, moments: readonly Millis[]): Promise<string[]> {
    const ledger = createLedger(pool)
    const from = await ledger.cursor(0)
    const entries = moments.map((at, i) => {
      const n = from.n + i + 1
      return { n, seqs: new Map([['hq-1', n]]), entry: { f: 1, org: 'acme', at, by: 'perch', events: [{ type: 'settled', floor: 'hq-1', space: 'd1' }] } } as const
    })
    assert.deepEqual(await ledger.record(0, { ...START, n: from.n }, entries), { state: 'recorded', quarantined: [] })
    return await places(pool, from.n)
  }

  async function places (pool: Pool, after = 0): Promise<string[]> {
    const { rows } = await pool.query<{ place: string }>('select c.relname as place from perch.events e join pg_class c on c.oid = e.tableoid where n > $1 order by n', [after])
    return rows.map(row => row.place)
  }

  await t.test('the current month and the next two are made, once', async t => {
    const pool = await migrated(t)
    assert.deepEqual(await ensurePartitions(pool, NOVEMBER), MONTHS)
    assert.deepEqual(await ensurePartitions(pool, Date.UTC(2026, 10, 30, 23, 59, 59, 999)), [])
    assert.deepEqual(await ensurePartitions(pool, Date.UTC(2026, 11)), ['events_2027_02'])
  })

  await t.test('many nodes may make them at once', async t => {
    const url = await freshDatabase(t, server)
    const nodes = Array.from({ length: 5 }, () => poolOf(t, url, { max: 1 }))
    await Promise.all(nodes.map(async pool => await migrate(pool)))
    const made = await Promise.all(nodes.map(async pool => await ensurePartitions(pool, NOVEMBER)))
    assert.deepEqual(made.flat().sort(), MONTHS)
  })

  await t.test('an event belongs to the month of its moment in UTC, to the millisecond', async t => {
    const pool = await migrated(t)
    await ensurePartitions(pool, NOVEMBER)
    const moments = [NOVEMBER, Date.UTC(2026, 11) - 1, Date.UTC(2026, 11), Date.UTC(2027, 0)]
    assert.deepEqual(await recordedAt(pool, moments), [MONTHS[0], MONTHS[0], MONTHS[1], MONTHS[2]])
  })

  await t.test('an event of a month that nobody made is kept by the default partition', async t => {
    const pool = await migrated(t)
    await ensurePartitions(pool, NOVEMBER)
    assert.deepEqual(await recordedAt(pool, [NOVEMBER - 1, Date.UTC(2027, 1)]), ['events_default', 'events_default'])
  })

  await t.test('events that came before their month was made move into it', async t => {
    const pool = await migrated(t)
    await recordedAt(pool, [NOVEMBER - 1, NOVEMBER, Date.UTC(2026, 11, 24)])
    await ensurePartitions(pool, NOVEMBER)
    assert.deepEqual(await places(pool), ['events_default', MONTHS[0], MONTHS[1]])
  })

  await t.test('a recorder that goes on while months are made loses no event and sets none aside', async t => {
    const pool = await migrated(t)
    const made = new AbortController()
    const recorder = (async () => {
      let recorded = 0
      while (!made.signal.aborted || recorded < 40) {
        await recordedAt(pool, [NOVEMBER + recorded])
        recorded++
      }
      return recorded
    })()
    await ensurePartitions(pool, NOVEMBER)
    made.abort()
    const recorded = await recorder
    assert.deepEqual((await places(pool)).length, recorded)
    assert.deepEqual(new Set(await places(pool)), new Set([MONTHS[0]]))
  })

  await t.test('months wholly before a moment are dropped, with what the default partition has of them', async t => {
    const pool = await migrated(t)
    await ensurePartitions(pool, NOVEMBER)
    await recordedAt(pool, [Date.UTC(2026, 9, 3), NOVEMBER, Date.UTC(2026, 11, 24), Date.UTC(2028, 1)])
    assert.deepEqual(await dropPartitionsBefore(pool, Date.UTC(2026, 11) - 1), [])
    assert.deepEqual(await places(pool), [MONTHS[0], MONTHS[1], 'events_default'], 'October is over, November is not')
    assert.deepEqual(await dropPartitionsBefore(pool, Date.UTC(2026, 11, 31)), [MONTHS[0]])
    assert.deepEqual(await dropPartitionsBefore(pool, Date.UTC(2026, 11, 31)), [])
    assert.deepEqual(await places(pool), [MONTHS[1], 'events_default'])
  })
})
