import Type from 'typebox'
import type { FastifyRequest } from 'fastify'
import type { Authenticator } from '../../application/principal.ts'
import { PerchError } from '../../domain/errors.ts'
import { bearerToken } from './authenticate.ts'
import type { Http } from './instance.ts'

/** Whether this node should get requests, and what keeps it from that. */
export interface Readiness {
  ready: boolean
  checks: Readonly<Record<string, boolean>>
}

export interface OperationsParts {
  authenticator: Authenticator
  /** Must answer quickly, whatever is away. */
  readiness (): Promise<Readiness>
  metrics: { contentType: string, text (): Promise<string> }
}

const ReadinessView = Type.Object({ ready: Type.Boolean(), checks: Type.Record(Type.String(), Type.Boolean()) })

const tags = ['operations']

export function operations (app: Http, { authenticator, readiness, metrics }: OperationsParts): void {
  app.get('/healthz', {
    schema: { tags, summary: 'The process lives and answers', security: [], response: { 200: Type.Object({ status: Type.Literal('ok') }) } }
  }, async () => ({ status: 'ok' as const }))

  app.get('/readyz', {
    schema: { tags, summary: 'The node should get requests', security: [], response: { 200: ReadinessView, 503: ReadinessView } }
  }, async (_, reply) => {
    const { ready, checks } = await readiness()
    if (!ready) reply.code(503).header('retry-after', 2)
    return { ready, checks: { ...checks } }
  })

  app.get('/metrics', {
    schema: { tags, summary: 'Prometheus metrics; from this machine, or with an admin\'s token', produces: ['text/plain'] }
  }, async (request, reply) => {
    await mustBeOperator(authenticator, request)
    return await reply.type(metrics.contentType).send(await metrics.text())
  })
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/

/**
 * Metrics name no people, but tell how busy an office is. A scraper on this machine reads them as it is, any other with a token. What a proxy on this machine passes on
 * is not from this machine. @throws UNAUTHENTICATED, FORBIDDEN
 */
async function mustBeOperator (authenticator: Authenticator, request: FastifyRequest): Promise<void> {
  const { authorization, forwarded, 'x-forwarded-for': forwardedFor } = request.headers
  const near = LOOPBACK.test(request.socket.remoteAddress ?? '') && forwarded === undefined && forwardedFor === undefined
  if (near && authorization === undefined) return
  const { role } = await authenticator.authenticate(bearerToken(authorization), request.ip)
  if (role !== 'admin' && role !== 'operator') throw new PerchError('FORBIDDEN', { operation: 'read-metrics' })
}
