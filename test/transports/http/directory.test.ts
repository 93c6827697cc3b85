import { test } from 'tap'
import assert from 'node:assert/strict'
import { ROLES } from '../../../src/application/principal.ts'
import { RIGHTS, type Operation } from '../../../src/application/rights.ts'
import { rowOfDesks } from '../../stand-ins/building.ts'
import { openServer } from './open-server.ts'

test('a floor is created, listed, read as it can be sent back, and changed', async t => {
  const { ask } = await openServer(t)
  const zones = [{ id: 'north', name: 'North', for: { groups: ['sales'] } }]
  const body = { ...rowOfDesks(['d1', 'd2']), zones }
  const created = await ask('PUT', '/v1/floors/f1', { ...body, revision: 0 })
  assert.deepEqual([created.status, created.body], [201, { floor: { id: 'f1', site: 'hq', name: 'First floor', level: 1, revision: 1, spaces: 2 }, removed: [] }])
  assert.deepEqual((await ask('GET', '/v1/floors')).body, { floors: [{ id: 'f1', site: 'hq', name: 'First floor', level: 1, revision: 1, spaces: 2 }] })

  const read = await ask('GET', '/v1/floors/f1')
  assert.deepEqual(read.body['spaces'], ['d1', 'd2'].map(id => ({ id, label: id, kind: 'desk', zone: null, features: [], for: null, sensorOnly: false })))
  assert.deepEqual(read.body['zones'], [{ id: 'north', name: 'North', for: { people: [], groups: ['sales'] } }])
  assert.deepEqual(read.body['plan'], body.plan)

  const same = await ask('PUT', '/v1/floors/f1', read.body)
  assert.deepEqual([same.status, (same.body['floor'] as { revision: number }).revision], [200, 1])
  const changed = await ask('PUT', '/v1/floors/f1', { ...rowOfDesks(['d2', 'd3']), revision: 1 })
  assert.deepEqual([changed.status, changed.body['removed'], (changed.body['floor'] as { revision: number }).revision], [200, ['d1'], 2])
})

test('a plan that has not changed is not sent again', async t => {
  const { ask } = await openServer(t)
  await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1']))
  const { headers } = await ask('GET', '/v1/floors/f1')
  const again = await ask('GET', '/v1/floors/f1', undefined, 'admin', { 'if-none-match': String(headers['etag']) })
  assert.deepEqual([again.status, again.text], [304, ''])
  await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1', 'd2']))
  assert.equal((await ask('GET', '/v1/floors/f1', undefined, 'admin', { 'if-none-match': String(headers['etag']) })).status, 200)
})

test('each refusal of a floor has its code and says what to mend', async t => {
  const { ask, building } = await openServer(t)
  await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1', 'd2']))
  await ask('PUT', '/v1/people/anna', { name: 'Anna' })
  const id = building.newId()
  await ask('POST', '/v1/claims', { id, space: 'd1', person: 'anna', await: 'accepted' })

  const invalid = await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1', 'd1']))
  assert.deepEqual([invalid.status, invalid.body['code'], (invalid.body['problems'] as unknown[])[0]], [422, 'PLAN_INVALID', { path: 'spaces[1].id', problem: 'space d1 is given twice', fault: { kind: 'space-twice', space: 'd1' } }])
  const inUse = await ask('PUT', '/v1/floors/f1', rowOfDesks(['d2']))
  assert.deepEqual([inUse.status, inUse.body['code'], inUse.body['spaces']], [409, 'SPACE_IN_USE', ['d1']])
  const changed = await ask('PUT', '/v1/floors/f1', { ...rowOfDesks(['d2']), revision: 7 })
  assert.deepEqual([changed.status, changed.body['code'], changed.body['revision']], [409, 'PLAN_CHANGED', 1])
  assert.equal((await ask('PUT', '/v1/floors/f2', { ...rowOfDesks(['e1']), site: 'moon' })).body['code'], 'SITE_UNKNOWN')
  assert.equal((await ask('GET', '/v1/floors/f9')).body['code'], 'FLOOR_UNKNOWN')
  assert.equal((await ask('PUT', '/v1/floors/f1', { ...rowOfDesks(['d1']), id: 'f2' })).body['field'], 'id')
  assert.equal((await ask('PUT', '/v1/floors/f1?release=yes', rowOfDesks(['d2']))).body['field'], 'release')

  const released = await ask('PUT', '/v1/floors/f1?release=true', rowOfDesks(['d2']))
  assert.deepEqual([released.status, released.body['removed']], [200, ['d1']])
  assert.deepEqual((await ask('GET', `/v1/claims/${id}`)).body['why'], 'removed')
})

