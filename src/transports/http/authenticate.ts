import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { Authenticator, Principal } from '../../application/principal.ts'
import type { Ticketing } from '../../application/ticketing.ts'
import { PerchError } from '../../domain/errors.ts'
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
}

/** Who asks for a connection that stays, by the ticket in its address or by a token as everywhere else. @throws UNAUTHENTICATED, BAD_REQUEST for both at once */
export async function whoStays ({ authenticator, ticketing }: Doorkeeper, url: string | undefined, authorization: string | undefined, ip: string): Promise<Principal> {
  const ticket = ticketIn(url)
  if (ticket === null) return await authenticator.authenticate(bearerToken(authorization), ip)
  if (authorization !== undefined) throw new PerchError('BAD_REQUEST', { field: 'ticket', reason: 'a ticket stands in for a token: show one of them' })
  if (ticketing === undefined) throw new PerchError('UNAUTHENTICATED')
  return await ticketing.redeem(ticket)
}

/** A hook that finds out who asks. Tickets are for what stays; anywhere else an address with credentials is one too many that is written down. */
export function authenticate (keeper: Doorkeeper): (request: FastifyRequest) => Promise<void> {
  return async request => {
    if (request.routeOptions.config.open === true) return
    const { headers: { authorization }, ip } = request
    if (request.routeOptions.config.stays === true) request.principal = await whoStays(keeper, request.raw.url, authorization, ip)
    else request.principal = await keeper.authenticator.authenticate(bearerToken(authorization), ip)
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
