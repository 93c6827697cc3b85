import { test } from 'tap'
import assert from 'node:assert/strict'
import { openServer } from './open-server.ts'

const OWN = { host: 'perch.example' }
const LISTED = 'https://maps.example'

const FOREIGN = [
  'https://evil.example', 'null', '', 'https://perch.example.evil.example', 'https://perch.example:8443', 'https://evil.example/perch.example', 'https://maps.example.evil.example', 'http://maps.example',
  'https://maps.example:444', 'file://', 'https://perch.example, https://evil.example', 'HTTPS://MAPS.EXAMPLE'
]

test('pages of Perch\'s own origin and of listed ones may ask, and who is no page', async t => {
  const { ask } = await openServer(t, { origins: [LISTED] })
  for (const headers of [OWN, { ...OWN, origin: 'https://perch.example' }, { ...OWN, origin: 'http://perch.example' }, { host: 'perch.example:8080', origin: 'http://perch.example:8080' }, { ...OWN, origin: LISTED }]) {
    assert.equal((await ask('GET', '/v1/floors', undefined, 'admin', headers)).status, 200, JSON.stringify(headers))
  }
})

test('pages of any other origin are refused whatever they show, and nothing is done for them', async t => {
  const { ask } = await openServer(t, { origins: [LISTED] })
  for (const origin of FOREIGN) {
    for (const as of ['admin', null]) {
      const { status, body } = await ask('PUT', '/v1/org', { name: 'Evil' }, as, { ...OWN, origin })
      assert.deepEqual([status, body['code']], [403, 'FORBIDDEN'], origin)
    }
  }
  assert.equal((await ask('GET', '/v1/org')).body['name'], 'Acme')
})

test('where no origin is listed Perch\'s own pages alone may ask', async t => {
  const { ask } = await openServer(t)
  assert.equal((await ask('GET', '/v1/floors', undefined, 'admin', { ...OWN, origin: 'https://perch.example' })).status, 200)
  assert.equal((await ask('GET', '/v1/floors', undefined, 'admin', { ...OWN, origin: LISTED })).status, 403)
})

test('a browser lets pages of listed origins ask and read the answer, and those of others neither', async t => {
  const { ask } = await openServer(t, { origins: [LISTED] })
  const asking = { ...OWN, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization,content-type' }
  const may = await ask('OPTIONS', '/v1/org', undefined, null, { ...asking, origin: LISTED })
  assert.deepEqual([may.status, may.headers['access-control-allow-origin'], may.headers['access-control-allow-headers']], [204, LISTED, 'authorization, content-type, if-none-match, last-event-id'])
  assert.match(String(may.headers['access-control-allow-methods']), /PUT/)
  assert.equal(may.headers['access-control-allow-credentials'], undefined, 'there are no cookies to send')
  for (const [method, url] of [['GET', '/v1/org'], ['GET', '/v1/floors/nowhere']] as const) {
    const { headers } = await ask(method, url, undefined, 'admin', { ...OWN, origin: LISTED })
    assert.deepEqual([headers['access-control-allow-origin'], headers['vary']], [LISTED, 'origin'], 'also of a refusal')
  }
  for (const origin of [...FOREIGN, 'https://perch.example']) {
    const mayNot = await ask('OPTIONS', '/v1/org', undefined, null, { ...asking, origin })
    assert.deepEqual([mayNot.status, mayNot.headers['access-control-allow-origin']], [404, undefined], origin)
  }
})