test('the org and its sites are read as they can be sent back', async t => {
  const { ask } = await openServer(t)
  const policy = { releaseGraceMs: null, longestStayMs: 3_600_000, overlapping: { desk: 2, room: null } }
  assert.deepEqual((await ask('PUT', '/v1/org', { name: 'Acme Ltd', policy })).body, { id: 'acme', name: 'Acme Ltd', policy })
  assert.deepEqual((await ask('PUT', '/v1/org', (await ask('GET', '/v1/org')).body)).status, 200)
  const hours = { 1: { opens: '07:00', closes: '24:00' } }
  await ask('PUT', '/v1/sites/lab', { name: 'Lab', zone: 'Asia/Tokyo', hours, policy: { minStayMs: 0 } })
  const { sites } = (await ask('GET', '/v1/sites')).body as { sites: object[] }
  assert.deepEqual(sites, [
    { id: 'hq', name: 'Headquarters', zone: 'Europe/Berlin', hours: null, policy: {} },
    { id: 'lab', name: 'Lab', zone: 'Asia/Tokyo', hours, policy: { minStayMs: 0 } }
  ])
  assert.equal((await ask('PUT', '/v1/sites/lab', sites[1])).status, 200)
})

test('policies and hours out of bounds are named', async t => {
  const { ask } = await openServer(t)
  const site = { name: 'Lab', zone: 'UTC' }
  for (const [change, field] of [
    [{ policy: { longestStayMs: 40 * 86_400_000 } }, 'policy.longestStayMs'],
    [{ policy: { horizonMs: 1.5 } }, 'policy.horizonMs'],
    [{ policy: { overlapping: { sofa: 1 } } }, 'policy.overlapping.sofa'],
    [{ policy: { releaseGraceMs: -1 } }, 'policy.releaseGraceMs'],
    [{ hours: { 8: { opens: '08:00', closes: '09:00' } } }, 'hours[8]'],
    [{ hours: { 1: { opens: '8:00', closes: '09:00' } } }, 'hours[1].opens'],
    [{ hours: { 1: { opens: '09:00', closes: '08:00' } } }, 'hours[1]'],
    [{ zone: 'Middle/Earth' }, 'zone'],
    [{ name: '   ' }, 'name']
  ] as const) {
    const { status, body } = await ask('PUT', '/v1/sites/lab', { ...site, ...change })
    assert.deepEqual([status, body['code'], body['field']], [400, 'BAD_REQUEST', field], JSON.stringify(change))
  }
})

