import { test } from 'tap'
import assert from 'node:assert/strict'
import { HOUR, MINUTE } from '../../../src/domain/time.ts'
import { answered, rowOfDesks } from '../../stand-ins/building.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { openServer, type TestServer } from './open-server.ts'

/** It is nine o'clock in Berlin, at site hq with desks d1 to d3 and at site annex with desk x1; Anna has a badge, and Ben, who is hidden, a PIN. */
async function openOffice (t: Cleanup): Promise<TestServer & { claims (person: string, space: string, more?: object): Promise<string> }> {
  const server = await openServer(t)
  const { ask, building } = server
  await ask('PUT', '/v1/sites/annex', { name: 'Annex', zone: 'Europe/Berlin' })
  await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1', 'd2', 'd3']))
  await ask('PUT', '/v1/floors/x', { ...rowOfDesks(['x1']), site: 'annex' })
  await ask('PUT', '/v1/people', { people: [{ id: 'anna', name: 'Anna', badges: ['badge of anna'] }, { id: 'ben', name: 'Ben', visibility: 'hidden' }] })
  await ask('PUT', '/v1/people/ben/pin', { pin: '4711' })
  return {
    ...server,
    async claims (person, space, more = {}) {
      const { body } = await ask('POST', '/v1/claims', { id: building.newId(), space, person, await: 'accepted', ...more })
      return (body['claim'] as { id: string }).id
    }
  }
}

const at = (clock: string) => `2026-03-02T${clock}:00+01:00`

test('whoever shows a badge is told who they are and what they have at that site until midnight', async t => {
  const { ask, claims } = await openOffice(t)
  const later = await claims('anna', 'd2', { from: at('13:00'), to: at('17:00') })
  const now = await claims('anna', 'd1', { to: at('12:00') })
  await claims('anna', 'x1', { from: at('17:30'), to: at('18:00') })
  await claims('anna', 'd1', { from: '2026-03-03T00:00:00+01:00', to: '2026-03-03T10:00:00+01:00' })
  await claims('ben', 'd3')
  const { status, body } = await ask('POST', '/v1/people/identify', { badge: 'badge of anna', site: 'hq' }, 'kiosk')
  assert.deepEqual([status, Object.keys(body), body['person']], [200, ['person', 'claims'], { id: 'anna', name: 'Anna' }])
  assert.deepEqual((body['claims'] as Array<{ id: string }>).map(({ id }) => id), [now, later])
  assert.deepEqual((body['claims'] as unknown[])[0], await ask('GET', `/v1/claims/${now}`).then(({ body }) => body))
})

test('whoever knows their PIN is told the same, also when they are hidden from others', async t => {
  const { ask, building } = await openOffice(t)
  const { status, body } = await ask('POST', '/v1/people/identify', { id: 'ben', pin: '4711', site: 'hq' }, 'kiosk')
  assert.deepEqual([status, body], [200, { person: { id: 'ben', name: 'Ben' }, claims: [] }])
  assert.equal(building.archive.notes.some(({ action }) => action === 'looked-up'), false, 'they are there themselves')
})

test('what has ended is not told', async t => {
  const { ask, claims, building } = await openOffice(t)
  await ask('POST', `/v1/claims/${await claims('anna', 'd1')}/release`, { await: 'accepted' })
  await claims('anna', 'd2', { to: at('10:00') })
  building.clock.pass(HOUR + MINUTE)
  assert.deepEqual((await ask('POST', '/v1/people/identify', { badge: 'badge of anna', site: 'hq' }, 'kiosk')).body['claims'], [])
})

test('whatever is wrong with what was shown is refused alike', async t => {
  const { ask, building } = await openOffice(t)
  for (const shown of [{ badge: 'another' }, { id: 'nobody', pin: '4711' }, { id: 'anna', pin: '4711' }]) {
    const asked = ask('POST', '/v1/people/identify', { ...shown, site: 'hq' }, 'kiosk')
    const { status, body: { message: _, ...body } } = await answered(building, asked)
    assert.deepEqual([status, body], [404, { code: 'PERSON_UNKNOWN', retry: false }])
  }
})

