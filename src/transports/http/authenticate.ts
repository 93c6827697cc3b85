import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { Limits } from '../../application/limits.ts'
import type { Authenticator, Principal } from '../../application/principal.ts'
import type { Ticketing } from '../../application/ticketing.ts'
import { PerchError } from '../../domain/errors.ts'
import type { Peers } from './peers.ts'
import { ticketIn } from './tickets.ts'

/** Longer than any token that is issued. */
const LONGEST_TOKEN = 8_192

/** The bearer token of a request; null when there is none. @throws UNAUTHENTICATED for another scheme or a token that cannot be one */
export function bearerToken (header: string | undefined): string | null {
  if (header === undefined) return null
  const token = /^bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1]
  if (token === undefined || token.length > LONGEST_TOKEN) throw new PerchError('UNAUTHENTICATED')
  return token
}

export interface Doorkeeper {
  authenticator: Authenticator
  /** Left out: there are no tickets. */
  ticketing?: Pick<Ticketing, 'redeem'> | undefined
  /** Left out: everybody may do as much as they like. The authenticator is one of these limits. */
  limits?: Limits | undefined
  peers: Peers
}

/** What a request says of whoever asks. */
export interface Asking {
  url: string | undefined
  authorization: string | undefined
  address: string
}

/** Who asks for a connection that stays, by the ticket in its address or by a token as everywhere else. @throws UNAUTHENTICATED, RATE_LIMITED, BAD_REQUEST for both at once */
export async function whoStays (keeper: Doorkeeper, asking: Asking): Promise<Principal> {
  const principal = await whoAsks(keeper, asking)
  keeper.limits?.mustHaveRoom(principal)
  return principal
}

async function whoAsks ({ authenticator, ticketing, limits }: Doorkeeper, { url, authorization, address }: Asking): Promise<Principal> {
  const ticket = ticketIn(url)
  if (ticket === null) return await authenticator.authenticate(bearerToken(authorization), address)
  if (authorization !== undefined) throw new PerchError('BAD_REQUEST', { field: 'ticket', reason: 'a ticket stands in for a token: show one of them' })
  if (ticketing === undefined) throw new PerchError('UNAUTHENTICATED')
  const redeem = async (): Promise<Principal> => await ticketing.redeem(ticket)
  return limits === undefined ? await redeem() : await limits.trying(address, null, redeem)
}

/** A hook that finds out who asks. Tickets are for what stays; anywhere else an address with credentials is one too many that is written down. */
export function authenticate (keeper: Doorkeeper): (request: FastifyRequest) => Promise<void> {
  return async request => {
    const { headers: { authorization }, raw } = request
    const address = keeper.peers.addressOf(raw)
    if (request.routeOptions.config.open === true) return keeper.limits?.stranger(address)
    if (request.routeOptions.config.stays === true) request.principal = await whoStays(keeper, { url: raw.url, authorization, address })
    else request.principal = await keeper.authenticator.authenticate(bearerToken(authorization), address)
    keeper.peers.shown(raw.socket)
    keeper.limits?.request(request.principal)
  }
}

/** Where no credentials are asked for. @throws FORBIDDEN */
export function mustBeOwnPage (headers: IncomingHttpHeaders): void {
  if (isFromElsewhere(headers)) throw new PerchError('FORBIDDEN', { reason: 'without credentials only this machine\'s own pages may ask' })
}

const LOOPBACK_NAME = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i

/**
 * A browser that shows somebody else's page sends this request: the name it was reached by is not this machine's own (DNS rebinding), or the page is of another origin.
 * Where no credentials are asked for, only this keeps every web page from what is there.
 */
function isFromElsewhere ({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (host === undefined || !LOOPBACK_NAME.test(host)) return true
  if (site === 'cross-site') return true
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}
