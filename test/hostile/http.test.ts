import { test } from 'tap'
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { errors, type ErrorCode } from '../../src/domain/errors.ts'
import { requestText, type Refusal } from './attacker.ts'
import { openScene } from './scene.ts'

const CLAIM = '{"space":"f1-d0"}'
const MIB = 1024 * 1024

/** The code of a refusal, in the shape and with the status of all others; a bare end counts as no code. */
function codeOf ({ status, head, body }: Refusal, what: string): ErrorCode {
  const { code } = JSON.parse(body) as { code: ErrorCode }
  assert.equal(errors[code].status, status, `${what}: ${head}`)
  return code
}

test('HTTP that is not as it should be', async t => {
  const { member, attacker, endures, node } = await openScene(t, { PRINCIPAL_RATE: '1000' })
  const eve = attacker(t, '127.0.0.20')
  const refused = async (codes: readonly ErrorCode[], requests: ReadonlyArray<readonly [what: string, text: string | Buffer, more?: () => Buffer]>): Promise<void> => {
    for (const [what, text, more] of requests) {
      const answer = await eve.send(text, more)
      // Whoever goes on sending may be cut off before the answer has come through.
      if (answer.status === 0 && codes.includes('TOO_LARGE')) continue
      const code = codeOf(answer, what)
      assert.ok(codes.includes(code), `${what}: ${code}`)
    }
  }
  const post = (headers: readonly string[], rest: string): string => `${requestText('POST', '/v1/claims', member, ['content-type: application/json', ...headers])}${rest}`
  const claim = (body: string): string => requestText('POST', '/v1/claims', member, [], body)

  await t.test('smuggled requests are refused, and what follows is not heard', async t => {
    const hidden = requestText('POST', '/v1/claims', member, [], CLAIM)
    await endures(t, async () => await refused(['BAD_REQUEST'], [
      ['two lengths', post(['content-length: 0', `content-length: ${hidden.length}`], hidden)],
      ['two lengths in one', post([`content-length: 0, ${hidden.length}`], hidden)],
      ['a length and chunks', post(['content-length: 4', 'transfer-encoding: chunked'], `0\r\n\r\n${hidden}`)],
      ['chunks and a length', post(['transfer-encoding: chunked', 'content-length: 4'], `0\r\n\r\n${hidden}`)],
      ['chunks that are not the last encoding', post(['transfer-encoding: chunked, identity'], `0\r\n\r\n${hidden}`)],
      ['an encoding nobody knows', post(['transfer-encoding: xchunked'], `0\r\n\r\n${hidden}`)],
      ['a space before the colon', post(['transfer-encoding : chunked'], `0\r\n\r\n${hidden}`)],
      ['a folded header', post(['transfer-encoding:\r\n chunked', 'content-length: 4'], `0\r\n\r\n${hidden}`)],
      ['a negative length', post(['content-length: -1'], hidden)],
      ['a length with a sign', post(['content-length: +4'], hidden)],
      ['a length in hexadecimal', post(['content-length: 0x4'], hidden)],
      ['a length beyond all numbers', post([`content-length: ${'9'.repeat(40)}`], hidden)],
      ['a chunk beyond all numbers', post(['transfer-encoding: chunked'], `FFFFFFFFFFFFFFFFF\r\n${hidden}`)],
      ['a chunk of a negative size', post(['transfer-encoding: chunked'], `-1\r\n${hidden}`)],
      ['a chunk that is longer than it says', post(['transfer-encoding: chunked'], `2\r\n{}{}\r\n0\r\n\r\n${hidden}`)],
      ['a header with a carriage return in it', post(['x-a: b\rtransfer-encoding: chunked'], hidden)],
      ['a header with a NUL in it', post(['x-a: b\0c'], hidden)]
    ]))
  })

  await t.test('paths that mean another place lead nowhere', async t => {
    const paths = ['/v1/../metrics', '/v1/%2e%2e/metrics', '//v1/floors', '/v1//floors', '/v1/floors/..%2f..%2fetc%2fpasswd', '/v1/floors/%00', '/v1/floors/%ZZ', '/v1/floors/f1%0d%0ax-injected:%201', '/v1/floors/f1;x', '/v1/floors/f1%252f', '/v1\\floors', 'http://127.0.0.1/v1/../metrics', '/V1/floors', '/v1/floors/%F0%9F%98%80', `/v1/floors/${'a'.repeat(5_000)}`]
    await endures(t, async () => {
      for (const path of paths) {
        const answer = await eve.send(requestText('GET', path, member))
        assert.ok(['NOT_FOUND', 'BAD_REQUEST', 'FLOOR_UNKNOWN'].includes(codeOf(answer, path)), `${path}: ${answer.body}`)
        assert.doesNotMatch(answer.head, /x-injected/i)
      }
    })
  })

  await t.test('ids that would be something else somewhere else are no ids', async t => {
    const ids = ['f1-d0{s00}', 'a:b', 'f1-d0\r\nx', 'f1-d0\u0000', 'x'.repeat(10_240), 'f1-d０', 'f1‐d0', 'ѕpace', 'f1-d0\u202e', '../f1-d0', '*', '', ' f1-d0', '__proto__', '$where', 'e\u0301']
    await endures(t, async () => {
      for (const id of ids) {
        await refused(['BAD_REQUEST'], [[id, claim(JSON.stringify({ space: id }))], [id, claim(JSON.stringify({ space: 'f1-d0', person: id }))], [id, claim(JSON.stringify({ id, space: 'f1-d0' }))]])
      }
    })
  })

  await t.test('members that are something to the language, and documents without a floor, are refused', async t => {
    await endures(t, async () => {
      await refused(['BAD_REQUEST'], [
        ['__proto__', claim('{"space":"f1-d0","__proto__":{"role":"admin"}}')],
        ['__proto__ by escapes', claim('{"space":"f1-d0","\\u005f_proto__":{"role":"admin"}}')],
        ['constructor.prototype', claim('{"space":"f1-d0","constructor":{"prototype":{"role":"admin"}}}')],
        ['toString', claim('{"space":"f1-d0","toString":1}')],
        ['sixty thousand brackets', claim('['.repeat(60_000))],
        ['ten thousand objects in one another', claim(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)],
        ['six thousand members', claim(`{${Array.from({ length: 6_000 }, (_, i) => `"a${i}":1`).join()}}`)],
        ['a number of sixty thousand digits', claim(`{"space":${'9'.repeat(60_000)}}`)]
      ])
      await refused(['TOO_LARGE'], [
        ['half a million brackets', claim('['.repeat(500_000))],
        ['sixty thousand members', claim(`{${Array.from({ length: 60_000 }, (_, i) => `"a${i}":1`).join()}}`)]
      ])
    })
  })

  await t.test('bodies that are larger than they may, or would become so, are refused before they are whole', async t => {
    const filling = Buffer.alloc(64 * 1024, ' ')
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), filling, Buffer.from('\r\n')])
    const bomb = gzipSync(Buffer.alloc(40 * MIB, ' '))
    await endures(t, async () => {
      await refused(['TOO_LARGE'], [
        ['a promise of 100 MB', post(['content-length: 104857600'], '{'), () => filling],
        ['chunks without an end', post(['transfer-encoding: chunked'], ''), () => chunk]
      ])
      await refused(['BAD_REQUEST'], [['gzip of 40 MB of nothing', Buffer.concat([Buffer.from(post(['content-encoding: gzip', `content-length: ${bomb.length}`], '')), bomb])]])
    })
  })

  await t.test('content of another type than JSON is refused', async t => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp', 'text/json', '', ';']
    await endures(t, async () => {
      for (const type of types) await refused(['BAD_REQUEST'], [[type, requestText('POST', '/v1/claims', member, [`content-type: ${type}`, `content-length: ${CLAIM.length}`]) + CLAIM]])
      // Two of a kind: the first counts, whatever the second says.
      await refused(['BAD_REQUEST'], [['two types', requestText('POST', '/v1/claims', member, ['content-type: text/plain'], CLAIM)]])
      await refused(['BAD_REQUEST'], [['UTF-16', Buffer.concat([Buffer.from(post(['content-length: 34'], '').replace('application/json', 'application/json; charset=utf-16')), Buffer.from(CLAIM, 'utf16le')])]])
    })
  })

  await t.test('floods of headers are refused', async t => {
    await endures(t, async () => await refused(['TOO_LARGE'], [
      ['a header of 1 MB', requestText('GET', '/v1/floors', member, [`x-a: ${'a'.repeat(MIB)}`])],
      ['5,000 headers', requestText('GET', '/v1/floors', member, Array.from({ length: 5_000 }, (_, i) => `x-${i}: 1`))],
      ['headers without an end', 'GET /v1/floors HTTP/1.1\r\nhost: x\r\n', () => Buffer.from('x-a: b\r\n'.repeat(100))],
      ['a cookie of 20 kB', requestText('GET', '/v1/floors', member, [`cookie: ${'a=b; '.repeat(4_096)}`])]
    ]))
  })

  await t.test('after all of it the log has no error', async () => {
    assert.deepEqual((await node.logs()).filter(({ level }) => Number(level) >= 50 || level === 'error'), [])
  })
})