test('a site is that of the credentials, or is named', async t => {
  const { ask } = await openOffice(t)
  const identify = async (more: object, as: string) => {
    const { status, body } = await ask('POST', '/v1/people/identify', { badge: 'badge of anna', ...more }, as)
    return status === 200 ? 'ok' : body['code']
  }
  assert.equal(await identify({}, 'manager:max'), 'ok')
  assert.equal(await identify({ site: 'annex' }, 'manager:max'), 'FORBIDDEN')
  assert.equal(await identify({}, 'kiosk'), 'BAD_REQUEST')
  assert.equal(await identify({ site: 'nowhere' }, 'kiosk'), 'SITE_UNKNOWN')
  assert.equal(await identify({ id: 'ben' }, 'kiosk'), 'BAD_REQUEST')
})

const visit = async ({ ask }: Pick<TestServer, 'ask'>, how: 'arrive' | 'leave', more: object = {}) =>
  await ask('POST', `/v1/people/${how}`, { person: { badge: 'badge of anna' }, site: 'hq', await: 'accepted', ...more }, 'kiosk')

const statesOf = (body: Record<string, unknown>) => (body['claims'] as Array<{ space: string, state: string }>).map(({ space, state }) => [space, state])

test('whoever arrives is checked in wherever their time has come, and again changes nothing', async t => {
  const server = await openOffice(t)
  await server.claims('anna', 'd2', { from: at('09:10'), to: at('12:00') })
  await server.claims('anna', 'd3', { from: at('13:00'), to: at('14:00') })
  await server.claims('anna', 'x1', { from: at('12:00'), to: at('13:00') })
  const first = await visit(server, 'arrive')
  assert.deepEqual([first.status, statesOf(first.body)], [200, [['d2', 'present']]])
  assert.deepEqual(first.body['claim'], (first.body['claims'] as unknown[])[0])
  server.building.clock.pass(MINUTE)
  const again = await visit(server, 'arrive')
  assert.deepEqual([again.body['claims'], again.body['position']], [first.body['claims'], first.body['position']])
})

test('with a desk and a parking space both are checked in, and both are given back', async t => {
  const server = await openOffice(t)
  const floor = rowOfDesks(['d1', 'd2', 'd3', 'p1'])
  await server.ask('PUT', '/v1/floors/f1', { ...floor, spaces: floor.spaces.map(space => space.id === 'p1' ? { ...space, kind: 'parking' } : space) })
  await server.claims('anna', 'p1', { from: at('09:05'), to: at('18:00') })
  await server.claims('anna', 'd1', { from: at('09:10'), to: at('18:00') })
  assert.deepEqual(statesOf((await visit(server, 'arrive')).body), [['p1', 'present'], ['d1', 'present']])
  // Both begin with the check-in by now, and are in no order.
  assert.deepEqual(statesOf((await visit(server, 'leave')).body).sort(), [['d1', 'ended'], ['p1', 'ended']])
})

test('whoever has nothing to check in is told why', async t => {
  const server = await openOffice(t)
  const none = await visit(server, 'arrive')
  assert.deepEqual([none.status, none.body['code'], none.body['site']], [404, 'CLAIM_UNKNOWN', 'hq'])
  const claim = await server.claims('anna', 'd1', { from: at('13:00'), to: at('14:00') })
  const early = await visit(server, 'arrive')
  const { code, rule, opensAt, space } = early.body
  assert.deepEqual([early.status, code, rule, opensAt, early.body['claim'], space], [422, 'OUTSIDE_POLICY', 'check-in-window', '2026-03-02T11:45:00Z', claim, 'd1'])
})

