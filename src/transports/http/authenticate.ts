import type { FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import type { Authenticator } from '../../application/principal.ts'
import { PerchError } from '../../domain/errors.ts'

/** Longer than any token that is issued. */
const LONGEST_TOKEN = 8_192

/** The bearer token of a request; null when there is none. @throws UNAUTHENTICATED for another scheme or a token that cannot be one */
export function bearerToken (header: string | undefined): string | null {
  if (header === undefined) return null
  const token = /^bearer +([\x21-\x7e]+) *$/i.exec(header)?.[1]
  if (token === undefined || token.length > LONGEST_TOKEN) throw new PerchError('UNAUTHENTICATED')
  return token
}

/** A hook that finds out who asks. */
export function authenticate (authenticator: Authenticator): (request: FastifyRequest) => Promise<void> {
  return async request => {
    request.principal = await authenticator.authenticate(bearerToken(request.headers.authorization), request.ip)
  }
}

/** Where no credentials are asked for. @throws FORBIDDEN for a request that `isFromElsewhere` */
export function mustBeOwnPage (headers: IncomingHttpHeaders): void {
  if (isFromElsewhere(headers)) throw new PerchError('FORBIDDEN', { reason: 'without credentials only this machine\'s own pages may ask' })
}

const LOOPBACK_NAME = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i

/**
 * A browser that shows somebody else's page sends this request: the name it was reached by is not this machine's own (DNS rebinding), or the page is of another origin.
 * Where no credentials are asked for, only this keeps every web page from claiming desks. Also for upgrades to WebSocket, which no browser holds back.
 */
export function isFromElsewhere ({ host, origin, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (host === undefined || !LOOPBACK_NAME.test(host)) return true
  if (site === 'cross-site') return true
  return origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`
}
