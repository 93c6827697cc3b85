import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { test } from 'tap'
import { shardKeys } from '../../../src/adapters/redis/shard-keys.ts'
import { SHARD } from '../../harness/core.ts'
import { command } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'
import { decided, newBooking, said, stored } from './booking.ts'
import type { LinkedNode } from './linked-node.ts'
import { Trial } from './trial.ts'

const run = promisify(execFile)

/** With owners and rights: Postgres starts on its own files alone. */
async function copy (from: string, to: string): Promise<void> {
  await run('cp', ['-a', from, to])
}

test('a ledger that has less than was promised', async t => {
  const trial = await Trial.open(t)
  const [first, second] = trial.nodes as [LinkedNode, LinkedNode]
  /** Log lines of that kind on all nodes so far. */
  const alarms = async (): Promise<number> => (await Promise.all(trial.nodes.map(async ({ perch }) => await perch.logs()))).flat()
    .filter(({ level, msg }) => level === 'error' && msg.startsWith('recovery: the ledger had lost')).length

  await t.test('because the outbox was trimmed by force gets it back from the store, with an alarm, and nothing is lost in silence', async t => {
    const bookings = Array.from({ length: 6 }, () => newBooking('f1-d16', 'p12'))
    const took = await trial.survives(t, async () => {
      for (const { postgres } of trial.nodes) postgres.blackhole()
      for (const [i, booking] of bookings.entries()) assert.equal(said(await decided(i % 2 === 0 ? first.server : second.server, booking)), '201 provisional')
      await command(trial.redis.port, async client => {
        const keys = shardKeys()[SHARD]
        const epoch = Number.parseInt(await client.get(keys?.epoch ?? '') ?? '', 10)
        assert.ok(await client.xtrim(keys?.outbox(epoch) ?? '', 'MAXLEN', 0) >= bookings.length)
      })
      for (const { postgres } of trial.nodes) {
        postgres.reset()
        postgres.heal()
      }
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after Postgres answers`)
    await Promise.all(bookings.map(async booking => { await stored(second.server, booking) }))
    await until(async () => await alarms() > 0, { what: 'a node raises the alarm' })
  })

  await t.test('because it was restored from an older backup gets it back from the store, with an alarm, and nothing that was stored is lost', async t => {
    const before = await alarms()
    const { dir } = trial.postgres
    const backup = `${dir}-backup`
    const bookings = Array.from({ length: 6 }, () => newBooking('f2-d16', 'p13'))
    const took = await trial.survives(t, async load => {
      await trial.postgres.stop()
      await copy(dir, backup)
      await trial.postgres.restart()
      for (const booking of bookings) {
        await decided(first.server, booking)
        await stored(first.server, booking)
      }
      await load.morePersisted(40)
      await trial.postgres.stop()
      await rm(dir, { recursive: true })
      await copy(backup, dir)
      await trial.postgres.restart()
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after Postgres is back`)
    await Promise.all(bookings.map(async booking => { await stored(second.server, booking) }))
    await until(async () => await alarms() > before, { what: 'a node raises the alarm' })
  })
})
