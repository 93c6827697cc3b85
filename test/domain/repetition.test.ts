import { test } from 'tap'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Command } from '../../src/domain/command.ts'
import { holds } from '../harness/property.ts'
import { Town } from '../harness/town.ts'
import { steps, townPlan } from '../harness/town-steps.ts'

/** What a caller may send twice. A deadline or a plan that is worked on twice is another commit, which says the same. */
const SENT: ReadonlySet<Command['type']> = new Set(['claim', 'check-in', 'release', 'revoke', 'change', 'block', 'unblock', 'read'])

test('a command sent again changes nothing and has the same answer (INV-4)', async () => {
  holds(fc.property(townPlan, steps(60), (plan, story) => {
    const town = new Town(plan)
    for (const step of story) {
      const command = town.command(step)
      if (command === null || !SENT.has(command.type)) {
        town.take(step)
        continue
      }
      const first = town.obey(command)
      const [records, events] = [new Map(town.records), town.events.length]
      const second = town.run(command)
      assert.deepEqual(town.records, records, 'no record changes')
      assert.equal(town.events.length, events, 'no event is told')
      if (!first.ok || !second.ok) assert.deepEqual(second, first)
      else if (command.type === 'read') assert.notEqual(second.outcome.reading, 'applied')
      else assert.deepEqual(second, { ok: true, outcome: { ...first.outcome, repeated: true }, events: [], changed: false })
    }
  }), 150)
})

test('a refusal changes nothing', async () => {
  holds(fc.property(townPlan, steps(60), (plan, story) => {
    const town = new Town(plan)
    for (const step of story) {
      const command = town.command(step)
      const [records, due, seqs] = [new Map(town.records), new Map(town.due), new Map(town.seqs)]
      const answer = command === null ? town.take(step) : town.obey(command)
      if (answer === null || answer.ok) continue
      assert.deepEqual([town.records, town.due, town.seqs], [records, due, seqs])
    }
  }), 100)
})