test('people are created, read, listed, changed and removed; badges never come back', async t => {
  const { ask } = await openServer(t)
  const created = await ask('PUT', '/v1/people/anna', { name: 'Anna', groups: ['sales'], badges: ['04:A2:FF'] })
  assert.deepEqual([created.status, created.body], [201, { id: 'anna', name: 'Anna', visibility: 'everyone', groups: ['sales'], badges: 1 }])
  assert.equal((await ask('PUT', '/v1/people/anna', { name: 'Anna', visibility: 'hidden' })).status, 200)
  assert.deepEqual((await ask('PUT', '/v1/people', { people: [{ id: 'anna', name: 'Anna' }, { id: 'ben', name: 'Ben' }] })).body, { created: 1, changed: 1 })
  assert.deepEqual((await ask('GET', '/v1/people?limit=1')).body, { people: [{ id: 'anna', name: 'Anna', visibility: 'hidden', groups: [], badges: 1 }], next: 'anna' }, 'a visibility that is not named stays')
  assert.deepEqual((await ask('GET', '/v1/people?after=anna')).body, { people: [{ id: 'ben', name: 'Ben', visibility: 'everyone', groups: [], badges: 0 }], next: null })
  assert.equal((await ask('DELETE', '/v1/people/ben')).status, 204)
  assert.equal((await ask('DELETE', '/v1/people/ben')).status, 204)
  assert.deepEqual((await ask('GET', '/v1/people/ben')).body['code'], 'PERSON_UNKNOWN')
  assert.deepEqual((await ask('PUT', '/v1/groups', { groups: [{ id: 'sales', name: 'Sales' }] })).body, { groups: [{ id: 'sales', name: 'Sales' }] })
  assert.deepEqual((await ask('GET', '/v1/groups')).body, { groups: [{ id: 'sales', name: 'Sales' }] })
  assert.deepEqual((await ask('PUT', '/v1/people', { people: Array.from({ length: 1_001 }, (_, i) => ({ id: `p${i}`, name: 'P' })) })).body['reason'], '`people` has more than 1000 items')
})

test('somebody finds others, and chooses who sees them, over HTTP', async t => {
  const { ask } = await openServer(t)
  await ask('PUT', '/v1/people', { people: [{ id: 'anna', name: 'Anna' }, { id: 'ben', name: 'Ben', groups: ['ops'] }] })
  assert.deepEqual((await ask('GET', '/v1/people?search=ann', undefined, 'kiosk')).body, { found: [{ id: 'anna', name: 'Anna' }] })
  assert.equal((await ask('GET', '/v1/people?search=an', undefined, 'kiosk')).body['code'], 'BAD_REQUEST')
  assert.deepEqual((await ask('PUT', '/v1/me', { visibility: 'hidden' }, 'member:anna')).body, { id: 'anna', name: 'Anna', visibility: 'hidden', groups: [], badges: 0 })
  assert.deepEqual((await ask('GET', '/v1/people?search=ann', undefined, 'kiosk')).body, { found: [] })
  assert.equal((await ask('GET', '/v1/me', undefined, 'member:anna')).body['visibility'], 'hidden')
  assert.equal((await ask('GET', '/v1/me', undefined, 'kiosk')).status, 403)
  assert.equal((await ask('PUT', '/v1/people/anna/pin', { pin: '1234' }, 'member:anna')).status, 204)
  assert.equal((await ask('PUT', '/v1/people/ben/pin', { pin: '1234' }, 'member:anna')).status, 403)
  for (const pin of ['123', '12345678901234', '12a4']) assert.equal((await ask('PUT', '/v1/people/anna/pin', { pin })).body['code'], 'BAD_REQUEST')
})

test('whoever comes in can ask as whom, whether the directory knows them or not', async t => {
  const { ask } = await openServer(t)
  await ask('PUT', '/v1/people', { people: [{ id: 'anna', name: 'Anna' }] })
  assert.deepEqual((await ask('GET', '/v1/whoami', undefined, 'manager:anna')).body, { id: 'person:anna', role: 'manager', site: 'hq', person: 'anna', name: 'Anna', expiresAt: null })
  assert.deepEqual((await ask('GET', '/v1/whoami', undefined, 'admin:ines')).body['name'], null)
  assert.deepEqual((await ask('GET', '/v1/whoami', undefined, 'kiosk')).body['person'], null)
  assert.equal((await ask('GET', '/v1/whoami', undefined, null)).status, 401)
})

