import assert from 'node:assert/strict'
import { test } from 'tap'
import { Trial } from './trial.ts'

test('Postgres', async t => {
  const trial = await Trial.open(t)
  await t.test('that is killed', async t => {
    const took = await trial.survives(t, async () => {
      await trial.postgres.kill()
      await trial.postgres.restart()
    })
    t.comment(`claims are stored again ${(took / 1000).toFixed(1)} s after the fault`)
    assert.ok(took)
  })
})
