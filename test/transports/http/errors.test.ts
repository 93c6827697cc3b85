import { test } from 'tap'
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { once } from 'node:events'
import type { Commands } from '../../../src/application/commands.ts'
import { errors, PerchError, type ErrorCode } from '../../../src/domain/errors.ts'
import { rowOfDesks } from '../../stand-ins/building.ts'
import { openServer, type Answer } from './open-server.ts'

/** Use cases that refuse everything with what `thrown` gives. */
function refusing (thrown: () => unknown): Commands {
  const refuse = async (): Promise<never> => { throw thrown() }
  return { claim: refuse, checkIn: refuse, release: refuse, change: refuse, arrive: refuse, leave: refuse, identify: refuse, find: refuse, claims: refuse, block: refuse, unblock: refuse, read: refuse }
}

const shape = ({ status, body }: Answer) => [status, body['code'], body['field'], body['reason']]

test('each code of the table has its status, words and retry, and says when to come back', async t => {
  let code: ErrorCode = 'BUSY'
  const { ask } = await openServer(t, { commands: refusing(() => new PerchError(code, { hint: 1 })) })
  for (const [name, { status, retry, message }] of Object.entries(errors)) {
    code = name as ErrorCode
    const answer = await ask('POST', '/v1/claims', { space: 'd1' })
    assert.deepEqual([answer.status, answer.body], [status, { hint: 1, code, message, retry }], name)
    assert.equal(Number(answer.headers['retry-after']) > 0, retry, name)
  }
})

test('what nobody foresaw is INTERNAL: the cause is in the log and not in the answer', async t => {
  const { ask, lines } = await openServer(t, { commands: refusing(() => new TypeError('secret of the program')) })
  const answer = await ask('GET', '/v1/claims?person=anna.schmidt')
  assert.deepEqual([answer.status, answer.body], [500, { code: 'INTERNAL', message: errors.INTERNAL.message, retry: true }])
  const logged = lines.all.join('')
  assert.match(logged, /secret of the program/)
  assert.doesNotMatch(logged, /anna\.schmidt/)
})

test('a refusal that is the caller\'s is not logged as trouble', async t => {
  const { ask, lines } = await openServer(t)
  await ask('GET', '/v1/people/anna.schmidt')
  assert.deepEqual(lines.all.filter(line => /"level":[456]0|anna\.schmidt/.test(line)), [])
})

/** A device that asks to be paired has none yet. */
const WITHOUT: readonly string[] = ['/v1/pairings', '/v1/pairings/poll', '/v1/pairings/redeem']

test('credentials are asked for on every call under /v1 but those by which a device is paired, and on none of the operations', async t => {
  const { ask, app } = await openServer(t)
  const { paths } = app.swagger() as { paths: Record<string, Record<string, unknown>> }
  for (const [path, methods] of Object.entries(paths)) {
    if (!path.startsWith('/v1/') || WITHOUT.includes(path)) continue
    for (const method of Object.keys(methods)) {
      const url = path.replaceAll(/\{[^}]+\}/g, 'x')
      for (const token of [null, 'forged']) {
        const { status, body, headers } = await ask(method.toUpperCase() as 'GET', url, undefined, token)
        assert.deepEqual([status, method === 'head' ? 'UNAUTHENTICATED' : body['code'], headers['www-authenticate']], [401, 'UNAUTHENTICATED', 'Bearer realm="perch"'], `${method} ${path}`)
      }
    }
  }
  for (const url of ['/healthz', '/readyz', '/metrics', '/docs', '/openapi.json', '/asyncapi.json']) assert.equal((await ask('GET', url, undefined, null)).status, 200, url)
})

test('another scheme and a token that cannot be one are no credentials', async t => {
  const { ask } = await openServer(t)
  for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer a b', 'Bearer \u00e4', `Bearer ${'x'.repeat(9_000)}`]) {
    assert.equal((await ask('GET', '/v1/floors', undefined, null, { authorization })).body['code'], 'UNAUTHENTICATED', authorization.slice(0, 20))
  }
})

test('an address that is not there is NOT_FOUND, with or without credentials, for every method', async t => {
  const { ask } = await openServer(t)
  for (const [method, url] of [['GET', '/nowhere'], ['GET', '/v1/nowhere'], ['DELETE', '/v1/claims'], ['PUT', '/v1/readings'], ['POST', '/v1/floors'], ['OPTIONS', '/v1/claims']] as const) {
    for (const token of ['admin', null]) {
      const { status, body } = await ask(method, url, undefined, token)
      assert.deepEqual([status, body['code'], body['retry']], [404, 'NOT_FOUND', false], `${method} ${url}`)
    }
  }
})

