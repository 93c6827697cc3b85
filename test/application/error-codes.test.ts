import { test } from 'tap'
import assert from 'node:assert/strict'
import { errors, PerchError, type ErrorCode } from '../../src/domain/errors.ts'
import { ADMIN } from '../stand-ins/building.ts'
import { provocations } from './error-codes/provocations.ts'
import { Scene } from './error-codes/scene.ts'

for (const code of Object.keys(errors) as ErrorCode[]) {
  test(`${code} is said, and nothing changes`, async t => {
    const ways = Object.entries(provocations[code])
    assert.ok(ways.length > 0, `something brings ${code} about`)
    for (const [what, { given, ask }] of ways) {
      await t.test(what, async t => {
        const scene = await Scene.open(t)
        await given?.(scene)
        const before = await scene.state()
        await assert.rejects(ask(scene, t), (error: unknown) => {
          if (!(error instanceof PerchError)) throw error
          assert.equal(error.code, code)
          return true
        })
        assert.deepEqual(await scene.state(), before)
      })
    }
  })
}

test('every way to be refused is of a code in the table', async () => {
  assert.deepEqual(Object.keys(provocations).sort(), Object.keys(errors).sort())
})

test('a claim whose answer was lost is the same claim when it is asked for again', async t => {
  const scene = await Scene.open(t)
  const request = { id: scene.building.newId(), person: 'anna', to: scene.in(60) }
  scene.faulty.onCommit = async (_, done) => {
    await done()
    throw new PerchError('OUTCOME_UNKNOWN')
  }
  await assert.rejects(scene.claim(request), { code: 'OUTCOME_UNKNOWN' })
  scene.faulty.onCommit = async (_, done) => await done()
  const before = await scene.state()
  const { claim, repeated } = await scene.claim(request)
  assert.deepEqual([claim.id, repeated], [request.id, true])
  assert.deepEqual(await scene.state(), before)
  assert.deepEqual(await scene.building.commands.claims(ADMIN, { space: 'd1' }), [claim])
})

test('with the outbox full a claim is still released', async t => {
  const scene = await Scene.open(t)
  const id = await scene.claimed({ person: 'anna', to: scene.in(60) })
  await scene.fillOutbox()
  await assert.rejects(scene.claim({ person: 'ben', space: 'd2' }), { code: 'LEDGER_BEHIND' })
  assert.equal((await scene.building.commands.release(ADMIN, id, 'accepted')).claim.life.state, 'ended')
})
