import { test } from 'tap'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { request as httpRequest } from 'node:http'
import { errors, type ErrorCode } from '../../src/domain/errors.ts'
import { clientFrame, RawSocket, upgradeRequest } from '../transports/live/raw-socket.ts'
import { until } from '../harness/wait.ts'
import { clientFrames } from '../../src/protocol/frames.ts'
import { hostileJson, hostileText, hostileValue, knownClaim, knownText } from './hostile-values.ts'
import { holdsWithin } from './holds-within.ts'
import { FrameLine, type Wire } from './frame-line.ts'
import { nearly, type Schema } from './schema-values.ts'
import { openWatchedOffice, type WatchedOffice } from './watched-office.ts'

/** Of each part, whichever is over first. */
const HTTP = { runs: 6_000, ms: 20_000 }
const BYTES = { runs: 400, ms: 6_000 }
const FRAMES = { runs: 2_500, ms: 10_000 }
/** Longer than a floor is followed after its last watcher. */
const LINGER_MS = 60_000

const TOKENS = ['admin', 'admin', 'admin', 'member:ada', 'member:ben', 'kiosk', 'display', 'sensor', 'manager', 'operator', 'viewer', 'forged', null]

interface Parameter { in: string, name: string, schema?: Schema }
interface Operation { parameters?: Parameter[], requestBody?: { content: Record<string, { schema?: Schema }> } }
interface Route { method: string, path: string, operation: Operation }
interface Hostile { route: string, method: string, url: string, headers: Record<string, string>, body: string | null }

function routesOf ({ app }: WatchedOffice): Route[] {
  const { paths } = app.swagger() as { paths: Record<string, Record<string, Operation>> }
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })))
}

const encoded = (text: string): string => encodeURIComponent(text.replaceAll(/\p{Cs}/gu, '?'))
const inAddress = fc.oneof(
  { weight: 8, arbitrary: knownText }, { weight: 8, arbitrary: knownClaim }, { weight: 1, arbitrary: hostileText.map(encoded) },
  { weight: 1, arbitrary: fc.constantFrom('%00', '%ZZ', '%', '%ff', '%2e%2e', '..', '.', '%2f', '__proto__', 'A'.repeat(200), '%F0%9F%98%80', ';', '*', '%e0%80%80') }
)

/** Of the queries, bodies and headers that a route could get, one that is nearly right or not at all. */
function hostileTo ({ method, path, operation }: Route): fc.Arbitrary<Hostile> {
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => String(name))
  const known = (operation.parameters ?? []).filter(parameter => parameter.in === 'query')
  const one = known.map(({ name, schema = {} }) => fc.tuple(fc.constant(name), nearly(schema).map(value => typeof value === 'string' ? value : JSON.stringify(value) ?? '')))
  const query = fc.array(fc.oneof(...one, fc.tuple(fc.constantFrom('__proto__', 'audience', 'x', 'constructor[prototype]', 'from[]'), hostileText)), { maxLength: 4 })
  const schema = operation.requestBody?.content['application/json']?.schema
  const json = hostileJson(schema === undefined ? hostileValue : nearly(schema))
  const large = fc.constantFrom(1_100_000, 5_000_000).map(length => JSON.stringify({ space: 'd1', padding: 'x'.repeat(length) }))
  const body = method === 'GET' ? fc.constant(null) : fc.oneof({ weight: 60, arbitrary: json }, { weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: large })
  const headers = fc.record({
    authorization: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...TOKENS.map(token => token === null ? '' : `Bearer ${token}`)) }, { weight: 1, arbitrary: fc.constantFrom('Basic eDp5', 'Bearer', `Bearer ${'x'.repeat(9_000)}`) }),
    'content-type': fc.oneof({ weight: 9, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: fc.constantFrom('application/json; charset=utf-16', 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded', '', ';', 'application/json\u00e9') }),
    'if-none-match': fc.constantFrom('*', '"1-1-named"', ',,,', '"'),
    'accept-encoding': fc.constantFrom('gzip', 'gzip;q=x', ',', '*;q=0'),
    'last-event-id': fc.constantFrom('1-1-named', '999999999999999-999999999999999-named', '0-0-counts', '__proto__', '-1--1-named'),
    origin: fc.constantFrom('null', 'https://evil.example')
  }, { requiredKeys: ['authorization', 'content-type'] })
  return fc.tuple(fc.tuple(...names.map(() => inAddress)), query, body, headers).map(([params, pairs, made, given]) => {
    const address = names.reduce((url, name, i) => url.replace(`{${name}}`, () => params[i] ?? ''), path)
    const search = pairs.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join('&')
    return { route: `${method} ${path}`, method, url: search === '' ? address : `${address}?${search}`, headers: given, body: made }
  })
}