test('a body that is not JSON, or of another type, is refused in words', async t => {
  const { ask } = await openServer(t)
  assert.deepEqual(shape(await ask('POST', '/v1/claims', '{"space":')), [400, 'BAD_REQUEST', undefined, 'the body is not JSON, or has a member that JSON from a stranger may not have'])
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', '']) {
    const answer = await ask('POST', '/v1/claims', '{"space":"d1"}', 'admin', { 'content-type': type })
    assert.deepEqual(shape(answer), [400, 'BAD_REQUEST', undefined, 'the content type must be application/json'], type)
  }
})

test('no member can reach an object\'s prototype', async t => {
  const { ask, building } = await openServer(t)
  await ask('PUT', '/v1/floors/f1', rowOfDesks(['d1']))
  const before = (await building.store.read('acme', [], ['f1'])).seqs.get('f1')
  for (const body of [
    '{"__proto__":{"x":1},"space":"d1"}', '{"space":"d1","__proto__":1}', '{"constructor":{"prototype":{"x":1}},"space":"d1"}', '{"space":"d1","person":{"__proto__":{"badge":"1"}}}',
    '{"\\u005f_proto__":{},"space":"d1"}', '{"space":"d1","prototype":{}}'
  ]) {
    const { status, body: answer } = await ask('POST', '/v1/claims', body)
    assert.deepEqual([status, answer['code']], [400, 'BAD_REQUEST'], body)
  }
  assert.equal(Object.hasOwn(Object.prototype, 'x'), false)
  assert.equal((await building.store.read('acme', [], ['f1'])).seqs.get('f1'), before)
})

test('wrong types, unknown members and absurd moments are named', async t => {
  const { ask } = await openServer(t)
  const cases: Array<[unknown, string, RegExp]> = [
    [{}, 'space', /is needed/],
    [[], 'body', /must be an object/],
    ['"d1"', 'body', /must be an object/],
    [{ space: 7 }, 'space', /must be a string/],
    [{ space: ['d1'] }, 'space', /must be a string/],
    [{ space: 'd1', colour: 'red' }, 'colour', /is not known here/],
    [{ space: 'd 1' }, 'space', /does not have the form of hq-3-d12/],
    [{ space: 'x'.repeat(65) }, 'space', /longer than 64|form of/],
    [{ space: 'd1', id: 'abc' }, 'id', /form of 019aa1c2/],
    [{ space: 'd1', from: 'tomorrow' }, 'from', /RFC 3339/],
    [{ space: 'd1', from: '2026-02-31T08:00:00Z' }, 'from', /RFC 3339/],
    [{ space: 'd1', from: '2026-03-02T08:00:00' }, 'from', /RFC 3339/],
    [{ space: 'd1', to: '9999-12-31T23:59:59Z' }, 'to', /outside the years/],
    [{ space: 'd1', from: '0001-01-01T00:00:00Z' }, 'from', /outside the years/],
    [{ space: 'd1', from: 1_772_438_400 }, 'from', /must be a string/],
    [{ space: 'd1', checkIn: 'true' }, 'checkIn', /must be a boolean/],
    [{ space: 'd1', await: 'never' }, 'await', /must be one of persisted, accepted/],
    [{ space: 'd1', person: { badge: '' } }, 'person.badge', /shorter than 1/],
    [{ space: 'd1', person: { card: 'x' } }, 'person.badge', /is needed/],
    [{ space: 'd1', person: { badge: 'x', pin: 1 } }, 'person.pin', /is not known here/]
  ]
  for (const [body, field, reason] of cases) {
    const answer = await ask('POST', '/v1/claims', body)
    assert.deepEqual([answer.status, answer.body['code']], [400, 'BAD_REQUEST'], JSON.stringify(body))
    assert.equal(answer.body['field'], field, JSON.stringify([body, answer.body]))
    assert.match(String(answer.body['reason']), reason)
  }
})

test('a failure deep in a body says where', async t => {
  const { ask } = await openServer(t)
  const floor = rowOfDesks(['d1', 'd2'])
  const broken = structuredClone(floor) as unknown as { plan: { features: Array<{ geometry: { coordinates: unknown[][][] } }> } }
  const point = broken.plan.features[1]?.geometry.coordinates[0]
  if (point !== undefined) point[2] = [1, 'two']
  assert.deepEqual(shape(await ask('PUT', '/v1/floors/f1', broken)), [
    400, 'BAD_REQUEST', 'plan.features[1].geometry.coordinates[0][2][1]', '`plan.features[1].geometry.coordinates[0][2][1]` must be a number'
  ])
  assert.deepEqual(shape(await ask('POST', '/v1/readings', { readings: [{ space: 'd1', value: 'occupied' }, { space: 'd1', value: 'warm' }] })), [
    400, 'BAD_REQUEST', 'readings[1].value', '`readings[1].value` must be one of occupied, vacant, unknown'
  ])
})

