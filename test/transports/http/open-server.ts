import { fastify, type FastifyBaseLogger } from 'fastify'
import type { InjectOptions } from 'fastify'
import type { Authenticator, Principal, Role } from '../../../src/application/principal.ts'
import { PerchError } from '../../../src/domain/errors.ts'
import { httpServer, type Edge, type HttpServerParts } from '../../../src/transports/http/server.ts'
import { openDesk } from '../../harness/access.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { openBuilding, ORG, withSite, type Building } from '../../stand-ins/building.ts'

/** A token is `<role>` or `<role>:<person>`; managers are of site hq. */
export const byRole: Authenticator = {
  async authenticate (token) {
    if (token === null || token === 'forged') throw new PerchError('UNAUTHENTICATED')
    const [role = '', person = null] = token.split(':')
    const principal: Principal = {
      org: ORG, id: person === null ? `key:${role}` : `person:${person}`, role: role as Role, person, site: role === 'manager' ? 'hq' : null, expiresAt: null
    }
    return principal
  }
}

/** What was logged, as text. */
export class Lines {
  readonly all: string[] = []

  logger (): FastifyBaseLogger {
    return fastify({ logger: { level: 'trace', stream: { write: (line: string) => { this.all.push(line) } } } }).log
  }
}

export interface Answer {
  status: number
  body: Record<string, unknown>
  headers: Record<string, unknown>
  text: string
}

export interface TestServer {
  building: Building
  lines: Lines
  app: Awaited<ReturnType<typeof httpServer>>
  /** `as` is a token of byRole; null: none. Default admin. */
  ask (method: InjectOptions['method'], url: string, body?: unknown, as?: string | null, headers?: Record<string, string>): Promise<Answer>
}

/** The HTTP face over one node with the memory store; nothing listens. */
export async function openServer (t: Cleanup, { commands, ...change }: Partial<HttpServerParts & Pick<Edge, 'commands'>> = {}): Promise<TestServer> {
  const building = await withSite(await openBuilding(t))
  const lines = new Lines()
  const { keys, ticketing, devices } = openDesk(building)
  const app = await httpServer({
    edge: { commands: commands ?? building.commands, directory: building.admin, records: building.records, keys, ticketing, devices },
    authenticator: byRole,
    log: lines.logger(),
    metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'perch_up 1\n', answered () {} },
    readiness: async () => ({ ready: true, checks: { store: true } }),
    version: '0.0.0',
    tls: null,
    ...change
  })
  t.after(async () => { await app.close() })
  await app.ready()
  return {
    building,
    lines,
    app,
    async ask (method, url, body, as = 'admin', headers = {}) {
      const response = await app.inject({
        method: method ?? 'GET',
        url,
        headers: { ...(as === null ? {} : { authorization: `Bearer ${as}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) })
      })
      const isJson = response.body !== '' && String(response.headers['content-type'] ?? '').includes('json')
      return { status: response.statusCode, body: isJson ? response.json() : {}, headers: response.headers, text: response.body }
    }
  }
}
