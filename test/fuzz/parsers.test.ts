import { test } from 'tap'
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Socket } from 'node:net'
import { isIP } from 'node:net'
import { addressName } from '../../src/application/address-name.ts'
import { readClientFrame } from '../../src/application/client-frame.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { clientFrames } from '../../src/protocol/frames.ts'
import { bearerToken } from '../../src/transports/http/authenticate.ts'
import { ticketIn } from '../../src/transports/http/tickets.ts'
import { readCidr, TrustedProxies } from '../../src/transports/http/trusted-proxies.ts'
import { holdsWithin } from './holds-within.ts'
import { hostileJson, hostileText, hostileValue } from './hostile-values.ts'
import { nearly, type Schema } from './schema-values.ts'

/** With those of hostile.test.ts 20,000. */
const FRAMES = { runs: 5_000, ms: 8_000 }
const HEADERS = { runs: 3_600, ms: 4_000 }

const schemas = Object.values(clientFrames).map(schema => JSON.parse(JSON.stringify(schema)) as Schema)

test('whatever text or object comes as a frame, it is read, refused with an id, or broken, and changes no prototype', async t => {
  const value = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...schemas).chain(nearly) }, { weight: 1, arbitrary: hostileValue })
  const states = new Map<string, number>()
  const runs = await holdsWithin(fc.asyncProperty(fc.oneof(hostileJson(value), value), async received => {
    const read = readClientFrame(received)
    states.set(read.state, (states.get(read.state) ?? 0) + 1)
    if (read.state === 'refused') assert.ok(read.id.length > 0 && read.id.length <= 64 && typeof read.reason === 'string')
    if (read.state === 'frame') {
      assert.ok(Object.hasOwn(clientFrames, read.frame.type))
      assert.equal(Object.getPrototypeOf(read.frame), Object.prototype)
      assert.ok(!Object.keys(read.frame).includes('__proto__'))
    }
    assert.deepEqual(Object.keys(Object.prototype), [])
  }), FRAMES)
  t.comment(`${runs} frames: ${JSON.stringify(Object.fromEntries(states))}`)
  assert.ok((states.get('frame') ?? 0) > 0 && (states.get('refused') ?? 0) > 0 && (states.get('broken') ?? 0) > 0)
})

/** A header's text: what Node lets through has no line ends. */
const header = fc.oneof(hostileText, fc.ipV4(), fc.ipV6(), fc.string({ unit: 'binary', maxLength: 60 }))

test('whatever stands in the headers and the address, it is a token, a ticket and an address or none, and a code of the table says so', async () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', 'fd00::/8'])
  const remote = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('10.0.0.1', 'fd00::1', '::ffff:10.0.0.1'))
  await holdsWithin(fc.asyncProperty(header, remote, fc.array(header, { maxLength: 6 }), async (text, remoteAddress, hops) => {
    for (const read of [() => bearerToken(text), () => bearerToken(`Bearer ${text}`), () => ticketIn(`/v1/live?ticket=${text}`), () => ticketIn(text)]) {
      try {
        const found = read()
        assert.ok(found === null || typeof found === 'string')
      } catch (error) {
        assert.ok(error instanceof PerchError && (error.code === 'UNAUTHENTICATED' || error.code === 'BAD_REQUEST'), String(error))
      }
    }
    const address = proxies.addressOf({ socket: { remoteAddress } as Socket, headers: { 'x-forwarded-for': hops.join(', ') } })
    assert.ok(isIP(address) !== 0, address)
    assert.ok(proxies.trusts(remoteAddress) || address === remoteAddress, 'a stranger is believed')
    assert.equal(addressName(addressName(address).replace('/64', '')), addressName(address))
    assert.ok(addressName(text).length <= Math.max(text.length, 64))
    const cidr = readCidr(text)
    assert.ok(cidr === null || (cidr.bits > 0 && isIP(cidr.address) !== 0))
  }), HEADERS)
})
