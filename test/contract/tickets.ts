import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Tickets } from '../../src/application/tickets.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'

interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

/** Long enough for a test, short enough to wait for. */
const LONG_MS = 30_000
const SHORT_MS = 200

/** What the comments on Tickets in application/tickets.ts promise. `open` gives two nodes' ends of the same. */
export function ticketsContract (name: string, open: (t: Cleanup) => Promise<readonly [Tickets, Tickets]>): void {
  test(`tickets in ${name} keep the contract`, async (t: Test) => {
    const [here, there] = await open(t)
    let n = 0
    const note = (holder = `holder-${++n}`) => ({ name: `ticket-${++n}`, holder, body: `{"n":${n},"text":"ä\\n{}"}` })

    await t.test('what was put down on one node is taken up on another, as it was', async () => {
      const put = note()
      assert.equal(await here.put(put, LONG_MS, 10), true)
      assert.equal(await there.take(put.name), put.body)
    })

    await t.test('of all who ask one gets it', async () => {
      for (let round = 0; round < 20; round++) {
        const put = note()
        await here.put(put, LONG_MS, 10)
        const got = await Promise.all(Array.from({ length: 8 }, async (_, i) => await (i % 2 === 0 ? here : there).take(put.name)))
        assert.deepEqual(got.filter(body => body !== null), [put.body])
      }
    })

    await t.test('what nobody put down is not there', async () => {
      assert.equal(await here.take('ticket-of-nobody'), null)
    })

    await t.test('what nobody took up in time is gone', async () => {
      const put = note()
      await here.put(put, SHORT_MS, 10)
      const end = performance.now() + 2 * SHORT_MS
      await until(() => performance.now() > end, { what: 'its time is over' })
      assert.equal(await here.take(put.name), null)
    })

    await t.test('a holder puts down no more than they may, on all nodes together, and nobody else is in their way', async () => {
      const most = 5
      let put = 0
      // The stretch of time in which they count may end in between, once.
      for (let i = 0; i < 20; i++) if (await (i % 2 === 0 ? here : there).put(note('greedy'), LONG_MS, most)) put++
      assert.ok(put >= most && put <= 2 * most, `${put} were put down`)
      assert.equal(await here.put(note('modest'), LONG_MS, most), true)
      const refused = note('greedy')
      if (!await here.put(refused, LONG_MS, most)) assert.equal(await here.take(refused.name), null)
    })

    await t.test('what is only looked at stays, on all nodes, until it is taken up or its time is over', async () => {
      const [put, short] = [note(), note()]
      await here.put(put, LONG_MS, 10)
      await here.put(short, SHORT_MS, 10)
      for (const end of [here, there, here]) assert.equal(await end.look(put.name), put.body)
      await there.take(put.name)
      const end = performance.now() + 2 * SHORT_MS
      await until(() => performance.now() > end, { what: 'its time is over' })
      assert.deepEqual([await here.look(put.name), await here.look(short.name), await here.look('ticket-of-nobody')], [null, null, null])
    })

    await t.test('what is put down anew under a name is what is there', async () => {
      const put = note()
      await here.put(put, LONG_MS, 10)
      await there.put({ ...put, body: 'another' }, LONG_MS, 10)
      assert.equal(await here.take(put.name), 'another')
    })

    await t.test('what is spent is counted on all nodes together, and what is given back is not', async () => {
      const most = 5
      const spent = await Promise.all(Array.from({ length: 30 }, async (_, i) => await (i % 2 === 0 ? here : there).spend('spender', LONG_MS, most)))
      const granted = spent.filter(Boolean).length
      assert.ok(granted >= most && granted <= 2 * most, `${granted} were granted`)
      for (let i = 0; i < 30; i++) {
        assert.equal(await here.spend('honest', LONG_MS, most), true)
        await there.refund('honest', LONG_MS)
      }
    })

    await t.test('times of different lengths do not end each other', async () => {
      let granted = 0
      for (let i = 0; i < 20; i++) {
        if (await here.spend('patient', LONG_MS, 5)) granted++
        await here.spend(`hasty-${i}`, SHORT_MS, 5)
      }
      assert.ok(granted >= 5 && granted <= 10, `${granted} were granted`)
    })
  })
}
