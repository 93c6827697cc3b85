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
  })
}
