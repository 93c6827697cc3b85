import { test } from 'tap'
import assert from 'node:assert/strict'
import { openAuthenticator } from '../../../src/adapters/auth/open.ts'
import { keyAuthenticator } from '../../../src/adapters/auth/key.ts'
import { openServer } from './open-server.ts'

test('a node that is not ready says so, and what is missing', async t => {
  const { ask } = await openServer(t, { readiness: async () => ({ ready: false, checks: { store: false, ledger: true } }) })
  const { status, body, headers } = await ask('GET', '/readyz', undefined, null)
  assert.deepEqual([status, body, headers['retry-after']], [503, { ready: false, checks: { store: false, ledger: true } }, '2'])
  assert.deepEqual((await ask('GET', '/healthz', undefined, null)).body, { status: 'ok' })
})

test('metrics are for this machine, and for admins from anywhere', async t => {
  const { ask, app } = await openServer(t)
  const from = async (remoteAddress: string, headers = {}) => (await app.inject({ url: '/metrics', remoteAddress, headers })).statusCode
  assert.equal((await ask('GET', '/metrics', undefined, null)).text, 'perch_up 1\n')
  assert.equal(await from('::1'), 200)
  assert.equal(await from('10.0.0.5'), 401)
  assert.equal(await from('127.0.0.1', { 'x-forwarded-for': '10.0.0.5' }), 401)
  assert.equal(await from('10.0.0.5', { authorization: 'Bearer admin' }), 200)
  assert.equal(await from('10.0.0.5', { authorization: 'Bearer operator' }), 200)
  assert.equal(await from('10.0.0.5', { authorization: 'Bearer member' }), 403)
})

test('without credentials only pages of this machine may ask', async t => {
  const { ask } = await openServer(t, { authenticator: openAuthenticator('acme'), ownPagesOnly: true })
  const status = async (headers: Record<string, string>) => (await ask('GET', '/v1/floors', undefined, null, headers)).status
  for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080', 'localhost']) assert.equal(await status({ host }), 200, host)
  assert.equal(await status({ host: 'localhost:8080', origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' }), 200)
  for (const headers of [
    { host: 'evil.example:8080' }, { host: '127.0.0.1.evil.example' }, { host: 'localhost:8080', origin: 'https://evil.example' }, { host: 'localhost:8080', origin: 'null' },
    { host: 'localhost:8080', origin: 'http://localhost:3000' }, { host: 'localhost:8080', 'sec-fetch-site': 'cross-site' }
  ]) assert.equal(await status(headers), 403, JSON.stringify(headers))
})

test('the one key lets in its holder as an admin and nobody else', async t => {
  const key = 'correct-horse-battery'
  const { ask } = await openServer(t, { authenticator: keyAuthenticator('acme', key) })
  assert.equal((await ask('GET', '/v1/org', undefined, key)).status, 200)
  assert.equal((await ask('PUT', '/v1/org', { name: 'Acme' }, key)).status, 200)
  for (const token of [null, 'x', `${key}x`, key.slice(1), key.toUpperCase()]) assert.equal((await ask('GET', '/v1/org', undefined, token)).status, 401, String(token))
})
