import { test } from 'tap'
import assert from 'node:assert/strict'
import { MINUTE } from '../../../src/domain/time.ts'
import { rowOfDesks } from '../../stand-ins/building.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { openServer, type TestServer } from './open-server.ts'

/** Desks d1 to d3, and Anna and Ben. */
async function openOffice (t: Cleanup): Promise<TestServer> {
  const server = await openServer(t)
  await server.ask('PUT', '/v1/floors/f1', rowOfDesks(['d1', 'd2', 'd3']))
  await server.ask('PUT', '/v1/people', { people: [{ id: 'anna', name: 'Anna' }, { id: 'ben', name: 'Ben' }] })
  return server
}

test('a claim is granted with 201, its address and where the floor is', async t => {
  const { ask, building } = await openOffice(t)
  const id = building.newId()
  const { status, body, headers } = await ask('POST', '/v1/claims', { id, space: 'd1', person: 'anna', to: '2026-03-02T10:00:00Z', await: 'accepted' })
  assert.equal(status, 201)
  assert.equal(headers['location'], `/v1/claims/${id}`)
  assert.deepEqual(body['claim'], {
    id,
    space: 'd1',
    floor: 'f1',
    kind: 'desk',
    person: 'anna',
    by: 'key:admin',
    from: '2026-03-02T08:00:00Z',
    to: '2026-03-02T10:00:00Z',
    createdAt: '2026-03-02T08:00:00Z',
    state: 'booked',
    releaseAt: '2026-03-02T08:15:00Z'
  })
  assert.equal(body['persisted'], false)
  assert.deepEqual(Object.keys(body['position'] as object), ['floor', 'epoch', 'seq'])
})

