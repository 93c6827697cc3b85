import { test } from 'tap'
import assert from 'node:assert/strict'
import { exportSPKI, importJWK, SignJWT, type CryptoKey } from 'jose'
import { oidcAuthenticator, type OidcOptions } from '../../../src/adapters/auth/oidc.ts'
import type { Authenticator } from '../../../src/application/principal.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { HandClock } from '../../stand-ins/clock.ts'
import { AUDIENCE, Issuer, newKey } from './issuer.ts'

const CLAIMS = { org: null, person: 'sub', role: 'perch_role', site: 'perch_site' }

interface Scene {
  issuer: Issuer
  clock: HandClock
  ask (token: string | null): ReturnType<Authenticator['authenticate']>
}

async function open (t: Cleanup, options: Partial<OidcOptions> = {}): Promise<Scene> {
  const [issuer, clock] = [await Issuer.start(t), new HandClock()]
  const authenticator = oidcAuthenticator({ issuer: issuer.url, audience: AUDIENCE, org: 'acme', claims: CLAIMS, clock, ...options })
  return { issuer, clock, ask: async token => await authenticator.authenticate(token, '127.0.0.1') }
}

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a token of the issuer is its person, a member until the token ends', async t => {
  const { issuer, clock, ask } = await open(t)
  assert.deepEqual(await ask(await issuer.token(clock.now())), { org: 'acme', id: 'person:ann', role: 'member', person: 'ann', site: null, expiresAt: clock.now() + 300_000 })
})

test('role, site and org come from their claims, and the mightiest of several roles counts', async t => {
  const { issuer, clock, ask } = await open(t, { claims: { org: 'tenant', person: 'employee', role: 'roles', site: 'building' } })
  const of = async (payload: Record<string, unknown>) => await ask(await issuer.token(clock.now(), { tenant: 'globex', employee: 'e7', ...payload }))
  const { org, id, role, person, site } = await of({ roles: ['viewer', 'manager', 'unheard-of'], building: 'hq' })
  assert.deepEqual({ org, id, role, person, site }, { org: 'globex', id: 'person:e7', role: 'manager', person: 'e7', site: 'hq' })
  assert.deepEqual(await of({ roles: 'kiosk', building: 'hq' }).then(({ id, role, person, site }) => [id, role, person, site]), ['device:e7', 'kiosk', null, 'hq'])
})

test('a manager without a site, and whoever is called what no id can be, are nobody', async t => {
  const { issuer, clock, ask } = await open(t)
  for (const payload of [{ perch_role: 'manager' }, { sub: 'auth0|7' }, { sub: 'a'.repeat(65) }, { sub: '' }, { sub: 7 }, { perch_site: 'hq{s1}' }]) {
    await assert.rejects(issuer.token(clock.now(), payload).then(ask), { code: 'UNAUTHENTICATED' }, JSON.stringify(payload))
  }
})

test('tokens that are expired, not yet valid, for others or of others are refused', async t => {
  const { issuer, clock, ask } = await open(t)
  const now = Math.floor(clock.now() / 1_000)
  for (const [what, token] of [
    ['expired', await issuer.token(clock.now(), { exp: now - 31 })],
    ['without an end', await issuer.token(clock.now(), { exp: undefined })],
    ['not yet valid', await issuer.token(clock.now(), { nbf: now + 31 })],
    ['for another audience', await issuer.token(clock.now(), { aud: 'https://other.example' })],
    ['for nobody', await issuer.token(clock.now(), { aud: undefined })],
    ['of another issuer', await issuer.token(clock.now(), { iss: 'https://other.example' })],
    ['of an issuer with a slash more', await issuer.token(clock.now(), { iss: `${issuer.url}/` })]
  ] as const) await assert.rejects(ask(token), { code: 'UNAUTHENTICATED' }, what)
  await ask(await issuer.token(clock.now(), { exp: now - 29 }))
})

test('forged tokens are refused: no signature, none\'s, another key\'s, the public key as a secret, a changed payload, a key that the token brings along', async t => {
  const { issuer, clock, ask } = await open(t)
  const good = await issuer.token(clock.now())
  const [header, payload, signature] = good.split('.')
  const [known] = issuer.keys
  assert.ok(known)
  const stranger = await newKey(known.kid)
  const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'ann', exp: Math.floor(clock.now() / 1_000) + 300 }
  const secret = new TextEncoder().encode(await exportSPKI(await importJWK(known.jwk, known.alg) as CryptoKey))
  for (const [what, token] of [
    ['nothing', ''],
    ['no token', 'abc'],
    ['no signature', `${header}.${payload}.`],
    ['none', `${b64({ alg: 'none' })}.${payload}.`],
    ['None', `${b64({ alg: 'None', kid: known.kid })}.${payload}.${signature}`],
    ['another key', await issuer.token(clock.now(), {}, { key: stranger })],
    ['the public key as a secret', await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: known.kid }).sign(secret)],
    ['a changed payload', `${header}.${b64({ ...claims, perch_role: 'admin' })}.${signature}`],
    ['a key of its own', await issuer.token(clock.now(), {}, { key: stranger, header: { jwk: stranger.jwk } })],
    ['a key elsewhere', await issuer.token(clock.now(), {}, { key: stranger, header: { jku: `${issuer.url}/mine`, kid: '../../mine' } })],
    ['a header that must be understood', await issuer.token(clock.now(), {}, { header: { crit: ['exp'], exp: 1 } }).catch(() => `${b64({ alg: known.alg, kid: known.kid, crit: ['x'], x: 1 })}.${payload}.${signature}`)]
  ] as const) await assert.rejects(ask(token), { code: 'UNAUTHENTICATED' }, what)
  assert.ok(!issuer.asked.includes('/mine'))
  await assert.rejects(ask(null), { code: 'UNAUTHENTICATED' })
})

test('a key that is new at the issuer is found, and one that nobody knows makes no flood of questions', async t => {
  const { issuer, clock, ask } = await open(t)
  await ask(await issuer.token(clock.now()))
  const stranger = await newKey('unheard-of')
  for (let i = 0; i < 20; i++) await assert.rejects(issuer.token(clock.now(), { sub: `p${i}` }, { key: stranger }).then(ask), { code: 'UNAUTHENTICATED' })
  assert.equal(issuer.asked.filter(path => path === '/keys').length, 1)
  const { issuer: other, clock: later, ask: askOther } = await open(t)
  other.keys = [await newKey('second', 'RS256')]
  await askOther(await other.token(later.now()))
})

test('a token that was checked is known for a while, and ends with its time all the same', async t => {
  const { issuer, clock, ask } = await open(t)
  const token = await issuer.token(clock.now())
  await ask(token)
  issuer.away = true
  await ask(token)
  clock.pass(331_000)
  await assert.rejects(ask(token), { code: 'UNAUTHENTICATED' })
})

test('while the issuer is away nobody new gets in and nobody is called a forger; afterwards all is well', async t => {
  const { issuer, clock, ask } = await open(t)
  const token = await issuer.token(clock.now())
  issuer.away = true
  await assert.rejects(ask(token), { code: 'UNAVAILABLE' })
  issuer.away = false
  await assert.rejects(ask(token), { code: 'UNAVAILABLE' }, 'it is not asked at every token')
  clock.pass(2_000)
  assert.equal((await ask(token)).person, 'ann')
})

test('a discovery document of somebody else is no authority', async t => {
  const { issuer, clock, ask } = await open(t)
  issuer.discovery = { issuer: 'https://other.example' }
  await assert.rejects(issuer.token(clock.now()).then(ask), { code: 'UNAVAILABLE' })
})
