import { test } from 'tap'
import assert from 'node:assert/strict'
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
