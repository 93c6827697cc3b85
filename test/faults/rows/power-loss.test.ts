import assert from 'node:assert/strict'
import { test } from 'tap'
import { callApi } from '../../../src/cli/seed/api.ts'
import { losePower } from '../faulty-redis.ts'
import { compilePreload } from '../preload/preload.ts'
import { decided, newBooking, said, stored, type Booking } from './booking.ts'
import type { LinkedNode } from './linked-node.ts'
import { Trial } from './trial.ts'

/** Bookings that are in Redis alone when the power goes. */
const PROVISIONAL = 6

/** What is left of them when the machine that had no time to bring them to the disk is back. */
for (const [fsync, keeps] of [['always', true], ['everysec', false]] as const) {
  test(`a power loss at Redis with appendfsync ${fsync} loses nothing that was stored${keeps ? ', and nothing that was answered' : '; what was provisional may be gone'}`, async t => {
    const preload = await compilePreload(t)
    assert.ok(preload !== null, 'gcc is needed: scripts/install-test-tools installs it')
    const inside = await preload.openInside(t)
    const trial = await Trial.open(t, { redis: { appendonly: true, args: ['--appendfsync', fsync], env: inside.env } })
    const [first, second] = trial.nodes as [LinkedNode, LinkedNode]
    const bookings: Booking[] = []
    let bytes = 0
    const took = await trial.survives(t, async () => {
      for (const { postgres } of trial.nodes) postgres.blackhole()
      for (let i = 0; i < PROVISIONAL; i++) {
        const booking = newBooking('f1-d16', 'p12')
        bookings.push(booking)
        assert.equal(said(await decided(i % 2 === 0 ? first.server : second.server, { ...booking, await: 'accepted' })), '201 provisional')
      }
      bytes = await losePower({ redis: trial.redis, inside, links: [] })
      for (const { postgres } of trial.nodes) {
        postgres.reset()
        postgres.heal()
      }
      await trial.redis.restart()
    })
    const left = await Promise.all(bookings.map(async ({ id }) => (await callApi(second.server, 'GET', `/v1/claims/${id}`)).status === 200))
    t.comment(`${bytes} bytes were not on the disk; ${left.filter(known => !known).length} of ${PROVISIONAL} provisional claims were lost; claims are stored again ${Math.round(took)} ms after Redis is back`)
    if (keeps) assert.deepEqual(left, bookings.map(() => true))
    for (const booking of bookings) await stored(first.server, booking)
  })
}
