import assert from 'node:assert/strict'
import { test } from 'tap'
import { callApi } from '../../../src/cli/seed/api.ts'
import { command } from '../../harness/redis.ts'
import { losePower } from '../faulty-redis.ts'
import { compilePreload } from '../preload/preload.ts'
import { decided, newBooking, said, stored } from './booking.ts'
import { Trial } from './trial.ts'

/** Bookings that are in Redis alone when the power goes. */
const PROVISIONAL = 6

test('a power loss at Redis', async t => {
  const preload = await compilePreload(t)
  assert.ok(preload !== null, 'gcc is needed: scripts/install-test-tools installs it')
  const inside = await preload.openInside(t)
  const trial = await Trial.open(t, { redis: { appendonly: true, args: ['--appendfsync', 'always'], env: inside.env } })

  for (const [fsync, keeps] of [['always', true], ['everysec', false]] as const) {
    await t.test(`with appendfsync ${fsync} loses nothing that was stored${keeps ? ', and nothing that was answered' : '; what was provisional may be gone, and can be asked for again'}`, async t => {
      const bookings = Array.from({ length: PROVISIONAL }, () => newBooking('f1-d16', 'p12'))
      let bytes = 0
      const took = await trial.survives(t, async () => {
        await command(trial.redis.port, async client => await client.config('SET', 'appendfsync', fsync))
        for (const { postgres } of trial.nodes) postgres.blackhole()
        for (const [i, booking] of bookings.entries()) {
          const { server } = trial.nodes[i % 2] ?? assert.fail()
          assert.equal(said(await decided(server, { ...booking, await: 'accepted' })), '201 provisional')
        }
        bytes = await losePower({ redis: trial.redis, inside, links: [] })
        for (const { postgres } of trial.nodes) {
          postgres.reset()
          postgres.heal()
        }
        await trial.redis.restart()
      })
      for (const server of trial.servers.slice(0, 1)) {
        const left = await Promise.all(bookings.map(async ({ id }) => (await callApi(server, 'GET', `/v1/claims/${id}`)).status === 200))
        t.comment(`${bytes} bytes were not on the disk; ${left.filter(known => !known).length} of ${PROVISIONAL} provisional claims were lost; claims are stored again ${Math.round(took)} ms after Redis is back`)
        if (keeps) assert.deepEqual(left, bookings.map(() => true))
        for (const booking of bookings) await stored(server, booking)
      }
    })
  }
})
