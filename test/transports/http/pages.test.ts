import { test } from 'tap'
import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { PagesParts } from '../../../src/transports/http/pages.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { temporaryFolder } from '../../harness/folder.ts'
import { openServer } from './open-server.ts'

const SCRIPT = `console.log(${JSON.stringify('perch '.repeat(500))})`
const OIDC = { way: 'oidc', issuer: 'https://login.example/realms/acme', client: 'pages', scope: 'openid', audience: 'perch' } as const

/** A server with pages that are their names. */
async function open (t: Cleanup, parts: Partial<PagesParts> = {}) {
  const folder = await temporaryFolder(t, 'pages')
  for (const name of ['map', 'display', 'kiosk', 'admin', 'signed-in', 'assets']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'index.html'), 'home')
  for (const name of ['map', 'display', 'kiosk', 'admin', 'signed-in']) await writeFile(join(folder, name, 'index.html'), name)
  await writeFile(join(folder, 'assets', 'map-a1b2c3.js'), SCRIPT)
  await writeFile(join(folder, 'assets', 'map-a1b2c3.js.br'), brotliCompressSync(SCRIPT))
  await writeFile(join(folder, 'assets', 'map-a1b2c3.js.gz'), gzipSync(SCRIPT))
  await writeFile(join(folder, 'secret.txt'), 'secret')
  const server = await openServer(t, { pages: { folder, signIn: { way: 'none' }, embedOrigins: [], ...parts } })
  return { ...server, get: async (url: string, headers: Record<string, string> = {}) => await server.ask('GET', url, undefined, null, headers) }
}

const policy = ({ headers }: { headers: Record<string, unknown> }): string => String(headers['content-security-policy'])

test('each page answers at its name and at whatever stands behind it, and is asked for anew each time', async t => {
  const { get } = await open(t)
  for (const [url, text] of [['/', 'home'], ['/map/', 'map'], ['/map/hq-3/hq-3-d12', 'map'], ['/map/no/such/place', 'map'], ['/admin/devices', 'admin'], ['/display/?night=1', 'display'], ['/kiosk/', 'kiosk'], ['/signed-in?code=1', 'signed-in']] as const) {
    const answer = await get(url)
    assert.deepEqual([answer.status, answer.text], [200, text], url)
    assert.match(String(answer.headers['content-type']), /^text\/html/)
    assert.equal(answer.headers['cache-control'], 'no-cache')
    assert.equal(typeof answer.headers['etag'], 'string')
  }
})

test('a page\'s name without its slash leads to it, with what was asked', async t => {
  const { get } = await open(t)
  const { status, headers } = await get('/map?lang=de')
  assert.deepEqual([status, headers['location']], [302, '/map/?lang=de'])
})

test('what is no page is not found, in words for machines, and nothing beside the pages is to be had', async t => {
  const { get } = await open(t)
  for (const url of ['/maps/', '/secret.txt', '/assets/', '/assets/none.js', '/assets/../secret.txt', '/assets/%2e%2e/secret.txt', '/assets/..%2fsecret.txt', '/map/../secret.txt', '/assets/%00.js', '/assets/....//secret.txt']) {
    const { status, text } = await get(url)
    assert.ok(status === 404 || status === 400 || status === 403 || text === 'map', `${url}: ${status} ${text}`)
    assert.doesNotMatch(text, /secret$/, url)
  }
  assert.equal((await get('/maps/')).body['code'], 'NOT_FOUND')
})

test('what has a hash in its name may be kept for a year, and goes out deflated as it was built', async t => {
  const { get } = await open(t)
  const plain = await get('/assets/map-a1b2c3.js')
  assert.deepEqual([plain.status, plain.text], [200, SCRIPT])
  assert.match(String(plain.headers['cache-control']), /max-age=31536000, immutable/)
  for (const [accepted, encoding, length] of [['br, gzip', 'br', brotliCompressSync(SCRIPT).length], ['gzip', 'gzip', gzipSync(SCRIPT).length]] as const) {
    const { headers } = await get('/assets/map-a1b2c3.js', { 'accept-encoding': accepted })
    assert.deepEqual([headers['content-encoding'], headers['content-length']], [encoding, String(length)])
    assert.match(String(headers['content-type']), /javascript/)
    assert.match(String(headers['vary']), /accept-encoding/i)
  }
})

test('HEAD says the same without the page, and an unchanged page is not sent again', async t => {
  const { ask, get } = await open(t)
  const head = await ask('HEAD', '/map/', undefined, null)
  assert.deepEqual([head.status, head.text, head.headers['content-length']], [200, '', '3'])
  const { headers } = await get('/map/')
  assert.equal((await get('/map/', { 'if-none-match': String(headers['etag']) })).status, 304)
})

test('pages run and ask nothing but Perch, and nobody may frame them', async t => {
  const { get } = await open(t)
  for (const url of ['/', '/map/', '/display/', '/kiosk/', '/admin/']) {
    const told = policy(await get(url))
    assert.match(told, /^default-src 'none'; script-src 'self'; .*connect-src 'self';/, url)
    assert.match(told, /frame-ancestors 'none'$/, url)
    assert.doesNotMatch(told, /unsafe|http/, url)
  }
})

test('the map may be framed by listed origins, and no other page is', async t => {
  const { get } = await open(t, { embedOrigins: ['https://intranet.example'] })
  assert.match(policy(await get('/map/hq-3')), /frame-ancestors 'self' https:\/\/intranet\.example$/)
  for (const url of ['/', '/display/', '/kiosk/', '/admin/']) assert.match(policy(await get(url)), /frame-ancestors 'none'$/, url)
})

test('pages where people sign in may ask the issuer, and no others may', async t => {
  const { get } = await open(t, { signIn: OIDC })
  for (const url of ['/map/', '/admin/', '/signed-in']) assert.match(policy(await get(url)), /connect-src 'self' https:\/\/login\.example;.*frame-src 'self' https:\/\/login\.example;/, url)
  for (const url of ['/', '/display/', '/kiosk/']) assert.doesNotMatch(policy(await get(url)), /login/, url)
  assert.match(policy(await get('/signed-in')), /frame-ancestors 'self'$/)
})

test('pages are told how people sign in and who may frame the map', async t => {
  const { get } = await open(t, { signIn: OIDC, embedOrigins: ['https://intranet.example'] })
  const { body, headers } = await get('/pages.json')
  assert.deepEqual(body, { signIn: OIDC, embedOrigins: ['https://intranet.example'] })
  assert.equal(headers['cache-control'], 'no-cache')
})

test('browsers are asked for no permission that they do not know', async t => {
  const { get } = await open(t)
  assert.doesNotMatch(String((await get('/map/')).headers['permissions-policy']), /bluetooth/)
})
