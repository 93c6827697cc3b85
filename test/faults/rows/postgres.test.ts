/*
 * POSTGRES_AWAY_SECONDS=60   how long Postgres is stopped; 3 by default.
 */
import assert from 'node:assert/strict'
import { test } from 'tap'
import { v7 as uuidv7 } from 'uuid'
import { callApi, type ApiReply } from '../../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../../src/protocol/answers.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'
import { SHARD } from '../../harness/core.ts'
import { until } from '../../harness/wait.ts'
import { ask, decided, newBooking, newWalkIn, said, stored, type Booking } from './booking.ts'
import { operatorOf } from './ledger-rows.ts'
import type { LinkedNode } from './linked-node.ts'
import { Trial } from './trial.ts'

const AWAY_MS = 1_000 * Number(process.env['POSTGRES_AWAY_SECONDS'] ?? 3)

test('over a Postgres in trouble', async t => {
  // A keeper that takes a shard over while Postgres is away says nothing of it on screens.
  const trial = await Trial.open(t, { settled: true })
  const [first, second] = trial.nodes as [LinkedNode, LinkedNode]
  const release = async ({ server }: LinkedNode, { id }: Booking): Promise<ApiReply> => await callApi(server, 'POST', `/v1/claims/${id}/release`)

  /** A claim of now that every screen of the floor shows as it should be. */
  async function walkIn (space: string, person: string, provisional: true | undefined): Promise<Booking> {
    return await until(async () => {
      const booking = newWalkIn(space, person)
      assert.equal((await decided(first.server, booking)).status, 201)
      await until(() => trial.shown(space).every(view => view?.status === 'reserved'), { what: `every screen shows that ${space} is reserved` })
      if (trial.shown(space).every(view => view?.provisional === provisional)) return booking
      assert.equal((await release(second, booking)).status, 200)
      return null
    }, { what: `every screen shows that ${space} is ${provisional ? 'provisional' : 'stored'}`, everyMs: 200 })
  }

  await t.test(`that is stopped for ${AWAY_MS / 1000} s claims go on as provisional, as screens show, and all of them are stored when it is back`, async t => {
    const bookings: Booking[] = []
    const took = await trial.survives(t, async () => {
      const since = performance.now()
      await trial.postgres.stop()
      for (const { server } of [first, second]) {
        const booking = newBooking('f1-d16', 'p12')
        bookings.push(booking)
        assert.equal(said(await decided(server, booking)), '201 provisional')
      }
      bookings.push(await walkIn('f2-d16', 'p13', true))
      await until(() => performance.now() - since > AWAY_MS, { what: 'Postgres has been away long enough', withinMs: AWAY_MS + 10_000, everyMs: 100 })
      await trial.postgres.restart()
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after Postgres is back`)
    await Promise.all(bookings.map(async booking => { await stored(second.server, booking) }))
    await until(() => trial.shown('f2-d16').every(view => view?.status === 'reserved' && view.provisional === undefined), { what: 'screens show it as stored' })
  })

  await t.test('that is killed nothing that was stored is lost', async t => {
    const took = await trial.survives(t, async () => {
      await trial.postgres.kill()
      await trial.postgres.restart()
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after Postgres is back`)
  })

  await t.test('that hangs, and then is slow, claims are answered without it and stored when it answers', async t => {
    const bookings: Booking[] = []
    const grant = async ({ server }: LinkedNode, space: string) => {
      const booking = newBooking(space, 'p14')
      bookings.push(booking)
      assert.equal(said(await decided(server, booking)), '201 provisional')
    }
    const took = await trial.survives(t, async () => {
      for (const { postgres } of trial.nodes) postgres.blackhole()
      await Promise.all(trial.nodes.map(async (node, i) => { await grant(node, `f1-d${17 + i}`) }))
      for (const { postgres } of trial.nodes) {
        postgres.heal()
        // Each way, and more than an answer waits for the ledger.
        postgres.latency(300)
      }
      await Promise.all(trial.nodes.map(async (node, i) => { await grant(node, `f2-d${17 + i}`) }))
      for (const { postgres } of trial.nodes) postgres.heal()
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after Postgres answers`)
    await Promise.all(bookings.map(async booking => { await stored(first.server, booking) }))
  })

  await t.test('a recorder that loses a deadlock stores what it has all the same', async t => {
    const operator = await operatorOf(t, trial.database)
    const deadlocks = async (): Promise<number> => Number((await operator.query('select deadlocks from pg_stat_database where datname = current_database()')).rows[0].deadlocks)
    const before = await deadlocks()
    const booking = newBooking('f1-d19', 'p15')
    await decided(first.server, booking)
    await stored(first.server, booking)
    await trial.survives(t, async () => {
      await operator.query('begin')
      // Who waits longer loses, and that is to be the recorder.
      await operator.query("set local deadlock_timeout = '60s'")
      await operator.query('select from perch.claims where id = $1 for update', [booking.id])
      assert.equal((await release(first, booking)).status, 200)
      const spy = await operatorOf(t, trial.database)
      // For a row that somebody else holds. Of so long a statement Postgres shows only the beginning.
      const waits = "select 1 from pg_stat_activity where application_name = 'perch' and wait_event_type = 'Lock' and wait_event in ('transactionid', 'tuple')"
      await until(async () => (await spy.query(waits)).rowCount, { what: 'the recorder waits for the claim' })
      await operator.query('update perch.shards set n = n where shard = $1', [SHARD])
      await operator.query('commit')
    })
    await until(async () => await deadlocks() > before, { what: 'Postgres tells of the deadlock' })
    assert.equal((await operator.query('select why from perch.claims where id = $1', [booking.id])).rows[0].why, 'released')
  })

  await t.test('whose disk is full claims go on as provisional, and are stored when there is room', async t => {
    const operator = await operatorOf(t, trial.database)
    const booking = newBooking('f2-d19', 'p15')
    // As Postgres says it of a disk that is full, at the write that needs most room. A disk of its own needs rights that a test may not have.
    await operator.query(`create function perch.no_room () returns trigger language plpgsql as $$
      begin raise exception using errcode = 'disk_full', message = 'could not extend file: No space left on device'; end $$`)
    const took = await trial.survives(t, async () => {
      await operator.query('create trigger no_room before insert on perch.events for each row execute function perch.no_room()')
      assert.equal(said(await decided(first.server, booking)), '201 provisional')
      await until(async () => (await first.perch.output() + await second.perch.output()).includes('No space left on device'), { what: 'a node has told of it' })
      await operator.query('drop trigger no_room on perch.events')
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after there is room`)
    await stored(second.server, booking)
    assert.equal((await operator.query('select from perch.quarantine')).rowCount, 0)
  })
  /** Rows and errors that make Postgres refuse one booking for ever, and the reason that it is set aside for. */
  const poisons: Record<string, { refuse: (booking: Booking) => string, reason: RegExp }> = {
    'in the way of a claim that somebody put into the tables by hand': {
      refuse: ({ space, from, to }) => `insert into perch.claims (org, id, space, floor, kind, person, by, from_at, to_at, created_at, sole, state, hash)
        values ('demo', '${uuidv7()}', '${space}', 'f1', 'desk', 'p99', 'by hand', '${from}', '${to}', now(), true, 'booked', '')`,
      reason: /^23P01 claims_space_free/
    },
    'that Postgres cannot store at all': {
      refuse: ({ id }) => `create function perch.poison () returns trigger language plpgsql as $$
          begin if new.claim = '${id}' and new.type = 'granted' then raise exception using errcode = 'untranslatable_character'; end if; return new; end $$;
        create trigger poison before insert on perch.events for each row execute function perch.poison()`,
      reason: /^22P05/
    }
  }
  for (const [what, { refuse, reason }] of Object.entries(poisons)) {
    await t.test(`a claim ${what} is set aside with an alarm and revoked, and holds up nobody`, async t => {
      const operator = await operatorOf(t, trial.database)
      const booking = newBooking('f1-d17', 'p18')
      await trial.survives(t, async load => {
        await operator.query(refuse(booking))
        assert.equal(said(await decided(first.server, booking)), '201 provisional')
        await until(async () => ((await callApi(second.server, 'GET', `/v1/claims/${booking.id}`)).body as ClaimView).why === 'revoked', { what: 'it is revoked' })
        await load.morePersisted(20)
      })
      const { rows } = await operator.query<{ reason: string }>("select reason from perch.quarantine where entry like '%' || $1 || '%'", [booking.id])
      assert.equal(rows.length, 1)
      assert.match(rows[0]?.reason ?? '', reason)
      assert.ok((await Promise.all([first, second].map(async ({ perch }) => await perch.logs()))).flat().some(({ level, msg }) => level === 'error' && msg.includes('quarantine')))
      for (const { server } of [first, second]) assert.equal(((await ask(server, booking)).body as ClaimReply).claim.why, 'revoked')
      assert.equal((await operator.query('select why from perch.claims where id = $1', [booking.id])).rows[0].why, 'revoked')
    })
  }
})
