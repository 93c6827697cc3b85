import { test } from 'tap'
import assert from 'node:assert/strict'
import { OPERATIONS, RIGHTS } from '../../../src/application/rights.ts'
import { ROLES } from '../../../src/domain/role.ts'
import { ATTEMPTS } from './attempts.ts'
import { Scene } from './scene.ts'

for (const role of ROLES) {
  test(`a ${role} does what a ${role} may over every transport, and anything else is refused and writes nothing`, async t => {
    const scene = await Scene.open(t, role)
    for (const operation of OPERATIONS) {
      const allowed = RIGHTS[role].includes(operation)
      for (const { over, what, own, refusal = 'FORBIDDEN', given, ask } of ATTEMPTS[operation]) {
        if (own === true && !scene.isPerson) continue
        const cell = `${role}, ${operation}: ${what} over ${over}`
        const prepared = await given?.(scene) ?? ''
        const before = await scene.state()
        const outcome = await ask(scene, prepared)
        assert.equal(outcome, allowed ? 'ok' : refusal, cell)
        if (outcome !== 'ok') assert.deepEqual(await scene.state(), before, cell)
        await scene.tidyUp()
      }
    }
  })
}
