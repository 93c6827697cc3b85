import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { PerchError } from '../domain/errors.ts'
import { addressName } from './address-name.ts'
import { Allowances } from './allowances.ts'
import { Headcounts } from './headcounts.ts'
import type { LimitMetrics } from './metrics.ts'
import type { Clock } from './ports.ts'
import type { Authenticator, Principal } from './principal.ts'

export interface LimitSettings {
  /** Requests and upgrades per second of one address that show no valid credentials. */
  ipRate: number
  /** Wrong credentials per minute from one address, and PINs, and likewise badges, that are nobody's of one principal. */
  ipFailures: number
  /** Open connections of one address that have shown no valid credentials. */
  ipSockets: number
  /** Requests per second of one person. */
  principalRate: number
  /** Claims, and changes of claims, per minute of one person. */
  principalClaims: number
  /** Connections of the live stream that one person has at a time. */
  principalSockets: number
}

/** What one request counts, of what a service may do: an API key acts for a whole organisation, a device for those who pass by, a person for themselves. */
const WEIGHT = { service: 1, device: 100, person: 1_000 } as const
/** Seconds' worth that may come at once: a page that opens asks for much, and then for long for nothing. */
const REQUEST_BURST_S = 5
const STRANGER_BURST_S = 2
/** Credentials that were right a while ago, 32 bytes each: whoever has them is let in whatever else comes from their address. */
const KNOWN = 20_000
/** Nobody is told to come back in less, or the whole crowd would be back at once. */
const LEAST_WAIT_MS = 1_000
/** Nobody knows when one of the others ends. */
const SOCKET_WAIT_MS = 5_000

export type Limit = 'address' | 'failures' | 'connections' | 'requests' | 'claims' | 'sockets'

/**
 * How much each may do. An address pays for those who show no valid credentials, a principal for itself: thousands of people behind one address do not hold one another up,
 * and what one of them does wrong keeps out no credentials that were right before. Nothing here waits for anything.
 */
export class Limits {
  readonly #metrics: LimitMetrics
  readonly strangers: Allowances
  readonly failures: Allowances
  readonly requests: Allowances
  readonly claims: Allowances
  readonly connections: Headcounts
  readonly sockets: Headcounts
  readonly #known = new LRUCache<string, true>({ max: KNOWN })

  constructor ({ ipRate, ipFailures, ipSockets, principalRate, principalClaims, principalSockets }: LimitSettings, clock: Clock, metrics: LimitMetrics) {
    this.#metrics = metrics
    this.strangers = new Allowances(clock, { perSecond: ipRate, atOnce: ipRate * STRANGER_BURST_S })
    this.failures = new Allowances(clock, { perSecond: ipFailures / 60, atOnce: ipFailures })
    this.requests = new Allowances(clock, { perSecond: principalRate * WEIGHT.person, atOnce: principalRate * WEIGHT.person * REQUEST_BURST_S })
    this.claims = new Allowances(clock, { perSecond: principalClaims * WEIGHT.person / 60, atOnce: principalClaims * WEIGHT.person })
    this.connections = new Headcounts(clock, ipSockets)
    this.sockets = new Headcounts(clock, principalSockets * WEIGHT.person)
  }

  /** Somebody asks, and it is not known who, or does not matter. @throws RATE_LIMITED */
  stranger (address: string): void {
    this.#mustWait('address', this.strangers.take(addressName(address)))
  }

  /** The same stranger has shown valid credentials since. */
  noStranger (address: string): void {
    this.strangers.giveBack(addressName(address))
  }

  /** One more connection of strangers. False: there are too many from that address. */
  connect (address: string): boolean {
    const name = addressName(address)
    const room = this.connections.hasRoom(name)
    if (room) this.connections.enter(name)
    else this.#metrics.limited('connections')
    return room
  }

  disconnect (address: string): void {
    this.connections.leave(addressName(address))
  }

  /** Looks at credentials, unless too many were wrong from that address and these were never right. `credentials` null: they work once. @throws RATE_LIMITED, and whatever `look` throws */
  async trying (address: string, credentials: string | null, look: () => Promise<Principal>): Promise<Principal> {
    const digest = credentials === null ? null : createHash('sha256').update(credentials).digest('base64')
    const name = addressName(address)
    if (digest === null || !this.#known.has(digest)) this.#mustWait('failures', this.failures.wait(name))
    try {
      const principal = await look()
      if (digest !== null) this.#known.set(digest, true)
      return principal
    } catch (error) {
      if (error instanceof PerchError && error.code === 'UNAUTHENTICATED') {
        if (digest !== null) this.#known.delete(digest)
        this.failures.take(name)
      }
      throw error
    }
  }

  /** The same credentials as before, and each try counts. */
  authenticator (inner: Authenticator): Authenticator {
    return {
      authenticate: async (token, address) => {
        if (token !== null) return await this.trying(address, token, async () => await inner.authenticate(token, address))
        this.stranger(address)
        return await inner.authenticate(token, address)
      }
    }
  }

  /** A principal asks for something. @throws RATE_LIMITED */
  request (principal: Principal): void {
    this.#mustWait('requests', this.requests.take(nameOf(principal), costOf(principal)))
  }

  /** A principal wants a claim, or another one than before. @throws RATE_LIMITED */
  claim (principal: Principal): void {
    this.#mustWait('claims', this.claims.take(nameOf(principal), costOf(principal)))
  }

  /** Looks at a PIN or a badge, unless too many of those were wrong: at a kiosk where the one is tried out the other goes on. It counts as wrong until it is known to be none, so that many at once are not more. @throws RATE_LIMITED, and whatever `look` throws */
  async tryingPerson<T> (principal: Principal, by: 'pin' | 'badge', look: () => Promise<T>): Promise<T> {
    const name = `${nameOf(principal)}/${by}`
    this.#mustWait('failures', this.failures.take(name))
    let wrong = false
    try {
      return await look()
    } catch (error) {
      wrong = error instanceof PerchError && error.code === 'PERSON_UNKNOWN'
      throw error
    } finally {
      if (!wrong) this.failures.giveBack(name)
    }
  }

  /** Before a connection that stays is taken. @throws RATE_LIMITED */
  mustHaveRoom (principal: Principal): void {
    if (!this.hasRoom(principal)) this.#mustWait('sockets', SOCKET_WAIT_MS)
  }

  hasRoom (principal: Principal): boolean {
    return this.sockets.hasRoom(nameOf(principal), costOf(principal))
  }

  entered (principal: Principal): void {
    this.sockets.enter(nameOf(principal), costOf(principal))
  }

  left (principal: Principal): void {
    this.sockets.leave(nameOf(principal), costOf(principal))
  }

  #mustWait (limit: Limit, ms: number): void {
    if (ms === 0) return
    this.#metrics.limited(limit)
    throw new PerchError('RATE_LIMITED', { exceeded: limit, retryAfterMs: Math.max(ms, LEAST_WAIT_MS) })
  }
}

/** Not the credentials: whoever has several is still one. Ids hold no slash. */
function nameOf ({ org, id }: Principal): string {
  return `${org}/${id}`
}

/** Tables are as large as those who act for many need; a person pays more for the same. */
function costOf ({ id, person }: Principal): number {
  if (person !== null) return WEIGHT.person
  return id.startsWith('key:') ? WEIGHT.service : WEIGHT.device
}
