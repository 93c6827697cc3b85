import assert from 'node:assert/strict'
import { test } from 'tap'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { NOW, blockOf, blocked, checkedIn, claimOf, endedBy, granted, movedTo, openOffice, present } from '../../contract/ledger/office.ts'
import { migratedPool } from './database.ts'

test('what recording leaves in the tables', async t => {
  // One connection, so that its statistics can be asked for at once.
  const pool = await migratedPool(t, { max: 1 })
  const ledger = createLedger(pool)

  await t.test('every event is there once, in the order of its floor, with the epoch of its stream and its place in the commit', async () => {
    const { org, shard, entry } = openOffice(ledger)
    const claim = claimOf()
    const cursor = await ledger.raiseEpoch(shard, 4)
    await ledger.switchStream(shard, cursor, 0)
    const entries = [entry([granted(claim), blocked('d2', blockOf())]), entry([movedTo(claim, { floor: 'hq-2', space: 'e1' })]), entry([endedBy(claim)])]
    await ledger.record(shard, { epoch: 5, stream: 5, n: 0 }, entries)
    await ledger.record(shard, { epoch: 5, stream: 5, n: 0 }, entries)
    const { rows } = await pool.query('select floor, epoch, seq, idx, n, type, space, claim, by, at from perch.events where org = $1 order by n, idx', [org])
    const shared = { epoch: 5, by: 'anna' }
    assert.deepEqual(rows, [
      { ...shared, floor: 'hq-1', seq: 1, idx: 0, n: 1, type: 'granted', space: 'd1', claim: claim.id, at: NOW + 1 },
      { ...shared, floor: 'hq-1', seq: 1, idx: 1, n: 1, type: 'blocked', space: 'd2', claim: null, at: NOW + 1 },
      { ...shared, floor: 'hq-2', seq: 1, idx: 0, n: 2, type: 'moved', space: 'e1', claim: claim.id, at: NOW + 2 },
      { ...shared, floor: 'hq-1', seq: 2, idx: 0, n: 3, type: 'ended', space: 'd1', claim: claim.id, at: NOW + 3 }
    ])
  })

  await t.test('an event keeps what it told beside its columns, but for whose claim it was', async () => {
    const { org, record, entry } = openOffice(ledger)
    const claim = claimOf()
    await record(entry([granted(claim, 'its hash'), movedTo(claim, { floor: 'hq-2', space: 'e1' })]), entry([{ type: 'planned', floor: 'hq-1', plan: 3, policy: 4 }]))
    const { person: _, ...told } = claim
    const { rows } = await pool.query('select space, body from perch.events where org = $1 order by n, idx', [org])
    assert.deepEqual(rows, [
      { space: 'd1', body: { claim: told, hash: 'its hash' } },
      { space: 'e1', body: { claim: { ...told, floor: 'hq-2', space: 'e1' }, was: { floor: 'hq-1', space: 'd1', from: NOW } } },
      { space: null, body: { plan: 3, policy: 4 } }
    ])
  })

  await t.test('an entry set aside is kept whole, with the constraint that it broke, and its events are not', async () => {
    const { org, shard, record, entry } = openOffice(ledger)
    const [first, refused] = [entry([granted(claimOf())]), entry([granted(claimOf({ person: 'bob' }))])]
    await record(first, refused)
    const { rows } = await pool.query('select shard, epoch, n, reason, entry from perch.quarantine where org = $1', [org])
    assert.deepEqual(rows, [{ shard, epoch: 0, n: 2, reason: '23P01 claims_space_free', entry: JSON.stringify(refused.entry) }])
    assert.deepEqual((await pool.query('select n from perch.events where org = $1', [org])).rows, [{ n: 1 }])
  })

  await t.test('a granted claim that was set aside stands as revoked with its hash, so that its id stays known', async () => {
    const { org, record, entry } = openOffice(ledger)
    const [claim, rival] = [claimOf(), claimOf({ person: 'bob' })]
    const [first, refused] = [entry([granted(claim)]), entry([granted(rival, 'its hash')])]
    await record(first, refused)
    const revoked = { ...rival, life: { state: 'ended', at: refused.entry.at, why: 'revoked' } }
    assert.deepEqual(await ledger.claim(org, rival.id), { claim: revoked, hash: 'its hash' })
    assert.deepEqual((await ledger.claimsToLoad(org, NOW, null, 10)).map(one => one.claim.life.state), ['booked', 'ended'])
    await record(entry([endedBy(rival, { state: 'ended', at: NOW + 5_000, why: 'revoked' })]))
    assert.equal((await ledger.claim(org, rival.id))?.hash, 'its hash')
  })

  await t.test('an ended claim keeps when it was checked in', async () => {
    const { org, record, entry } = openOffice(ledger)
    const [slow, quick] = [claimOf(), claimOf({ space: 'd2', person: 'bob' })]
    await record(entry([granted(slow)]), entry([checkedIn(slow)]))
    await record(entry([endedBy(slow)]), entry([granted(quick)]), entry([checkedIn(quick)]), entry([endedBy(quick)]))
    const { rows } = await pool.query('select checked_in_at from perch.claims where org = $1', [org])
    const since = present.state === 'present' && present.since
    assert.deepEqual(rows, [{ checked_in_at: since }, { checked_in_at: since }])
  })

  await t.test('most check-ins update the claim in place, without touching an index', async () => {
    const { record, entry } = openOffice(ledger)
    const updates = async (): Promise<{ hot: number, all: number }> => {
      await pool.query('select pg_stat_force_next_flush()')
      return (await pool.query("select n_tup_hot_upd as hot, n_tup_upd as all from pg_stat_user_tables where schemaname = 'perch' and relname = 'claims'")).rows[0]
    }
    const claims = Array.from({ length: 200 }, (_, i) => claimOf({ space: `d${i}`, person: `p${i}` }))
    await record(...claims.map(claim => entry([granted(claim)])))
    const before = await updates()
    // A few at a time, as people come in.
    for (let i = 0; i < 20; i++) await record(...claims.slice(i, i + 1).map(claim => entry([checkedIn(claim)])))
    const after = await updates()
    assert.equal(after.all - before.all, 20)
    assert.ok(after.hot - before.hot >= 10, `${after.hot - before.hot} of 20`)
  })
})
