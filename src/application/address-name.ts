import { isIPv4, isIPv6 } from 'node:net'

/** What is given to one customer: whoever has one address of it has all of them (RFC 6177). */
const GROUPS_OF_A_64 = 4

/** What an address counts as: of IPv6 its /64, of an IPv4 address written as IPv6 that address. What is no address is told by itself. */
export function addressName (address: string): string {
  const [plain = ''] = address.split('%', 1)
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1]
  if (mapped !== undefined && isIPv4(mapped)) return mapped
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::', 2)
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0)
    while (groups.length + after < 8) groups.push('0')
  }
  while (groups.length < GROUPS_OF_A_64) groups.push('0')
  return `${groups.slice(0, GROUPS_OF_A_64).map(group => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}
