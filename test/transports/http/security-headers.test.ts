import { test } from 'tap'
import assert from 'node:assert/strict'
import { pageHeaders } from '../../../src/transports/http/security-headers.ts'
import { openServer } from './open-server.ts'

test('every answer, also a refusal, tells browsers to guess nothing, frame nothing and give nothing away', async t => {
  const { ask } = await openServer(t)
  for (const [url, as] of [['/healthz', null], ['/docs', null], ['/openapi.json', null], ['/', null], ['/nowhere', null], ['/v1/floors', 'admin'], ['/v1/floors', null], ['/v1/claims/%ZZ', 'admin'], ['/metrics', null]] as const) {
    const { headers } = await ask('GET', url, undefined, as)
    assert.equal(headers['x-content-type-options'], 'nosniff', url)
    assert.equal(headers['referrer-policy'], 'no-referrer', url)
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin', url)
    assert.match(String(headers['permissions-policy']), /^camera=\(\), microphone=\(\), geolocation=\(\)/, url)
    assert.match(String(headers['content-security-policy']), /^default-src 'none'(?:;.*)?; frame-ancestors 'none'$/, url)
    assert.deepEqual([headers['x-powered-by'], headers['server']], [undefined, undefined], url)
  }
})

test('no page may run or show what stands in it but styles that are known by their hash', async t => {
  const { ask } = await openServer(t)
  const policies = [String((await ask('GET', '/docs', undefined, null)).headers['content-security-policy']), pageHeaders({ ownFiles: true, embedOrigins: ['https://intranet.example'] })['content-security-policy'] ?? '']
  for (const policy of policies) assert.doesNotMatch(policy, /unsafe|\*|https?:(?!\/\/intranet\.example)/)
  assert.match(policies[1] ?? '', /; script-src 'self'; .*connect-src 'self'.*; base-uri 'none'; form-action 'none'; frame-ancestors 'self' https:\/\/intranet\.example$/)
})

test('a page that reads badges gets the camera, and no other does', async () => {
  assert.match(pageHeaders({ camera: true })['permissions-policy'] ?? '', /^camera=\(self\), microphone=\(\)/)
  assert.match(pageHeaders({})['permissions-policy'] ?? '', /^camera=\(\)/)
})
