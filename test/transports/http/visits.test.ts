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
