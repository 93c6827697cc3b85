import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, RawReplyDefaultExpression, RawRequestDefaultExpression, RawServerDefault } from 'fastify'
import type { Principal } from '../../application/principal.ts'
import { PerchError } from '../../domain/errors.ts'
import { ErrorView } from '../../protocol/error.ts'

/** A Fastify instance whose handlers get the types of their schemas. */
export type Http = FastifyInstance<RawServerDefault, RawRequestDefaultExpression, RawReplyDefaultExpression, FastifyBaseLogger, TypeBoxTypeProvider>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null outside /v1 and before the credentials were looked at. */
    principal: Principal | null
  }
  interface FastifyContextConfig {
    /** The answer is a stream: whoever asks stays, and is a newcomer like one who upgrades. */
    stays?: true
    /** Whoever asks needs no credentials, and has no principal. */
    open?: true
  }
}

/** @throws UNAUTHENTICATED where nobody looked at the credentials */
export function principalOf (request: Pick<FastifyRequest, 'principal'>): Principal {
  if (request.principal === null) throw new PerchError('UNAUTHENTICATED')
  return request.principal
}

/** For every route's `response`: what a refusal looks like. */
export const refusals = { '4xx': ErrorView, '5xx': ErrorView } as const

/** Bytes of a body, where a route does not say otherwise. */
export const BODY_LIMIT = 64 * 1024
/** Bytes of a body that carries a floor, or many people, groups or readings. */
export const LARGE_BODY_LIMIT = 4 * 1024 * 1024
