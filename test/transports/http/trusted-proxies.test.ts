import { test } from 'tap'
import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { readCidr, TrustedProxies } from '../../../src/transports/http/trusted-proxies.ts'

const PROXIES = new TrustedProxies(['10.0.0.0/8', 'fd00::/8', '192.0.2.9'])

function addressOf (proxies: TrustedProxies, remoteAddress: string, forwarded?: string): string {
  return proxies.addressOf({ socket: { remoteAddress } as Socket, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } })
}

test('whoever is no trusted proxy comes from where their connection does, whatever they write', async () => {
  assert.equal(addressOf(PROXIES, '203.0.113.5', '198.51.100.1'), '203.0.113.5')
  assert.equal(addressOf(new TrustedProxies(), '10.0.0.1', '198.51.100.1'), '10.0.0.1')
  assert.equal(addressOf(PROXIES, '::ffff:203.0.113.5', '198.51.100.1'), '::ffff:203.0.113.5')
})

test('behind trusted proxies somebody comes from the last address that none of them has', async () => {
  for (const [remote, forwarded, address] of [
    ['10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['fd00::1', '2001:db8::1', '2001:db8::1'],
    ['10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2,192.0.2.9', '198.51.100.1'],
    ['10.0.0.1', '127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
    ['10.0.0.1', '198.51.100.1:4711', '10.0.0.1'],
    ['10.0.0.1', '', '10.0.0.1'],
    ['10.0.0.1', ','.repeat(10_000), '10.0.0.1'],
    ['192.0.2.8', '198.51.100.1', '192.0.2.8']
  ]) assert.equal(addressOf(PROXIES, String(remote), forwarded), address, `${remote} ${String(forwarded).slice(0, 60)}`)
})

test('what is no address, or is everybody, is no CIDR', async () => {
  for (const text of ['', 'proxy', '10.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', 'fd00::/129', '10.0.0/8', 'loopback']) assert.equal(readCidr(text), null, text)
  assert.deepEqual(readCidr('10.0.0.1'), { address: '10.0.0.1', bits: 32, family: 'ipv4' })
  assert.deepEqual(readCidr('fd00::/8'), { address: 'fd00::', bits: 8, family: 'ipv6' })
})
