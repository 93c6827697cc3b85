import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { ErrorObject } from 'ajv'
import { errors, PerchError, type ErrorCode } from '../../domain/errors.ts'
import { errorView } from '../../protocol/error.ts'
import { describeFailure } from './schema-failure.ts'
import { securityHeaders } from './security-headers.ts'

/** Seconds after which the same request may fare better; each client adds its own chance. */
const RETRY_AFTER_S: Readonly<Partial<Record<ErrorCode, number>>> = { RATE_LIMITED: 5, BUSY: 1, UNAVAILABLE: 1, RECOVERING: 2, LEDGER_BEHIND: 2, OUTDATED: 2, OUTCOME_UNKNOWN: 1, INTERNAL: 5 }
/** Up to so many seconds more, by chance: of a crowd that was sent away in one second not all may come back in one. */
const SPREAD_S: Readonly<Partial<Record<ErrorCode, number>>> = { UNAVAILABLE: 4 }

/** For the header; undefined: it will fare no better. */
function retryAfterOf (code: ErrorCode): number | undefined {
  const least = RETRY_AFTER_S[code]
  return least === undefined ? undefined : least + Math.floor(Math.random() * ((SPREAD_S[code] ?? 0) + 1))
}

/** What Fastify itself refuses, in our words. */
const OF_FASTIFY: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['TOO_LARGE', 'the body is larger than this address takes'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['BAD_REQUEST', 'the content type must be application/json'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['BAD_REQUEST', 'the body is not JSON, or has a member that JSON from a stranger may not have'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BAD_REQUEST', 'the body is not as long as its content-length says'],
  FST_ERR_BAD_URL: ['BAD_REQUEST', 'the address is not well formed'],
  FST_ERR_MAX_PARAM_LENGTH: ['BAD_REQUEST', 'the address has a part that is longer than any id']
}

/** Whatever was thrown, as one of the table's codes. What nobody foresaw is INTERNAL, with its cause for the log. */
export function toPerchError (error: unknown): PerchError {
  if (error instanceof PerchError) return error
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>
  if (validation !== undefined) return new PerchError('BAD_REQUEST', { ...describeFailure(validation as ErrorObject[], validationContext ?? 'request') })
  const known = code === undefined ? undefined : OF_FASTIFY[code]
  if (known !== undefined) return new PerchError(known[0], { reason: known[1] })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new PerchError('BAD_REQUEST', {}, error)
  return new PerchError('INTERNAL', {}, error)
}

/** Every reply that is a refusal leaves here, in the same shape. */
export function sendError (error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const perch = toPerchError(error)
  const { status } = errors[perch.code]
  if (status >= 500) log(perch, request)
  reply.headers(headersOf(perch)).code(status).send(errorView(perch))
}

/** What a refusal says beside its body. */
function headersOf ({ code, detail: { retryAfterMs } }: PerchError): Record<string, string | number> {
  const retryAfter = typeof retryAfterMs === 'number' ? Math.ceil(retryAfterMs / 1000) : retryAfterOf(code)
  return { ...(retryAfter !== undefined && { 'retry-after': retryAfter }), ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer realm="perch"' }) }
}

/** The route's pattern, never the address: that may name a person. INTERNAL is ours to mend; the others pass, come by the thousand in an outage, and are counted. */
function log (error: PerchError, request: FastifyRequest): void {
  const fields = { code: error.code, method: request.method, route: request.routeOptions.url ?? null, err: error.cause ?? error }
  if (error.code === 'INTERNAL') request.log.error(fields, 'request failed')
  else request.log.debug(fields, 'request could not be served')
}

export function handleErrors (app: FastifyInstance): void {
  app.setErrorHandler(sendError)
  app.setNotFoundHandler((request, reply) => sendError(new PerchError('NOT_FOUND'), request, reply))
}

/** What cannot be read as HTTP at all gets its answer on the bare socket. */
export function refuseOnSocket (error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  if (error.code === 'HPE_HEADER_OVERFLOW') return answerOnSocket(new PerchError('TOO_LARGE', { reason: 'the headers are larger than allowed' }), socket)
  const reason = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'the request did not arrive in time' : 'this is not HTTP'
  answerOnSocket(new PerchError('BAD_REQUEST', { reason }), socket)
}

/** A refusal where there is no reply to put it in; the socket ends. */
export function answerOnSocket (error: PerchError, socket: Socket): void {
  const body = JSON.stringify(errorView(error))
  const { status } = errors[error.code]
  const headers = {
    ...securityHeaders({ secure: socket instanceof TLSSocket }),
    'cache-control': 'no-store',
    ...headersOf(error),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close'
  }
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('')
  if (socket.writable) socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${body}`, () => socket.destroy())
  else socket.destroy()
}