test('policies name presets, and what is an org\'s alone is refused of a site', async t => {
  const { ask } = await openServer(t)
  assert.deepEqual((await ask('PUT', '/v1/org', { name: 'Acme', policy: { preset: 'works-council', historyDays: 20 } })).body['policy'], { preset: 'works-council', historyDays: 20 })
  for (const policy of [{ historyDays: 7 }, { preset: 'secret' }, { smallZone: 0 }]) assert.equal((await ask('PUT', '/v1/org', { name: 'Acme', policy })).body['code'], 'BAD_REQUEST')
  assert.equal((await ask('PUT', '/v1/sites/hq', { name: 'HQ', zone: 'UTC', policy: { preset: 'open', displayNames: false } })).status, 200)
  assert.equal((await ask('PUT', '/v1/sites/hq', { name: 'HQ', zone: 'UTC', policy: { historyDays: 20 } })).body['code'], 'BAD_REQUEST')
})

test('an org that is not there yet is unknown, and can be made', async t => {
  const { ask } = await openServer(t, {
    authenticator: { authenticate: async () => ({ org: 'other', id: 'key:admin', role: 'admin', person: null, site: null, expiresAt: null }) }
  })
  assert.equal((await ask('GET', '/v1/org')).body['code'], 'ORG_UNKNOWN')
  assert.equal((await ask('PUT', '/v1/people/anna', { name: 'Anna' })).body['code'], 'ORG_UNKNOWN')
  assert.deepEqual((await ask('GET', '/v1/floors')).body, { floors: [] })
})

/** A call that the operation's right is needed for, and nothing more. */
const CALLS: ReadonlyArray<readonly [Operation, 'GET' | 'PUT' | 'POST' | 'DELETE', string, unknown?]> = [
  ['read-floors', 'GET', '/v1/floors'],
  ['read-floors', 'GET', '/v1/floors/f1'],
  ['read-floors', 'GET', '/v1/sites'],
  ['write-floors', 'PUT', '/v1/floors/f1', rowOfDesks(['d1'])],
  ['write-sites', 'PUT', '/v1/sites/hq', { name: 'Headquarters', zone: 'Europe/Berlin' }],
  ['read-org', 'GET', '/v1/org'],
  ['write-org', 'PUT', '/v1/org', { name: 'Acme' }],
  ['read-people', 'GET', '/v1/people'],
  ['read-people', 'GET', '/v1/people/anna'],
  ['read-people', 'GET', '/v1/groups'],
  ['find-people', 'GET', '/v1/people?search=anna'],
  ['write-people', 'PUT', '/v1/people/anna/pin', { pin: '4711' }],
  ['write-people', 'DELETE', '/v1/people/anna/pin'],
  ['write-people', 'PUT', '/v1/people/anna', { name: 'Anna' }],
  ['write-people', 'PUT', '/v1/people', { people: [{ id: 'anna', name: 'Anna' }] }],
  ['write-people', 'PUT', '/v1/groups', { groups: [{ id: 'x', name: 'X' }] }],
  ['write-people', 'DELETE', '/v1/people/nobody'],
  ['read-claims', 'GET', '/v1/claims?floor=f1'],
  ['claim-others', 'POST', '/v1/claims', { space: 'd1', person: 'nobody' }],
  ['read-audit', 'GET', '/v1/audit'],
  ['write-people', 'POST', '/v1/people/nobody/erase'],
  ['write-people', 'GET', '/v1/people/nobody/export'],
  ['write-org', 'POST', '/v1/retention'],
  ['block', 'PUT', '/v1/spaces/d1/block', {}],
  ['block', 'DELETE', '/v1/spaces/d1/block'],
  ['send-readings', 'POST', '/v1/readings', { readings: [{ space: 'd1', value: 'vacant' }] }]
]

test('each role may call what the table of rights says and nothing else', async t => {
  const { ask } = await openServer(t)
  await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1']))
  await ask('PUT', '/v1/people/anna', { name: 'Anna' })
  for (const role of ROLES) {
    for (const [operation, method, url, body] of CALLS) {
      const answer = await ask(method, url, body, role)
      const expected = RIGHTS[role].includes(operation)
      assert.equal(answer.body['code'] !== 'FORBIDDEN', expected, `${role} ${method} ${url}: ${answer.status}`)
      if (!expected) assert.deepEqual([answer.status, answer.body['operation']], [403, operation], `${role} ${method} ${url}`)
    }
  }
})
