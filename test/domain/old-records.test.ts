import { test } from 'tap'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Known } from '../../src/domain/draft.ts'
import type { Key } from '../../src/domain/keys.ts'
import { holds } from '../harness/property.ts'
import { Town } from '../harness/town.ts'
import { steps, townPlan, type Step } from '../harness/town-steps.ts'

/** How many versions ago the records of a node were read that has missed some news; used one after another, over and over. */
const ages = fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(4) }), { minLength: 1, maxLength: 12 })

/** Every record there ever was, some of them as they were before. */
function remembered (town: Town, ages: readonly number[]): Map<Key, Known> {
  const mix = new Map<Key, Known>()
  let i = 0
  for (const [key, versions] of town.history) {
    const known = versions.at(-1 - (ages[i++ % ages.length] ?? 0)) ?? versions[0]
    if (known !== undefined) mix.set(key, known)
  }
  return mix
}

test('a decision from any mix of old records is not committed, or it is the one that would be made now (INV-3)', async () => {
  let [stale, current] = [0, 0]
  holds(fc.property(townPlan, steps(60), ages, (plan, story, ages) => {
    const town = new Town(plan)
    for (const step of story) {
      const command = town.command(step)
      if (command === null) {
        town.take(step)
        continue
      }
      const decision = town.decide(command, remembered(town, ages))
      if (decision.state === 'done' && decision.changes !== null) {
        const isCurrent = decision.changes.checks.every(({ key, version }) => (town.records.get(key)?.version ?? 0) === version)
        if (isCurrent) assert.deepEqual(decision, town.decide(command), 'whatever the decision was made from is checked')
        else assert.equal(town.commit(decision.changes), false)
        if (isCurrent) current++
        else stale++
      }
      town.obey(command)
      town.check()
    }
  }), 110)
  if (process.env['SHRUNK'] === undefined) assert.ok(stale > 100 && current > 100, `old records came up in decisions: ${stale} stale, ${current} current`)
})

/** What a commit that comes late cannot know of: recovery ends the epoch, and names are brought in line once more. */
const MENDED_OTHERWISE: ReadonlySet<Step['do']> = new Set(['outage', 'present'])

test('of commands decided from the same records, whatever is committed, however late, leaves the world as it must be (INV-3)', async () => {
  holds(fc.property(townPlan, steps(60), (plan, story) => {
    const town = new Town(plan)
    for (const [i, step] of story.entries()) {
      const [slow, decidedAt] = [town.command(step), town.now]
      const decided = slow === null ? null : town.decide(slow)
      const quick = story[i + 1] ?? step
      if (!MENDED_OTHERWISE.has(quick.do)) town.take(quick)
      const changes = decided?.state === 'done' ? decided.changes : null
      if (changes !== null && town.commit(changes, decidedAt) && slow?.type === 'claim') town.granted.push(slow)
      town.check()
    }
  }), 110)
})
