import { test } from 'tap'
import assert from 'node:assert/strict'
import { DAY } from '../../src/domain/time.ts'
import { at, claimId, Office, refused } from '../harness/office.ts'

test('an outcome is kept until eight days after the time in the claim\'s id', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', id: claimId(at('09:00') - DAY, 1) })
  office.releases(claim)
  office.advanceTo(at('09:00') + 7 * DAY - 1)
  assert.equal(office.claim(claim.id)?.claim.life.state, 'ended')
  office.advanceTo(at('09:00') + 7 * DAY)
  assert.equal(office.claim(claim.id), null)
  assert.equal(office.due.size, 0)
})

test('the outcome of a claim that ends later is forgotten at its end', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', from: at('09:00', 20), to: at('10:00', 20) })
  office.advanceTo(at('09:15', 20) - 1)
  assert.equal(office.claim(claim.id)?.claim.life.state, 'booked')
  office.advanceTo(at('09:15', 20))
  assert.equal(office.claim(claim.id), null)
})

test('an id that was forgotten is too old to be granted again (INV-4)', async () => {
  const office = new Office()
  const asked = office.asked({ space: 'd1' })
  office.does(asked)
  office.does({ type: 'release', claim: asked.id })
  office.advanceTo(at('09:00', 9))
  assert.equal(office.claim(asked.id), null)
  refused(office.does(asked), 'BAD_REQUEST', { field: 'id' })
})

test('nothing is forgotten too early, whoever asks for it', async () => {
  const office = new Office()
  const ended = office.granted({ space: 'd1' })
  const active = office.granted({ space: 'd2', person: 'bob' })
  office.releases(ended)
  office.does({ type: 'forget', claims: [ended.id, active.id, claimId(at('09:00'), 99)] })
  assert.notEqual(office.claim(ended.id), null)
  assert.notEqual(office.claim(active.id), null)
})
