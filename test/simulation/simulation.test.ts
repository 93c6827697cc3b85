import assert from 'node:assert/strict'
import { test } from 'tap'
import { askedOf } from './asked.ts'
import { failureOf } from './failure.ts'
import { hunt, type Hunted } from './hunt.ts'

/** Of the minute that the simulation may take; its mutations run beside it. */
const MS = 45_000
const PROGRESS_MS = 60_000

const { alone, from, runs, ms, faults, traced } = askedOf(process.env, MS)
const options = faults === undefined ? {} : { faults }

test('whatever happens to nodes, store, ledger and lines, no space is doubled, no persisted claim is lost, and every screen is right', async () => {
  let said = 0
  const hunted = await hunt({
    ...options,
    from,
    runs,
    ms,
    onRun: (_, hunted) => {
      if (hunted.tookMs - said < PROGRESS_MS) return
      said = hunted.tookMs
      console.log(figuresOf(hunted))
    }
  })
  console.log(figuresOf(hunted))
  const { broken } = hunted
  if (broken !== null) assert.fail(await failureOf(broken, options, traced))
  if (alone && traced) console.log(await failureOf({ seed: from, broken: 'nothing is broken' }, options, true))
})

function figuresOf ({ runs, commands, granted, persisted, steps, virtualMs, tookMs }: Hunted): string {
  const each = (n: number): string => (n / runs).toFixed(0)
  return `simulation: seeds ${from} to ${from + runs - 1}, ${(runs / tookMs * 60_000).toFixed(0)} a minute; each ${each(commands)} commands, ${each(granted)} answered with a claim, ` +
    `${each(persisted)} as persisted, ${each(steps)} steps, ${each(virtualMs / 1_000)} s of its own time`
}
