import assert from 'node:assert/strict'
import { test } from 'tap'
import { startRedis } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'
import { compilePreload } from '../preload/preload.ts'
import { Trial } from './trial.ts'

const MINUTE_MS = 60_000

test('with wall clocks that are a minute off', async t => {
  const preload = await compilePreload(t)
  assert.ok(preload !== null, 'gcc is needed: scripts/install-test-tools installs it')
  const inside = async () => await preload.openInside(t)
  const [primary, lock, ahead, behind] = [await inside(), await inside(), await inside(), await inside()]
  const locks = await Promise.all([lock.env, {}, {}].map(async env => await startRedis(t, { env })))
  const guard = { LOCK_REDIS_URLS: locks.map(({ url }) => url).join(',') }
  await ahead.setClock(MINUTE_MS)
  await behind.setClock(-MINUTE_MS)
  const trial = await Trial.open(t, { redis: { env: primary.env }, nodes: [{ ...guard, ...ahead.env }, { ...guard, ...behind.env }] })

  await t.test('two nodes, one ahead and one behind, that then change places, keep what they promise (INV-3)', async t => {
    await trial.survives(t, async load => {
      await load.morePersisted(40)
      await ahead.setClock(-MINUTE_MS)
      await behind.setClock(MINUTE_MS)
      await load.morePersisted(40)
    })
  })

  for (const [which, clock, alarms] of [['lock node', lock, false], ['primary', primary, true]] as const) {
    await t.test(`two nodes whose ${which}'s clock jumps ahead, and back beyond where it was, keep what they promise (INV-3)`, async t => {
      await trial.survives(t, async load => {
        for (const offMs of [MINUTE_MS, -MINUTE_MS, 0]) {
          await clock.setClock(offMs)
          await load.morePersisted(40)
        }
      })
      if (!alarms) return
      await until(async () => (await Promise.all(trial.nodes.map(async ({ perch }) => await perch.logs()))).every(lines => lines.some(({ level, msg }) => level === 'error' && msg.startsWith('clock:'))), { what: 'each node raises the alarm' })
    })
  }
})