interface Answer { status: number, text: string }

async function inject ({ app }: WatchedOffice, { method, url, headers, body }: Hostile): Promise<Answer> {
  const { statusCode, body: text } = await app.inject({ method: method as NonNullable<InjectOptions['method']>, url, headers, ...(body === null ? {} : { payload: body }) })
  return { status: statusCode, text }
}

/** A stream never ends: once it is granted that is enough. */
async function stream ({ port }: WatchedOffice, { method, url, headers }: Hostile): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const { 'content-type': _, ...rest } = headers
    const request = httpRequest({ host: '127.0.0.1', port, method, path: url, headers: rest, agent: false }, response => {
      let text = ''
      if (response.statusCode === 200) {
        request.destroy()
        resolve({ status: 200, text })
      } else response.setEncoding('utf8').on('data', part => { text += String(part) }).on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.on('error', reject).end()
  })
}

/** The code of a refusal, with the status that the table gives it; null: granted. */
function codeOf ({ status, text }: Answer): string | null {
  if (status < 400) return null
  const { code, message, retry } = JSON.parse(text) as { code: ErrorCode, message: string, retry: boolean }
  assert.deepEqual([status, message, retry], [errors[code].status, errors[code].message, errors[code].retry])
  return code
}

/** Since the last look: all there ever were would be too many to be looked through each time. */
const troubles = ({ lines, stream }: WatchedOffice): unknown[] => [...lines.all.splice(0).filter(line => /"level":[56]0/.test(line)), ...stream.errors]

test('whatever is sent to any address, a refusal has a code of the table and has changed nothing', async t => {
  const office = await openWatchedOffice(t)
  const routes = routesOf(office)
  const answered = new Map<string, number>()
  const hostile = fc.constantFrom(...routes).chain(hostileTo)
  const runs = await holdsWithin(fc.asyncProperty(hostile, async sent => {
    await office.refusesCleanly(async () => {
      const code = codeOf(await (sent.route.endsWith('/events') ? stream(office, sent) : inject(office, sent)))
      answered.set(code ?? 'granted', (answered.get(code ?? 'granted') ?? 0) + 1)
      return code
    })
    assert.deepEqual(troubles(office), [])
  }), HTTP)
  t.comment(`${runs} requests: ${JSON.stringify(Object.fromEntries(answered))}`)
  assert.equal((await office.app.inject('/healthz')).statusCode, 200)
  assert.equal(Object.hasOwn(Object.prototype, 'role'), false)
})

