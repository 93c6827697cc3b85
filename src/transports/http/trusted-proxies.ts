import { BlockList, isIP } from 'node:net'
import type { IncomingMessage } from 'node:http'

/** The part of a request that says where it came from. */
export type FromSomewhere = Pick<IncomingMessage, 'headers' | 'socket'>

interface Cidr {
  address: string
  bits: number
  family: 'ipv4' | 'ipv6'
}

/** Null: it is none, or it is everybody. */
export function readCidr (text: string): Cidr | null {
  const [address = '', given, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return null
  const most = version === 4 ? 32 : 128
  const bits = given === undefined ? most : /^\d{1,3}$/.test(given) ? Number(given) : 0
  return bits < 1 || bits > most ? null : { address, bits, family: version === 4 ? 'ipv4' : 'ipv6' }
}

/** Proxies whose word is taken for where a request came from; anybody else may write into a header what they like. */
export class TrustedProxies {
  readonly #list = new BlockList()
  readonly #any: boolean

  /** Addresses and CIDRs; what is none is left out. */
  constructor (cidrs: readonly string[] = []) {
    this.#any = cidrs.length > 0
    for (const text of cidrs) {
      const cidr = readCidr(text)
      if (cidr !== null) this.#list.addSubnet(cidr.address, cidr.bits, cidr.family)
    }
  }

  trusts (address: string): boolean {
    if (!this.#any) return false
    const version = isIP(address)
    return version !== 0 && this.#list.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }

  /** From the right each hop was written by the one before it: the first that is not trusted is the one who asks, whatever it wrote itself. */
  addressOf ({ headers, socket }: FromSomewhere): string {
    let address = socket.remoteAddress ?? ''
    const forwarded = headers['x-forwarded-for']
    if (!this.#any || forwarded === undefined) return address
    const hops = String(forwarded).split(',')
    while (this.trusts(address)) {
      const hop = hops.pop()?.trim() ?? ''
      // Nothing more, or `unknown`: the last proxy stands for whoever is behind it.
      if (isIP(hop) === 0) break
      address = hop
    }
    return address
  }
}
