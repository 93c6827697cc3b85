import { test } from 'tap'
import assert from 'node:assert/strict'
import { readKeyToken } from '../../../src/application/key-token.ts'
import { openServer } from './open-server.ts'

test('a key is made, listed without its token, and revoked', async t => {
  const { ask } = await openServer(t)
  const made = await ask('POST', '/v1/keys', { name: 'ci', role: 'sensor', site: 'hq', expiresInDays: 30 })
  assert.equal(made.status, 201)
  const { key, token } = made.body as { key: Record<string, unknown>, token: string }
  assert.notEqual(readKeyToken(token), null)
  assert.deepEqual(key, { name: 'ci', role: 'sensor', site: 'hq', createdAt: '2026-03-02T08:00:00Z', expiresAt: '2026-04-01T08:00:00Z', lastUsedAt: null })
  const listed = await ask('GET', '/v1/keys')
  assert.deepEqual(listed.body, { keys: [key] })
  assert.deepEqual([(await ask('POST', '/v1/keys', { name: 'ci', role: 'admin' })).body['code'], (await ask('DELETE', '/v1/keys/other')).body['code']], ['KEY_EXISTS', 'KEY_UNKNOWN'])
  assert.equal((await ask('DELETE', '/v1/keys/ci')).status, 204)
  assert.deepEqual((await ask('GET', '/v1/keys')).body, { keys: [] })
  assert.equal((await ask('DELETE', '/v1/keys/ci')).status, 404)
})

test('what no key can be is refused', async t => {
  const { ask } = await openServer(t)
  for (const body of [
    undefined, {}, { name: 'ci' }, { name: 'ci', role: 'god' }, { name: 'a b', role: 'admin' }, { name: 'ci{}', role: 'admin' }, { name: 'ci', role: 'admin', hash: 'x' },
    { name: 'ci', role: 'admin', expiresInDays: 0 }, { name: 'ci', role: 'admin', expiresInDays: 1.5 }, { name: 'ci', role: 'admin', expiresInDays: 1e9 }, { name: 'ci', role: 'admin', site: '' }
  ]) assert.deepEqual([(await ask('POST', '/v1/keys', body)).status, (await ask('GET', '/v1/keys')).body], [400, { keys: [] }], JSON.stringify(body))
})

test('no token of a key is in the log', async t => {
  const { ask, lines } = await openServer(t)
  const { body } = await ask('POST', '/v1/keys', { name: 'ci', role: 'admin' })
  await ask('GET', '/v1/floors', undefined, String(body['token']))
  await ask('GET', `/v1/floors?token=${String(body['token'])}`)
  assert.ok(lines.all.length > 0)
  for (const line of lines.all) assert.ok(!line.includes(readKeyToken(String(body['token']))?.secret ?? ''), line)
})

test('a ticket is had by whoever may come in, and by nobody else', async t => {
  const { ask } = await openServer(t)
  for (const role of ['viewer', 'member:ada', 'kiosk', 'display', 'sensor', 'manager', 'admin', 'operator']) {
    const { status, body, headers } = await ask('POST', '/v1/tickets', undefined, role)
    assert.deepEqual([status, headers['cache-control']], [201, 'no-store'], role)
    assert.match(String(body['ticket']), /^[\w-]{43}$/)
    assert.equal(body['expiresAt'], '2026-03-02T08:00:30Z')
  }
  for (const token of [null, 'forged']) assert.equal((await ask('POST', '/v1/tickets', undefined, token)).status, 401)
  assert.equal((await ask('POST', '/v1/tickets', { for: 'ben' })).status, 400)
})

test('a ticket lets nobody in but to a stream', async t => {
  const { ask } = await openServer(t)
  for (const path of ['/v1/floors', '/v1/org', '/v1/floors/f1/state', '/v1/claims', '/v1/keys']) {
    const { body } = await ask('POST', '/v1/tickets')
    assert.equal((await ask('GET', `${path}?ticket=${String(body['ticket'])}`, undefined, null)).status, path === '/v1/floors/f1/state' ? 404 : 401, path)
  }
})
