const HEX = 16

/**
 * A UUIDv7 (RFC 9562): the moment, and 74 random bits. `now`: Unix milliseconds of the server, since it refuses ids of another week; two of the same millisecond differ in
 * their random part alone.
 */
export function claimIdAt (now: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  const hex = [...bytes].map(byte => byte.toString(HEX).padStart(2, '0')).join('')
  const time = Math.floor(now).toString(HEX).padStart(12, '0')
  const variant = (0b1000 | (Number.parseInt(hex.charAt(3), HEX) & 0b11)).toString(HEX)
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(0, 3)}-${variant}${hex.slice(4, 7)}-${hex.slice(8)}`
}
