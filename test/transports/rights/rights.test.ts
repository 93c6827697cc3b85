import { test } from 'tap'
import assert from 'node:assert/strict'
import { OF_THE_ORG, OPERATIONS, RIGHTS, type Operation } from '../../../src/application/rights.ts'
import { ROLES } from '../../../src/domain/role.ts'
import { ATTEMPTS, type Attempt } from './attempts.ts'
import { Scene } from './scene.ts'

/** Everything that can be tried, one after the other; whatever comes to nothing has changed nothing. */
async function tryAll (scene: Scene, who: string, look: (outcome: string, operation: Operation, attempt: Attempt, cell: string) => void): Promise<void> {
  for (const operation of OPERATIONS) {
    for (const attempt of ATTEMPTS[operation]) {
      const { over, what, own, given, ask } = attempt
      if (own === true && !scene.isPerson) continue
      const cell = `${who}, ${operation}: ${what} over ${over}`
      const prepared = await given?.(scene) ?? ''
      const before = await scene.state()
      const outcome = await ask(scene, prepared)
      look(outcome, operation, attempt, cell)
      if (outcome !== 'ok' || (attempt.anySite === true && scene.elsewhere)) assert.deepEqual(await scene.state(), before, cell)
      await scene.tidyUp()
    }
  }
}

for (const role of ROLES) {
  test(`a ${role} does what a ${role} may over every transport, and anything else is refused and writes nothing`, async t => {
    await tryAll(await Scene.open(t, role), role, (outcome, operation, { refusal = 'FORBIDDEN' }, cell) => {
      assert.equal(outcome, RIGHTS[role].includes(operation) ? 'ok' : refusal, cell)
    })
  })
}

for (const role of ['admin', 'operator'] as const) {
  test(`an ${role} of one site does there what the role may, but nothing that is of the whole organisation`, async t => {
    await tryAll(await Scene.open(t, role, 'hq'), `${role} of hq`, (outcome, operation, { refusal = 'FORBIDDEN', elsewhere }, cell) => {
      const allowed = RIGHTS[role].includes(operation) && !OF_THE_ORG.has(operation) && elsewhere !== true
      assert.equal(outcome, allowed ? 'ok' : refusal, cell)
    })
  })
}

/** What is not about a site: oneself, the directory of people, and lists of what there is at one's own. */
const OF_NO_SITE: ReadonlySet<Operation> = new Set<Operation>(['read-floors', 'read-own-claims', 'write-self', 'find-people', 'read-people', 'read-org', 'read-keys', 'read-devices'])

test('an admin of another site does nothing at this one', async t => {
  await tryAll(await Scene.open(t, 'admin', 'mill'), 'admin of mill', (outcome, operation, { anySite, elsewhere }, cell) => {
    if (anySite !== true && elsewhere !== true && !OF_NO_SITE.has(operation)) assert.notEqual(outcome, 'ok', cell)
  })
})
