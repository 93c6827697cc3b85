import { test } from 'tap'
import assert from 'node:assert/strict'
import { NOBODY } from '../../src/domain/nobody.ts'
import { at, claimOf, Office, refused, told } from '../harness/office.ts'

const disown = (office: Office, claims: readonly string[], spaces: readonly string[] = []) => office.does({ type: 'disown', site: 'hq', person: 'ada', claims, spaces })

test('a claim that has ended is nobody\'s afterwards, and its id is as known as before', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', person: 'ada' })
  const asked = office.asked({ space: 'd1', person: 'ada', id: claim.id })
  office.releases(claim)
  assert.deepEqual(told(disown(office, [claim.id])), ['disowned'])
  const { life, person, by, space, from, to } = office.claimNow(claim)
  assert.deepEqual([life.state, person, by, space, from, to], ['ended', NOBODY, 'person', 'd1', claim.from, claim.to])
  refused(office.does(asked), 'CLAIM_ID_REUSED')
  assert.deepEqual(told(disown(office, [claim.id])), [], 'done again it does nothing')
})

test('a claim that was made for somebody else stays theirs, and is no longer by the person', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', person: 'bob', by: 'person:ada' })
  const ended = office.granted({ space: 'd2', person: 'cy', by: 'person:ada' })
  office.releases(ended)
  assert.deepEqual(told(disown(office, [claim.id, ended.id])), ['disowned', 'disowned'])
  assert.deepEqual([office.claimNow(claim).person, office.claimNow(claim).by, office.record('d1').current?.claim.by], ['bob', 'person', 'person'])
  assert.deepEqual([office.claimNow(ended).person, office.claimNow(ended).by], ['cy', 'person'])
  assert.equal(claimOf(office.checksIn(claim)).life.state, 'present')
})

test('a claim of theirs that is active is left as it is', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', person: 'ada', from: at('10:00'), to: at('11:00') })
  assert.deepEqual(told(disown(office, [claim.id])), [])
  assert.equal(office.claimNow(claim).person, 'ada')
})

test('a space that they blocked stays blocked, by nobody in particular', async () => {
  const office = new Office()
  office.does({ type: 'block', space: 'd1', until: null, reason: 'wet', by: 'person:ada' })
  office.blocks('d2')
  assert.deepEqual(told(disown(office, [], ['d1', 'd2', 'd3'])), ['blocked'])
  assert.deepEqual([office.record('d1').block?.by, office.record('d1').block?.reason, office.record('d2').block?.by], ['person', 'wet', 'person:max'])
})

test('another site\'s claims and ids that nobody knows are passed over', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', person: 'ada' })
  office.releases(claim)
  office.sites.set('lab', office.sites.get('hq') ?? assert.fail('there is one'))
  assert.deepEqual(told(office.does({ type: 'disown', site: 'lab', person: 'ada', claims: [claim.id, '019cad00-0000-7000-8000-00000000ffff'], spaces: ['nowhere'] })), [])
  assert.equal(office.claimNow(claim).person, 'ada')
})
