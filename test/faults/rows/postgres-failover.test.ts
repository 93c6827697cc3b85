import assert from 'node:assert/strict'
import { test, type Test } from 'tap'
import { callApi } from '../../../src/cli/seed/api.ts'
import { HEALED_MS } from '../../e2e/promises.ts'
import { SHARD } from '../../harness/core.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { query, startPostgres, type PostgresServer } from '../../harness/postgres.ts'
import { until } from '../../harness/wait.ts'
import { checkLedgerOrder } from '../checkers/ledger-order.ts'
import { dumpLedger } from '../ledger-dump.ts'
import { ask, decided, newBooking, said, stored, type Booking } from './booking.ts'
import { operatorOf } from './ledger-rows.ts'
import type { LinkedNode } from './linked-node.ts'
import { Trial } from './trial.ts'

/** The least that may be set. */
const OUTBOX = 1_000
/** Blocked and given back, to fill an outbox. */
const TOGGLED = ['f1-d18', 'f1-d19', 'f2-d18', 'f2-d19']
/** Claims that an asynchronous standby never hears of. */
const MISSED = 6
/** As documented: a commit is answered once the standby has it. */
const SYNCHRONOUS = { fsync: 'off', synchronous_standby_names: 'standby' }
const ALONE = { fsync: 'off', wal_retrieve_retry_interval: '100ms' }

/** A standby that follows the primary, and has all that it has. */
async function startStandby (t: Cleanup, primary: PostgresServer): Promise<PostgresServer> {
  const standby = await startPostgres(t, { settings: ALONE, standbyOf: primary })
  await follows(t, primary)
  return standby
}

async function follows (t: Cleanup, primary: PostgresServer): Promise<void> {
  const operator = await operatorOf(t, primary.url)
  await until(async () => (await operator.query("select from pg_stat_replication where application_name = 'standby' and state = 'streaming' and flush_lsn = pg_current_wal_lsn()")).rowCount === 1, { what: 'the standby follows' })
}

/** The standby hears nothing any more, not even what is on its way to it. */
async function deafen (primary: PostgresServer, standby: PostgresServer): Promise<void> {
  await standby.pause()
  await query(primary.url, 'select pg_terminate_backend(pid) from pg_stat_replication')
}

/** As whoever looks after the database does it: the standby becomes the primary, then the address leads to it. */
async function promote (trial: Trial, standby: PostgresServer): Promise<void> {
  await query(standby.url, 'select pg_promote()')
  for (const { postgres } of trial.nodes) postgres.point(standby.port)
  trial.postgres = standby
}

/** Every floor's events follow one another in the ledger, and nobody is doubled at any of them (INV-1, INV-2, INV-5). */
async function inOrder (trial: Trial): Promise<void> {
  assert.deepEqual(checkLedgerOrder(await dumpLedger(trial.database, 'demo', SHARD, new Map()), new Map()), [])
}

/** Commits of recorders that a server has on its disk and answers only when a standby has them. */
async function waiting (t: Cleanup, server: PostgresServer): Promise<number> {
  const operator = await operatorOf(t, server.url)
  return (await operator.query("select from pg_stat_activity where application_name = 'perch' and wait_event = 'SyncRep' and query like '%with cas as%'")).rowCount ?? 0
}

/** Of a person who is known on its day: no commit is needed before the one that stores it. */
async function newBookingOfKnown ({ server }: LinkedNode, space: string, person: string): Promise<Booking> {
  const earlier = newBooking(space, person)
  await decided(server, earlier)
  await stored(server, earlier)
  await callApi(server, 'POST', `/v1/claims/${earlier.id}/release`, { await: 'persisted' })
  return { ...earlier, id: newBooking(space, person).id }
}

/** What the nodes ask next is on its way to the server and nothing else is: a statement that it has begun when it is paused would run out of its time there. */
async function pauseBeforeItHears (t: Cleanup, server: PostgresServer, nodes: readonly LinkedNode[], asked: () => Promise<void>): Promise<void> {
  const operator = await operatorOf(t, server.url)
  for (const { postgres } of nodes) postgres.blackhole('there')
  try {
    await asked()
    await until(async () => (await operator.query("select from pg_stat_activity where application_name = 'perch' and state <> 'idle'")).rowCount === 0, { what: 'it has nothing to do' })
    await server.pause()
  } finally {
    for (const { postgres } of nodes) postgres.heal()
  }
}

/** Commits that wait for nobody, until no claim is taken any more. */
async function fillOutbox ({ server }: LinkedNode): Promise<void> {
  const full = new AbortController()
  const filling = TOGGLED.map(async space => {
    for (let turn = 0; !full.signal.aborted; turn++) await callApi(server, turn % 2 === 0 ? 'PUT' : 'DELETE', `/v1/spaces/${space}/block`, turn % 2 === 0 ? {} : undefined)
  })
  await until(async () => said(await ask(server, newBooking('f1-d17', 'p13'))) === '503 LEDGER_BEHIND', { what: 'the outbox is full' }).finally(() => { full.abort() })
  await Promise.all(filling)
}

