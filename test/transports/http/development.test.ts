import { test } from 'tap'
import assert from 'node:assert/strict'
import { developmentIssuer } from '../../../src/adapters/auth/development-issuer.ts'
import { signIn } from '../../../src/application/sign-in.ts'
import { asAdmin } from '../../../src/cli/as-admin.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { ORG } from '../../stand-ins/building.ts'
import { HandClock } from '../../stand-ins/clock.ts'
import { DirectoryInMemory } from '../../stand-ins/directory.ts'
import { openServer } from './open-server.ts'

/** A server where people sign in for development: Anna is a member, Wim looks after hq. */
async function scene (t: Cleanup) {
  const [clock, directory] = [new HandClock(), new DirectoryInMemory()]
  await directory.putOrg({ id: ORG, name: 'Acme', policy: {} })
  await directory.putPeople(ORG, [
    { id: 'anna', name: 'Anna', visibility: 'everyone', groups: ['brand'], badges: [] }, { id: 'wim', name: 'Wim', visibility: 'hidden', groups: ['leads', 'workplace'], badges: [] }
  ])
  const issuer = await developmentIssuer({ org: ORG, clock })
  const server = await openServer(t, { authenticator: issuer.authenticator, signIn: signIn({ org: ORG, directory, token: issuer.token }) })
  const tokenOf = async (person: string) => (await server.ask('POST', '/dev/sign-in', { person }, null, { host: 'localhost:8080' })).body['token'] as string
  return { ...server, clock, issuer, tokenOf }
}

test('whoever is on this machine sees as whom they can sign in, and does so', async t => {
  const { ask, tokenOf, issuer, clock } = await scene(t)
  const { status, body } = await ask('GET', '/dev/people', undefined, null, { host: 'localhost:8080' })
  assert.deepEqual([status, body['people']], [200, [
    { id: 'admin', name: 'The admin', role: 'admin', site: null }, { id: 'anna', name: 'Anna', role: 'member', site: null }, { id: 'wim', name: 'Wim', role: 'manager', site: 'hq' }
  ]])
  const expiresAt = clock.now() + 8 * 3_600_000
  assert.deepEqual(await issuer.authenticator.authenticate(await tokenOf('anna'), ''), { org: ORG, id: 'person:anna', role: 'member', person: 'anna', site: null, expiresAt })
  assert.deepEqual(await issuer.authenticator.authenticate(await tokenOf('wim'), ''), { org: ORG, id: 'person:wim', role: 'manager', person: 'wim', site: 'hq', expiresAt })
  assert.equal((await ask('PUT', '/v1/org', { name: 'Acme' }, await tokenOf('admin'))).status, 200)
  assert.equal((await ask('PUT', '/v1/org', { name: 'Acme' }, await tokenOf('anna'))).status, 403)
  assert.equal((await ask('POST', '/dev/sign-in', { person: 'nobody' }, null, { host: 'localhost' })).body['code'], 'PERSON_UNKNOWN')
})

test('no page of another origin, no other name of this machine and nobody behind a proxy signs in', async t => {
  const { ask } = await scene(t)
  for (const headers of [
    { host: 'evil.example:8080' }, { host: '127.0.0.1.evil.example' }, { host: 'localhost:8080', origin: 'https://evil.example' }, { host: 'localhost:8080', origin: 'null' },
    { host: 'localhost:8080', origin: 'http://localhost:3000' }, { host: 'localhost:8080', 'sec-fetch-site': 'cross-site' },
    { host: 'localhost:8080', 'x-forwarded-for': '203.0.113.7' }, { host: 'localhost:8080', forwarded: 'for=203.0.113.7' }, { host: 'localhost:8080', via: '1.1 proxy' }
  ]) {
    for (const [method, path, body] of [['GET', '/dev/people'], ['POST', '/dev/sign-in', { person: 'admin' }]] as const) {
      const answer = await ask(method, path, body, null, headers)
      assert.deepEqual([answer.status, answer.text.includes('Anna')], [403, false], JSON.stringify(headers))
    }
  }
  for (const host of ['127.0.0.1:8080', 'localhost:8080', '[::1]:8080', 'localhost']) assert.equal((await ask('GET', '/dev/people', undefined, null, { host })).status, 200, host)
})

test('tokens of one process are worth nothing in another, and nothing after a working day', async t => {
  const { ask, tokenOf, clock } = await scene(t)
  const other = await developmentIssuer({ org: ORG, clock })
  const { token } = await other.token({ person: 'admin', role: 'admin', site: null })
  assert.equal((await ask('GET', '/v1/org', undefined, token)).status, 401)
  const own = await tokenOf('admin')
  assert.equal((await ask('GET', '/v1/org', undefined, own)).status, 200)
  clock.pass(8 * 3_600_000 + 30_000)
  assert.equal((await ask('GET', '/v1/org', undefined, own)).status, 401)
})

test('a command without a token gets the admin\'s from such a server, and none from any other; what it was given it keeps', async t => {
  const [own, other] = [await scene(t), await openServer(t)]
  const addresses = await Promise.all([own, other].map(async ({ app }) => await app.listen({ host: '127.0.0.1', port: 0 })))
  const [url = '', elsewhere = ''] = addresses
  const { token } = await asAdmin({ url, token: null })
  assert.equal((await own.issuer.authenticator.authenticate(token, '')).role, 'admin')
  assert.deepEqual(await asAdmin({ url: elsewhere, token: null }), { url: elsewhere, token: null })
  assert.deepEqual(await asAdmin({ url, token: 'mine' }), { url, token: 'mine' })
})

test('where nobody signs in for development there is nothing at those addresses', async t => {
  const { ask } = await openServer(t)
  for (const [method, path, body] of [['GET', '/dev/people'], ['POST', '/dev/sign-in', { person: 'admin' }]] as const) {
    assert.equal((await ask(method, path, body, null, { host: 'localhost:8080' })).status, 404)
  }
})
