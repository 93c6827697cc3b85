import type { IncomingHttpHeaders } from 'node:http'
import { PerchError } from '../../domain/errors.ts'
import type { Http } from './instance.ts'

/** What a page of a listed origin may send beside what every page may, and what it may see of an answer. */
const REQUEST_HEADERS = 'authorization, content-type, if-none-match, last-event-id'
const ANSWER_HEADERS = 'etag, age, location, retry-after'
const METHODS = 'GET, POST, PUT, PATCH, DELETE'
/** Seconds for which a browser need not ask whether it may. */
const ASKED_S = 600

/**
 * Whose pages may ask: Perch's own, and those of the listed origins. A browser says of which origin a page is, and no page can change that; an upgrade to WebSocket is held back by
 * nothing else (cross-site WebSocket hijacking). Whoever says none is no page.
 */
export class Origins {
  readonly #listed: ReadonlySet<string>

  constructor (listed: readonly string[]) {
    this.#listed = new Set(listed)
  }

  /** @throws FORBIDDEN */
  mustBeAllowed ({ origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>): void {
    if (origin === undefined || isOwn(origin, host) || this.#listed.has(origin)) return
    throw new PerchError('FORBIDDEN', { reason: 'pages of that origin may not ask: see ORIGINS' })
  }

  /** Pages of listed origins get to read their answers (CORS, as WHATWG Fetch has it); for all others a browser keeps them back. Under `/v1`. */
  serve (app: Http): void {
    app.addHook('onRequest', (request, reply, done) => {
      const { origin } = request.headers
      if (this.#listed.size > 0) reply.header('vary', 'origin')
      if (origin !== undefined && this.#listed.has(origin)) reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': ANSWER_HEADERS })
      done()
    })
    app.options('/v1/*', { schema: { hide: true } }, async (request, reply) => {
      const { origin } = request.headers
      if (origin === undefined || !this.#listed.has(origin)) throw new PerchError('NOT_FOUND')
      reply.headers({ 'access-control-allow-methods': METHODS, 'access-control-allow-headers': REQUEST_HEADERS, 'access-control-max-age': ASKED_S })
      return await reply.code(204).send(undefined)
    })
  }
}

/** Of the very name and port that the request came to, whatever stands before us speaks TLS or not. */
function isOwn (origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `https://${host.toLowerCase()}` || origin === `http://${host.toLowerCase()}`)
}
