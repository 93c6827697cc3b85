import { test } from 'tap'
import assert from 'node:assert/strict'
import { Limits } from '../../../src/application/limits.ts'
import { Peers } from '../../../src/transports/http/peers.ts'
import { HandClock } from '../../stand-ins/clock.ts'
import { openServer, type Answer } from './open-server.ts'

const LOBBY = { name: 'Lobby', role: 'kiosk', site: 'hq' }

test('a device is paired by the code that it shows, without credentials until then', async t => {
  const { ask } = await openServer(t)
  const begun = await ask('POST', '/v1/pairings', undefined, null)
  assert.equal(begun.status, 201)
  const { code, secret, expiresAt, pollMs } = begun.body as { code: string, secret: string, expiresAt: string, pollMs: number }
  assert.deepEqual([expiresAt, pollMs, begun.headers['cache-control']], ['2026-03-02T08:10:00Z', 2_000, 'no-store'])
  const poll = async (): Promise<Answer> => await ask('POST', '/v1/pairings/poll', { secret }, null)
  assert.deepEqual((await poll()).body, { state: 'waiting', expiresAt })
  assert.equal((await ask('POST', `/v1/pairings/${code}/approve`, LOBBY, null)).status, 401)
  const approved = await ask('POST', `/v1/pairings/${code}/approve`, LOBBY)
  assert.equal(approved.status, 200)
  const { device: id } = approved.body as { device: string }
  const paired = await poll()
  assert.deepEqual([paired.status, paired.body['state'], paired.body['device']], [200, 'paired', { id, ...LOBBY, floor: null, point: null }])
  assert.match(String(paired.body['token']), new RegExp(`^perch_${id}_`))
  assert.deepEqual([(await poll()).status, (await poll()).body['code']], [404, 'PAIRING_UNKNOWN'])
  assert.deepEqual((await ask('GET', '/v1/devices')).body, {
    devices: [{ id, ...LOBBY, floor: null, point: null, createdAt: '2026-03-02T08:00:00Z', createdBy: 'key:admin', lastSeenAt: null, state: 'silent', version: null, health: null }]
  })
})

test('a device is paired by a code that was made for it, and refused by the one it shows', async t => {
  const { ask } = await openServer(t)
  const made = await ask('POST', '/v1/devices', LOBBY)
  assert.equal(made.status, 201)
  const redeemed = await ask('POST', '/v1/pairings/redeem', { code: made.body['code'] }, null)
  assert.deepEqual([redeemed.status, (redeemed.body['device'] as { id: string }).id], [201, made.body['device']])
  assert.equal((await ask('POST', '/v1/pairings/redeem', { code: made.body['code'] }, null)).body['code'], 'PAIRING_UNKNOWN')
  const { code, secret } = (await ask('POST', '/v1/pairings', {}, null)).body
  assert.equal((await ask('POST', `/v1/pairings/${String(code)}/refuse`)).status, 204)
  assert.deepEqual((await ask('POST', '/v1/pairings/poll', { secret }, null)).body, { state: 'refused' })
})

test('what no device can be is refused', async t => {
  const { ask } = await openServer(t)
  for (const body of [
    undefined, {}, { ...LOBBY, role: 'admin' }, { ...LOBBY, role: 'member' }, { ...LOBBY, site: undefined }, { ...LOBBY, name: '' }, { ...LOBBY, point: [1] }, { ...LOBBY, floor: 'f1', point: [1, 1e9] }, { ...LOBBY, id: 'x' },
    { ...LOBBY, org: 'globex' }
  ]) {
    const { code } = (await ask('POST', '/v1/pairings', undefined, null)).body
    assert.deepEqual([(await ask('POST', '/v1/devices', body)).status, (await ask('POST', `/v1/pairings/${String(code)}/approve`, body)).status], [400, 400], JSON.stringify(body))
  }
  for (const report of [{}, { version: '', health: 'ok' }, { version: '1', health: 'fine' }, { version: 'a b', health: 'ok' }, { version: 'x'.repeat(65), health: 'ok' }]) {
    assert.equal((await ask('PUT', '/v1/devices/self', report)).status, 400, JSON.stringify(report))
  }
  assert.equal((await ask('POST', '/v1/pairings', { name: 'x' }, null)).status, 400)
})

test('neither code nor secret nor token is in the log, and none is taken from an address', async t => {
  const { ask, lines } = await openServer(t)
  const { code, secret } = (await ask('POST', '/v1/pairings', undefined, null)).body as { code: string, secret: string }
  await ask('POST', `/v1/pairings/${code}/approve`, LOBBY)
  assert.equal((await ask('POST', `/v1/pairings/poll?secret=${secret}`, undefined, null)).status, 400)
  const { token } = (await ask('POST', '/v1/pairings/poll', { secret }, null)).body as { token: string }
  const made = (await ask('POST', '/v1/devices', LOBBY)).body as { code: string }
  await ask('POST', '/v1/pairings/redeem', { code: made.code }, null)
  await ask('POST', '/v1/pairings/redeem', { code: made.code }, null)
  assert.ok(lines.all.length > 0)
  for (const line of lines.all) for (const text of [code, secret, token.slice(-43), made.code]) assert.ok(!line.includes(text), line)
})

test('only what asks for a pairing needs no credentials', async t => {
  const { app, ask } = await openServer(t)
  const { paths } = (await app.inject('/openapi.json')).json() as { paths: Record<string, Record<string, { security?: unknown[] }>> }
  const open = Object.entries(paths).filter(([path]) => path.startsWith('/v1/')).flatMap(([path, methods]) => Object.entries(methods).filter(([, { security }]) => security?.length === 0).map(([method]) => `${method} ${path}`))
  assert.deepEqual(open.sort(), ['post /v1/pairings', 'post /v1/pairings/poll', 'post /v1/pairings/redeem'])
  for (const [method, url] of [['GET', '/v1/devices'], ['POST', '/v1/devices'], ['GET', '/v1/devices/self'], ['PATCH', '/v1/devices/x'], ['DELETE', '/v1/devices/x'], ['POST', '/v1/pairings/x/refuse']] as const) {
    assert.equal((await ask(method, url, undefined, null)).status, 401, url)
  }
})

test('who asks without credentials pays by address for each request, and by the address that a trusted proxy says for wrong codes', async t => {
  const settings = { ipRate: 10, ipFailures: 10, ipSockets: 10, principalRate: 10, principalClaims: 10, principalSockets: 10 }
  const limits = new Limits(settings, new HandClock(), { limited () {} })
  const { ask } = await openServer(t, { limits, peers: new Peers({ trustedProxies: ['127.0.0.1'], limits }) })
  const from = async (address: string, url: string, body?: unknown) => (await ask('POST', url, body, null, { 'x-forwarded-for': address })).status
  const codes = await Promise.all(Array.from({ length: 15 }, async () => await from('192.0.2.1', '/v1/pairings/redeem', { code: 'ACDE-FGHJ' })))
  assert.deepEqual([codes.filter(status => status === 404).length, codes.filter(status => status === 429).length], [10, 5])
  assert.equal(await from('192.0.2.2', '/v1/pairings/redeem', { code: 'ACDE-FGHJ' }), 404)
  const polls = await Promise.all(Array.from({ length: 30 }, async () => await from('192.0.2.3', '/v1/pairings/poll', { secret: 'A'.repeat(43) })))
  assert.deepEqual([polls.filter(status => status === 404).length, polls.filter(status => status === 429).length], [20, 10])
})