test('bytes that are nothing in particular, on any connection, change nothing and disturb nobody', async t => {
  const office = await openWatchedOffice(t)
  const frame = fc.record({
    opcode: fc.nat({ max: 15 }),
    payload: fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom('40', '40{', '41', '451-[', '42["frame",{}]', '2', '3', '40/x,', '{"type":"watch","id":"1","floor":"f1"}').map(text => Buffer.from(text))).map(bytes => Buffer.from(bytes)),
    fin: fc.boolean(),
    masked: fc.constantFrom(true, true, true, false),
    reserved: fc.constantFrom(0, 0, 0, 0, 1, 4)
  }).map(clientFrame)
  const watch = fc.constant(clientFrame({ opcode: 1, payload: Buffer.from('{"type":"watch","id":"1","floor":"f1"}') }))
  const upgrade = fc.constantFrom('/v1/live', '/socket.io/?EIO=4&transport=websocket', '/socket.io/?EIO=4&transport=websocket&sid=x', '/nowhere').map(path => Buffer.from(upgradeRequest(path, ['authorization: Bearer admin'])))
  const request = fc.constantFrom('GET /v1/floors/f1/events HTTP/1.1\r\nhost: x\r\n\r\n', 'POST /v1/claims HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n', 'GET / HTTP/9.9\r\n\r\n', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'GET /v1/floors HTTP/1.1\r\nhost: x\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n').map(text => Buffer.from(text))
  const noise = fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes))
  const sent = fc.tuple(fc.oneof({ weight: 4, arbitrary: upgrade }, { weight: 2, arbitrary: request }, { weight: 1, arbitrary: noise }), fc.array(fc.oneof({ weight: 8, arbitrary: frame }, { weight: 1, arbitrary: watch }, { weight: 2, arbitrary: noise }), { maxLength: 6 }))
  const before = [office.changes(), await office.whole()]
  await holdsWithin(fc.asyncProperty(sent, async ([first, more]) => {
    const raw = new RawSocket(t, office.port)
    raw.tcp.end(Buffer.concat([first, ...more]))
    await until(() => raw.closed, { what: 'the connection to end', everyMs: 1 })
    assert.deepEqual([[office.changes(), await office.whole()], troubles(office)], [before, []])
  }), BYTES)
  await office.until('all sessions to end', () => office.stream.sessions.size === 0)
  // Some of it is a watch that was granted, whose floor is followed for a while after.
  await office.until('nothing to be left', () => {
    office.building.clock.pass(LINGER_MS)
    return office.stream.hub.floors === 0 && office.stream.clock.timers === 0
  })
})

/** As JSON Schema, which is what TypeBox writes. */
const schemas = Object.values(clientFrames).map(schema => JSON.parse(JSON.stringify(schema)) as Schema)

for (const wire of ['websocket', 'socketio'] as const satisfies readonly Wire[]) {
  test(`whatever is sent over ${wire}, it is answered with a code or ends the connection, and a refusal has changed nothing`, async t => {
    const office = await openWatchedOffice(t)
    const answered = new Map<string, number>()
    const value = fc.oneof({ weight: 10, arbitrary: fc.constantFrom(...schemas).chain(nearly) }, { weight: 1, arbitrary: hostileValue })
    const identified = fc.tuple(value, fc.constantFrom('1', 'a'.repeat(64), '__proto__')).map(([made, id]) => typeof made === 'object' && made !== null && !Array.isArray(made) ? { ...made, id } : made)
    const frame = hostileJson(fc.oneof({ weight: 9, arbitrary: identified }, { weight: 1, arbitrary: value }))
    let line: FrameLine | null = null
    const runs = await holdsWithin(fc.asyncProperty(frame, fc.constantFrom(...TOKENS.filter(token => token !== null && token !== 'forged')), fc.integer({ min: 0, max: 9 }), async (text, token, fresh) => {
      if (line === null || line.closed !== null || fresh === 0) {
        line?.end()
        line = await office.settled(FrameLine.open(t, office.port, wire, token ?? 'admin'))
      }
      const used = line
      await office.refusesCleanly(async () => {
        const code = await used.exchange(text)
        answered.set(code ?? 'granted', (answered.get(code ?? 'granted') ?? 0) + 1)
        return code
      })
      assert.deepEqual(troubles(office), [])
    }), FRAMES)
    t.comment(`${runs} frames: ${JSON.stringify(Object.fromEntries(answered))}`)
    const witness = await office.settled(FrameLine.open(t, office.port, wire, 'admin'))
    assert.equal(await office.settled(witness.exchange('{"type":"watch","id":"1","floor":"nowhere"}')), 'FLOOR_UNKNOWN')
  })
}