async function openPair (t: Test, settings: Record<string, string>): Promise<{ trial: Trial, primary: PostgresServer, standby: PostgresServer }> {
  const primary = await startPostgres(t, { settings })
  const standby = await startStandby(t, primary)
  // A database cannot be dropped where no standby answers.
  t.after(async () => { await primary.kill() })
  return { trial: await Trial.open(t, { postgres: primary, nodes: [{ OUTBOX_LIMIT: String(OUTBOX) }, { OUTBOX_LIMIT: String(OUTBOX), GUARD: 'off' }] }), primary, standby }
}

test('over a Postgres with a synchronous standby', async t => {
  const { trial, primary, standby } = await openPair(t, SYNCHRONOUS)
  const [first, second] = trial.nodes as [LinkedNode, LinkedNode]

  await t.test('a commit that came back with a primary that was restarted is not called persisted before the standby has it (INV-5)', async t => {
    const booking = await newBookingOfKnown(first, 'f1-d16', 'p12')
    await deafen(primary, standby)
    try {
      assert.equal(said(await decided(first.server, booking)), '201 provisional')
      await until(async () => await waiting(t, primary) > 0, { what: 'its commit waits for the standby' })
      await primary.kill()
      await primary.restart()
      const operator = await operatorOf(t, trial.database)
      await until(async () => (await operator.query('select from perch.claims where id = $1', [booking.id])).rowCount === 1, { what: 'the primary shows the claim' })
      for (const { server } of trial.nodes) assert.equal(said(await decided(server, booking)), '200 provisional')
      assert.equal(said(await decided(second.server, { ...newBooking('f1-d17', 'p13') })), '201 provisional')
    } finally {
      await standby.resume()
    }
    await stored(second.server, booking)
    await follows(t, primary)
  })

  await t.test('a primary that is killed is replaced by its standby, and nothing that was stored is lost; claims go on meanwhile until the outbox is full', async t => {
    const booking = newBooking('f1-d16', 'p12')
    const took = await trial.survives(t, async () => {
      await primary.kill()
      assert.equal(said(await decided(first.server, booking)), '201 provisional')
      await fillOutbox(second)
      await promote(trial, standby)
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after the standby was promoted`)
    await stored(second.server, booking)
    await inOrder(trial)
  })

  await t.test('a primary that is paused, and goes on after another one took its place, stores nothing that is answered as stored', async t => {
    const zombie = standby
    const next = await startStandby(t, zombie)
    await query(zombie.url, "alter system set synchronous_standby_names = 'standby'")
    await query(zombie.url, 'select pg_reload_conf()')
    t.after(async () => { await zombie.kill() })
    const booking = await newBookingOfKnown(first, 'f2-d16', 'p14')
    let silentMs = 0
    const took = await trial.survives(t, async () => {
      await pauseBeforeItHears(t, zombie, trial.nodes, async () => { assert.equal(said(await decided(first.server, booking)), '201 provisional') })
      // Connections to the old one stay open: nobody tells the nodes.
      await promote(trial, next)
      const since = performance.now()
      await stored(second.server, booking, HEALED_MS)
      silentMs = performance.now() - since
      await zombie.resume()
      await until(async () => await waiting(t, zombie) > 0, { what: 'it does what it was asked before, for a standby that does not follow it any more' })
    })
    t.comment(`claims are stored again ${Math.round(silentMs)} ms after another one took its place, and at every node ${Math.round(took)} ms after it went on`)
    await inOrder(trial)
  })
})

test('over a Postgres with an asynchronous standby a failover that takes commits back is noticed, with an alarm, and the ledger has again what the store has', async t => {
  const { trial, primary, standby } = await openPair(t, ALONE)
  const [first, second] = trial.nodes as [LinkedNode, LinkedNode]
  const bookings = Array.from({ length: MISSED }, () => newBooking('f2-d17', 'p15'))
  const took = await trial.survives(t, async () => {
    await deafen(primary, standby)
    for (const booking of bookings) {
      await decided(first.server, booking)
      await stored(first.server, booking)
    }
    await primary.kill()
    await standby.resume()
    await promote(trial, standby)
  })
  t.comment(`${MISSED} of ${MISSED} claims that the standby lacked are back; claims are stored again ${Math.round(took)} ms after it was promoted`)
  for (const booking of bookings) await stored(second.server, booking)
  const alarms = (await Promise.all(trial.nodes.map(async ({ perch }) => await perch.logs()))).flat().filter(({ level, msg }) => level === 'error' && msg.startsWith('recovery: the ledger had lost'))
  assert.ok(alarms.length > 0)
})
