import { test } from 'tap'
import fc from 'fast-check'
import { active } from '../harness/invariants.ts'
import { isRight } from '../harness/oracle.ts'
import { holds } from '../harness/property.ts'
import { Town } from '../harness/town.ts'
import { steps, townPlan } from '../harness/town-steps.ts'

test('whatever happens, whenever: no space is held twice, no person beyond the policy, no deadline is missed, and the ledger hears it all', async () => {
  holds(fc.property(townPlan, steps(80), (plan, story) => {
    const town = new Town(plan)
    for (const step of story) {
      town.take(step)
      town.check()
    }
  }), 160)
})

test('what is granted was free, what is refused was not, and no id is granted twice', async () => {
  holds(fc.property(townPlan, steps(80), (plan, story) => {
    const town = new Town(plan)
    for (const step of story) {
      const before = active(town)
      const command = town.command(step)
      if (command === null) town.take(step)
      else isRight(town, command, town.obey(command), before)
    }
  }), 160)
})
