import assert from 'node:assert/strict'
import { test } from 'tap'
import { callApi, type ApiReply } from '../../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../../src/protocol/answers.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'
import { command } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'
import { ask, decided, newBooking, said, type Booking } from './booking.ts'
import type { LinkedNode } from './linked-node.ts'
import { Trial } from './trial.ts'

/** Until an answer that is lost is a grant: nearly always the first one. */
const MOST_TRIES = 5

test('over one Redis', async t => {
  const trial = await Trial.open(t)
  const [first, second] = trial.nodes as [LinkedNode, LinkedNode]
  const claimOf = (reply: ApiReply): ClaimView => (reply.body as ClaimReply).claim

  /** A booking whose answer was lost, and what each node says of it. Where the answer was that its records had changed meanwhile, it was not granted: then another. */
  async function granted (): Promise<{ booking: Booking, here: ApiReply, there: ApiReply }> {
    for (let tries = 1; ; tries++) {
      const booking = newBooking('f1-d16', 'p12')
      const dropped = first.redis.dropReply(request => request.includes(booking.id))
      assert.equal(said(await ask(first.server, booking)), '503 OUTCOME_UNKNOWN')
      await dropped
      const [here, there] = await Promise.all([decided(first.server, booking), decided(second.server, booking)])
      if (here.status === 200 && there.status === 200) return { booking, here, there }
      assert.deepEqual([here.status, there.status].sort(), [200, 201])
      assert.ok(tries < MOST_TRIES, 'it had been granted')
    }
  }

  await t.test('a claim whose reply was lost has an unknown outcome, and every node that is asked again gives the one that it had (INV-4)', async () => {
    const { booking, here, there } = await granted()
    assert.deepEqual(claimOf(here), claimOf(there))
    assert.equal(claimOf(here).id, booking.id)
    const reused = await decided(first.server, { ...booking, space: 'f2-d16' })
    assert.equal(said(reused), '409 CLAIM_ID_REUSED')
  })

  await t.test('a release whose reply was lost has an unknown outcome, and is the same when it is asked for again', async () => {
    const booking = newBooking('f1-d17', 'p12')
    assert.equal((await decided(first.server, booking)).status, 201)
    const release = async ({ server }: LinkedNode) => await callApi(server, 'POST', `/v1/claims/${booking.id}/release`)
    const dropped = first.redis.dropReply(request => request.includes(booking.id))
    const lost = await release(first)
    await dropped
    assert.equal(said(lost), '503 OUTCOME_UNKNOWN')
    const again = await until(async () => {
      const replies = await Promise.all([release(first), release(second)])
      return replies.every(({ status }) => status === 200) && replies
    }, { what: 'the release is decided' })
    for (const reply of again) assert.equal(claimOf(reply).why, 'released')
    assert.deepEqual(claimOf(again[0]), claimOf(again[1]))
  })

  await t.test('a claim that was lost on its way has an unknown outcome, and is refused once somebody else was there first', async () => {
    const booking = newBooking('f1-d18', 'p12')
    first.redis.blackhole('there')
    const lost = ask(first.server, booking)
    const rival = { ...booking, id: newBooking('f1-d18', 'p13').id, person: 'p13' }
    assert.equal((await decided(second.server, rival)).status, 201)
    assert.match(said(await lost), /^503 (OUTCOME_UNKNOWN|RECOVERING)$/)
    first.redis.reset()
    first.redis.heal()
    assert.equal(said(await decided(first.server, booking)), '409 SPACE_TAKEN')
    assert.equal((await callApi(second.server, 'GET', `/v1/claims/${booking.id}`)).status, 404)
  })

  await t.test('a Redis out of memory refuses claims whole, shows what there is, and takes them again by itself when it has room', async t => {
    const took = await trial.survives(t, async () => {
      await command(trial.redis.port, async client => await client.config('SET', 'maxmemory', '1'))
      for (const { server } of trial.nodes) {
        const booking = newBooking('f2-d17', 'p14')
        assert.equal(said(await ask(server, booking)), '503 LEDGER_BEHIND')
        assert.equal((await callApi(server, 'GET', `/v1/claims/${booking.id}`)).status, 404)
        assert.equal((await callApi(server, 'GET', '/v1/floors/f2/state')).status, 200)
      }
      await command(trial.redis.port, async client => await client.config('SET', 'maxmemory', '0'))
    })
    t.comment(`claims are stored again ${Math.round(took)} ms after there is room`)
  })

  await t.test('a Redis whose scripts are flushed again and again is not noticed', async t => {
    await trial.survives(t, async load => {
      for (let round = 0; round < 10; round++) {
        await command(trial.redis.port, async client => await client.script('FLUSH'))
        await load.morePersisted(5)
      }
    })
  })
})