test('addresses are checked like bodies, and their numbers are numbers', async t => {
  const { ask } = await openServer(t)
  assert.deepEqual(shape(await ask('GET', '/v1/claims/not-an-id')).slice(0, 3), [400, 'BAD_REQUEST', 'claim'])
  assert.deepEqual(shape(await ask('GET', '/v1/floors/%7Bx%7D')).slice(0, 3), [400, 'BAD_REQUEST', 'floor'])
  assert.deepEqual(shape(await ask('GET', '/v1/floors/..%2f..%2fetc')).slice(0, 3), [400, 'BAD_REQUEST', 'floor'])
  assert.deepEqual(shape(await ask('GET', '/v1/floors/%')), [400, 'BAD_REQUEST', undefined, 'the address is not well formed'])
  assert.deepEqual(shape(await ask('GET', `/v1/floors/${'x'.repeat(10_000)}`)), [400, 'BAD_REQUEST', undefined, 'the address has a part that is longer than any id'])
  assert.deepEqual(shape(await ask('GET', '/v1/people?limit=many')), [400, 'BAD_REQUEST', 'limit', '`limit` must be an integer'])
  assert.deepEqual(shape(await ask('GET', '/v1/people?limit=5000')), [400, 'BAD_REQUEST', 'limit', '`limit` is more than 1000'])
  assert.deepEqual(shape(await ask('GET', '/v1/people?colour=red')), [400, 'BAD_REQUEST', 'colour', '`colour` is not known here'])
  assert.deepEqual(shape(await ask('GET', '/v1/claims?person=anna&from=yesterday')).slice(0, 3), [400, 'BAD_REQUEST', 'from'])
  assert.equal((await ask('GET', '/v1/people?limit=5')).status, 200)
})

test('an unknown member\'s name comes back shortened', async t => {
  const { ask } = await openServer(t)
  const { body } = await ask('POST', '/v1/claims', { space: 'd1', ['x'.repeat(50_000)]: 1 })
  assert.equal(String(body['field']).length, 120)
})

test('a body over 64 KiB is TOO_LARGE, one with a floor, people or readings may have 4 MiB', async t => {
  const { ask } = await openServer(t)
  const padded = (body: object, bytes: number) => JSON.stringify(body) + ' '.repeat(bytes)
  assert.deepEqual(shape(await ask('POST', '/v1/claims', padded({ space: 'd1' }, 64 * 1024))).slice(0, 2), [413, 'TOO_LARGE'])
  assert.equal((await ask('PUT', '/v1/floors/f1', padded(rowOfDesks(['d1']), 2 * 1024 * 1024))).status, 201)
  assert.deepEqual(shape(await ask('PUT', '/v1/floors/f1', padded(rowOfDesks(['d1']), 4 * 1024 * 1024))).slice(0, 2), [413, 'TOO_LARGE'])
  assert.equal((await ask('PUT', '/v1/people', padded({ people: [{ id: 'anna', name: 'Anna' }] }, 2 * 1024 * 1024))).status, 200)
  const readings = Array.from({ length: 500 }, () => ({ space: `d${'1'.repeat(60)}`, value: 'occupied' }))
  assert.equal((await ask('POST', '/v1/readings', padded({ readings }, 64 * 1024))).status, 200)
})

test('depth is no way to bring the server down', async t => {
  const { ask } = await openServer(t)
  for (const bomb of ['['.repeat(500_000) + ']'.repeat(500_000), `{"people":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`]) {
    assert.deepEqual(shape(await ask('PUT', '/v1/people', bomb)).slice(0, 2), [400, 'BAD_REQUEST'])
  }
  assert.equal((await ask('GET', '/healthz', undefined, null)).status, 200)
})

test('every answer carries the headers that keep browsers from guessing, framing and telling', async t => {
  const { ask } = await openServer(t)
  for (const [url, token] of [['/v1/floors', 'admin'], ['/v1/floors', null], ['/nowhere', null], ['/healthz', null]] as const) {
    const { headers } = await ask('GET', url, undefined, token)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/)
  }
})

test('what is not HTTP gets the same shape on the bare socket', async t => {
  const { app } = await openServer(t)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as { port: number }
  const exchange = async (bytes: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', text => { answer += String(text) }).on('error', () => {})
    socket.write(bytes)
    await once(socket, 'close')
    return answer
  }
  const garbage = await exchange('hello?\r\n\r\n')
  assert.match(garbage, /^HTTP\/1\.1 400 /)
  assert.equal(JSON.parse(garbage.slice(garbage.indexOf('\r\n\r\n') + 4)).code, 'BAD_REQUEST')
  const flood = await exchange(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`)
  assert.match(flood, /^HTTP\/1\.1 413 /)
  assert.equal(JSON.parse(flood.slice(flood.indexOf('\r\n\r\n') + 4)).code, 'TOO_LARGE')
})
