import { test } from 'tap'
import assert from 'node:assert/strict'
import { addressName } from '../../src/application/address-name.ts'

test('an address of IPv6 counts as its /64, however it is written, and one of IPv4 as itself', async () => {
  for (const [address, name] of [
    ['192.0.2.7', '192.0.2.7'], ['::ffff:192.0.2.7', '192.0.2.7'], ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'], ['2001:db8:1:2::', '2001:db8:1:2::/64'], ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'], ['::1', '0:0:0:0::/64'], ['::', '0:0:0:0::/64'], ['2001:db8:1::2:3:4:5', '2001:db8:1:0::/64'], ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'], ['', ''], ['unknown', 'unknown']
  ]) assert.equal(addressName(String(address)), name, address)
})
