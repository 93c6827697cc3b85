import { test } from 'tap'
import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import type { Cleanup } from '../../harness/cleanup.ts'
import { openLive, type LiveOptions } from './open-live.ts'

async function scene (t: Cleanup, options: LiveOptions = {}) {
  const server = await openLive(t, options)
  const state = async (headers: Record<string, string> = {}, { floor = 'f1', query = '', method = 'GET' as const, token = 'admin' as string | null } = {}) => await server.app.inject({
    method, url: `/v1/floors/${floor}/state${query}`, headers: { host: '127.0.0.1', ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers }
  })
  return { ...server, state }
}

test('the snapshot of the stream, with the position and audience as its tag', async t => {
  const { state, claim } = await scene(t)
  await claim('d1')
  const { statusCode, headers, body } = await state()
  const frame = JSON.parse(body)
  assert.deepEqual([statusCode, frame.type, frame.floor, frame.audience, frame.spaces.length], [200, 'snapshot', 'f1', 'named', 3])
  assert.deepEqual(frame.spaces.find(({ id }: { id: string }) => id === 'd1').occupant, { id: 'ada', name: 'Ada' })
  assert.equal(headers.etag, `"${frame.epoch}-${frame.seq}-named"`)
  assert.equal(headers['cache-control'], 'private, no-cache')
  assert.equal(headers['content-type'], 'application/json; charset=utf-8')
  assert.equal(headers.vary, 'accept-encoding, authorization')
})

test('the same tag is 304 until something changes', async t => {
  const { state, claim, until } = await scene(t)
  const { headers: { etag } } = await state()
  for (const tag of [String(etag), `W/${etag}`, `"x", ${etag}`, '*']) {
    const { statusCode, body, headers } = await state({ 'if-none-match': tag })
    assert.deepEqual([statusCode, body, headers.etag], [304, '', etag], tag)
  }
  for (const tag of ['"x"', '', 'W/', `${etag}x`]) assert.equal((await state({ 'if-none-match': tag })).statusCode, 200, tag)
  await claim('d2')
  await until('another tag', async () => (await state({ 'if-none-match': String(etag) })).statusCode === 200)
})

test('audiences have different tags: a tag of one is never 304 for another', async t => {
  const { state } = await scene(t)
  const { headers: { etag } } = await state()
  const { statusCode, body } = await state({ 'if-none-match': String(etag) }, { query: '?audience=counts' })
  assert.deepEqual([statusCode, JSON.parse(body).audience, JSON.parse(body).spaces], [200, 'counts', []])
})

test('gzip is given to who takes it, with the same content', async t => {
  const { state } = await scene(t)
  const plain = await state()
  assert.equal(plain.headers['content-encoding'], undefined)
  for (const [accepts, gzipped] of [['gzip', true], ['br, gzip;q=0.5', true], ['*', true], ['gzip;q=0', false], ['gzip; q=0.000', false], ['identity', false], ['xgzip', false], ['br', false]] as const) {
    const { headers, rawPayload } = await state({ 'accept-encoding': accepts })
    assert.equal(headers['content-encoding'] === 'gzip', gzipped, accepts)
    assert.equal(headers['content-length'], String(rawPayload.length))
    assert.equal(String(gzipped ? gunzipSync(rawPayload) : rawPayload), plain.body)
  }
})

test('its age is the time since it was last known to be the newest', async t => {
  const { state, building, until } = await scene(t)
  assert.equal((await state()).headers.age, '0')
  building.store.read = async () => { throw new Error('the store is away') }
  await until('twelve seconds', async () => {
    building.clock.pass(1_000)
    return Number((await state()).headers.age) >= 12
  })
})

test('refusals have their codes', async t => {
  const { state } = await scene(t)
  for (const [options, status, code] of [
    [{ token: null }, 401, 'UNAUTHENTICATED'],
    [{ floor: 'nowhere' }, 404, 'FLOOR_UNKNOWN'],
    [{ token: 'sensor' }, 403, 'FORBIDDEN'],
    [{ query: '?audience=all' }, 400, 'BAD_REQUEST'],
    [{ floor: 'a'.repeat(65) }, 400, 'BAD_REQUEST']
  ] as const) {
    const { statusCode, body } = await state({}, options)
    assert.deepEqual([statusCode, JSON.parse(body).code], [status, code])
  }
})

test('many readers of one position cost one read of the store and one snapshot', async t => {
  const { state, stream } = await scene(t)
  await Promise.all(Array.from({ length: 20 }, async () => await state({ 'accept-encoding': 'gzip' })))
  assert.deepEqual([stream.metrics.reads, stream.metrics.snapshots, stream.metrics.open], [1, 1, 0])
})