test('the same claim again is 200 and the same claim', async t => {
  const { ask, building } = await openOffice(t)
  const request = { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted' }
  const first = await ask('POST', '/v1/claims', request)
  const second = await ask('POST', '/v1/claims', request)
  assert.deepEqual([first.status, second.status], [201, 200])
  assert.deepEqual(second.body['claim'], first.body['claim'])
})

test('a claim is checked in, changed, moved, released and found', async t => {
  const { ask, building } = await openOffice(t)
  const id = building.newId()
  await ask('POST', '/v1/claims', { id, space: 'd1', person: 'anna', await: 'accepted' }, 'member:anna')
  const states = []
  for (const [method, url, body] of [
    ['POST', `/v1/claims/${id}/check-in`, { await: 'accepted' }],
    ['PATCH', `/v1/claims/${id}`, { to: '2026-03-02T12:00:00+01:00', await: 'accepted' }],
    ['PATCH', `/v1/claims/${id}`, { space: 'd3', await: 'accepted' }],
    ['POST', `/v1/claims/${id}/release`, { await: 'accepted' }],
    ['POST', `/v1/claims/${id}/release`, { await: 'accepted' }]
  ] as const) {
    const { status, body: { claim } } = await ask(method, url, body, 'member:anna')
    const { state, space, to } = claim as Record<string, unknown>
    states.push([status, state, space, to])
  }
  assert.deepEqual(states.map(([status, state, space]) => [status, state, space]), [
    [200, 'present', 'd1'], [200, 'present', 'd1'], [200, 'present', 'd3'], [200, 'ended', 'd3'], [200, 'ended', 'd3']
  ])
  assert.equal(states[1]?.[3], '2026-03-02T11:00:00Z')
  const { body } = await ask('GET', `/v1/claims/${id}`, undefined, 'member:anna')
  assert.deepEqual([body['state'], body['why']], ['ended', 'released'])
})

test('claims are found by person, space and floor', async t => {
  const { ask, building } = await openOffice(t)
  const [one, two] = [building.newId(), building.newId()]
  await ask('POST', '/v1/claims', { id: one, space: 'd1', person: 'anna', await: 'accepted' })
  await ask('POST', '/v1/claims', { id: two, space: 'd2', person: 'ben', from: '2026-03-05T08:00:00Z', await: 'accepted' })
  const found = async (query: string, as = 'admin') => {
    const { body } = await ask('GET', `/v1/claims?${query}`, undefined, as)
    return (body['claims'] as Array<{ id: string }>).map(({ id }) => id)
  }
  assert.deepEqual(await found('person=anna'), [one])
  assert.deepEqual(await found('space=d2'), [two])
  assert.deepEqual(await found('floor=f1'), [one, two])
  assert.deepEqual(await found('floor=f1&from=2026-03-04T00:00:00Z&to=2026-03-06T00:00:00Z'), [two])
  assert.deepEqual(await found('floor=f1&limit=1'), [one])
  assert.deepEqual(await found('', 'member:ben'), [two])
})

test('a member sees and ends their own claims and nobody else\'s', async t => {
  const { ask, building } = await openOffice(t)
  const id = building.newId()
  await ask('POST', '/v1/claims', { id, space: 'd1', person: 'anna', await: 'accepted' })
  assert.equal((await ask('GET', `/v1/claims/${id}`, undefined, 'member:ben')).body['code'], 'CLAIM_UNKNOWN')
  assert.equal((await ask('GET', '/v1/claims?person=anna', undefined, 'member:ben')).body['code'], 'FORBIDDEN')
  assert.equal((await ask('POST', `/v1/claims/${id}/release`, undefined, 'member:ben')).body['code'], 'FORBIDDEN')
  assert.equal((await ask('POST', '/v1/claims', { space: 'd2', person: 'anna' }, 'member:ben')).body['code'], 'FORBIDDEN')
})

test('a refusal says what is in the way, in moments like all others', async t => {
  const { ask, building } = await openOffice(t)
  const id = building.newId()
  const claim = { space: 'd1', to: '2026-03-02T10:00:00Z', await: 'accepted' }
  await ask('POST', '/v1/claims', { ...claim, id, person: 'anna' })
  const taken = await ask('POST', '/v1/claims', { ...claim, id: building.newId(), person: 'ben' })
  assert.equal(taken.status, 409)
  assert.deepEqual([taken.body['code'], taken.body['retry'], taken.body['taken']], ['SPACE_TAKEN', false, { from: '2026-03-02T08:00:00Z', to: '2026-03-02T10:00:00Z' }])
  assert.deepEqual((taken.body['alternatives'] as Array<{ space: string }>).map(({ space }) => space), ['d2', 'd3'])
  const busy = await ask('POST', '/v1/claims', { ...claim, id: building.newId(), space: 'd2', person: 'anna' })
  assert.deepEqual([busy.status, busy.body['code'], busy.body['claim'], busy.body['from']], [409, 'PERSON_BUSY', id, '2026-03-02T08:00:00Z'])
})

test('each refusal of a claim has its code', async t => {
  const { ask, building } = await openOffice(t)
  const id = building.newId()
  const claim = async (change: object) => await ask('POST', '/v1/claims', { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted', ...change })
  await claim({ id })
  const codes = [
    await claim({ id, space: 'd2' }),
    await claim({ space: 'd9' }),
    await claim({ person: 'eve' }),
    await claim({ space: 'd2', from: '2026-12-24T08:00:00Z' }),
    await claim({ space: 'd2', from: '2026-03-02T12:00:00Z', to: '2026-03-02T11:00:00Z' }),
    await claim({ id: '018f0000-0000-7000-8000-000000000000', space: 'd2' }),
    await ask('GET', `/v1/claims/${building.newId()}`),
    await ask('POST', `/v1/claims/${building.newId()}/check-in`),
    await ask('GET', '/v1/claims?floor=f9'),
    await ask('GET', '/v1/claims?space=d9'),
    await ask('GET', '/v1/claims')
  ].map(({ status, body }) => `${status} ${String(body['code'])}`)
  assert.deepEqual(codes, [
    '409 CLAIM_ID_REUSED', '404 SPACE_UNKNOWN', '404 PERSON_UNKNOWN', '422 OUTSIDE_POLICY', '400 BAD_REQUEST', '400 BAD_REQUEST', '404 CLAIM_UNKNOWN', '404 CLAIM_UNKNOWN',
    '404 FLOOR_UNKNOWN', '404 SPACE_UNKNOWN', '400 BAD_REQUEST'
  ])
  await ask('POST', `/v1/claims/${id}/release`, { await: 'accepted' })
  const ended = await ask('POST', `/v1/claims/${id}/check-in`)
  assert.deepEqual([ended.status, ended.body['code'], ended.body['why'], ended.body['at']], [409, 'CLAIM_ENDED', 'released', '2026-03-02T08:00:00Z'])
})

test('a space out of service refuses claims until it is back', async t => {
  const { ask, building } = await openOffice(t)
  const claim = async () => await ask('POST', '/v1/claims', { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted' })
  const blocked = await ask('PUT', '/v1/spaces/d1/block', { until: '2026-03-02T09:00:00Z', reason: 'lamp' })
  assert.deepEqual([blocked.status, (blocked.body['position'] as { floor: string }).floor], [200, 'f1'])
  const refused = await claim()
  assert.deepEqual([refused.status, refused.body['code'], refused.body['until']], [409, 'SPACE_BLOCKED', '2026-03-02T09:00:00Z'])
  assert.equal((await ask('DELETE', '/v1/spaces/d1/block')).status, 200)
  assert.equal((await ask('DELETE', '/v1/spaces/d1/block')).status, 200, 'again does no harm')
  assert.equal((await claim()).status, 201)
  assert.equal((await ask('PUT', '/v1/spaces/d2/block')).status, 200, 'without a body: until lifted')
})

test('each reading has its answer', async t => {
  const { ask, building } = await openOffice(t)
  building.clock.pass(MINUTE)
  const { status, body } = await ask('POST', '/v1/readings', {
    readings: [{ space: 'd1', value: 'occupied' }, { space: 'd9', value: 'vacant' }, { space: 'd2', value: 'occupied', ageMs: 3_600_000 }]
  }, 'sensor')
  assert.equal(status, 200)
  const answers = body['answers'] as Array<{ space: string, result: string, error?: { code: string } }>
  assert.deepEqual(answers.map(({ space, result, error }) => [space, result, error?.code]), [['d1', 'applied', undefined], ['d9', 'refused', 'SPACE_UNKNOWN'], ['d2', 'late', undefined]])
})