test('whoever leaves gives back what has begun, and keeps what is to come', async t => {
  const server = await openOffice(t)
  const [now, later] = [await server.claims('anna', 'd1', { to: at('12:00') }), await server.claims('anna', 'd2', { from: at('13:00'), to: at('14:00') })]
  const left = await visit(server, 'leave')
  assert.deepEqual([left.status, statesOf(left.body)], [200, [['d1', 'ended']]])
  assert.deepEqual((await server.ask('GET', `/v1/claims/${now}`)).body['why'], 'released')
  assert.deepEqual((await server.ask('GET', `/v1/claims/${later}`)).body['state'], 'booked')
  const none = await visit(server, 'leave')
  assert.deepEqual([none.status, none.body['code']], [404, 'CLAIM_UNKNOWN'])
})

test('what waited at a kiosk is placed when it was asked for', async t => {
  const server = await openOffice(t)
  const { ask, building } = server
  await server.claims('anna', 'd1', { to: at('12:00') })
  building.clock.pass(14 * MINUTE)
  const arrived = await visit(server, 'arrive', { ageMs: 10 * MINUTE })
  assert.equal((arrived.body['claim'] as { checkedInAt: string }).checkedInAt, '2026-03-02T08:04:00Z')
  const newer = await server.claims('anna', 'x1')
  await ask('POST', `/v1/claims/${newer}/release`, { await: 'accepted' })
  const left = await visit(server, 'leave', { ageMs: 5 * MINUTE })
  assert.equal((left.body['claim'] as { endedAt: string }).endedAt, '2026-03-02T08:09:00Z')
  const walkIn = { id: building.newId(), space: 'd2', person: 'anna', checkIn: true, await: 'accepted' }
  const claimed = await ask('POST', '/v1/claims', { ...walkIn, ageMs: 3 * MINUTE }, 'kiosk')
  assert.deepEqual([claimed.status, (claimed.body['claim'] as { from: string }).from], [201, '2026-03-02T08:11:00Z'])
  building.clock.pass(MINUTE)
  const again = await ask('POST', '/v1/claims', { ...walkIn, ageMs: 4 * MINUTE }, 'kiosk')
  assert.deepEqual([again.status, again.body['claim']], [200, claimed.body['claim']], 'a repeated send has another age')
})

test('what began after somebody had left is not given back', async t => {
  const server = await openOffice(t)
  server.building.clock.pass(10 * MINUTE)
  const claim = await server.claims('anna', 'd1')
  assert.equal((await visit(server, 'leave', { ageMs: 5 * MINUTE })).body['code'], 'CLAIM_UNKNOWN')
  assert.equal((await server.ask('GET', `/v1/claims/${claim}`)).body['state'], 'booked')
})

test('of two kiosks that wanted the same desk the one that was back first has it, and the other is told of others', async t => {
  const server = await openOffice(t)
  server.building.clock.pass(HOUR)
  const walkIn = async (person: string, ageMs: number) => await server.ask('POST', '/v1/claims', { id: server.building.newId(), space: 'd1', person, ageMs, await: 'accepted' }, 'kiosk')
  assert.equal((await walkIn('ben', 10 * MINUTE)).status, 201)
  const second = await walkIn('anna', 20 * MINUTE)
  assert.deepEqual([second.body['code'], (second.body['alternatives'] as Array<{ space: string }>).map(({ space }) => space)], ['SPACE_TAKEN', ['d2', 'd3']])
})

test('nobody says of themselves that they were there a while ago', async t => {
  const { ask, claims } = await openOffice(t)
  const claim = await claims('anna', 'd1')
  const { status, body } = await ask('POST', `/v1/claims/${claim}/check-in`, { ageMs: 60_000 }, 'member:anna')
  assert.deepEqual([status, body['code'], typeof body['reason']], [403, 'FORBIDDEN', 'string'])
  assert.equal((await ask('POST', `/v1/claims/${claim}/check-in`, { ageMs: 14_400_001 }, 'kiosk')).body['field'], 'ageMs')
})
