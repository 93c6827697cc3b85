import fastify, { LogController, type FastifyBaseLogger } from 'fastify'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Commands } from '../../application/commands.ts'
import type { DirectoryAdmin } from '../../application/directory-admin.ts'
import type { KeyAdmin } from '../../application/key-admin.ts'
import type { HttpMetrics } from '../../application/metrics.ts'
import type { Limits } from '../../application/limits.ts'
import type { SignIn } from '../../application/sign-in.ts'
import type { Ticketing } from '../../application/ticketing.ts'
import type { RecordsAdmin } from '../../application/records-admin.ts'
import { authenticate } from './authenticate.ts'
import { claims } from './claims.ts'
import { closeConnections } from './closing.ts'
import { development } from './development.ts'
import { devices, type DeviceDesk } from './devices.ts'
import { collectRoutes, docs } from './docs.ts'
import { handleErrors, refuseOnSocket, sendError } from './errors.ts'
import { floors } from './floors.ts'
import { BODY_LIMIT, type Http } from './instance.ts'
import { keys } from './keys.ts'
import { me } from './me.ts'
import { operations, type OperationsParts } from './operations.ts'
import { org } from './org.ts'
import { Origins } from './origins.ts'
import { pages, type PagesParts } from './pages.ts'
import { pairings } from './pairings.ts'
import { Peers } from './peers.ts'
import { people } from './people.ts'
import { readings } from './readings.ts'
import { records } from './records.ts'
import { securityHeaders } from './security-headers.ts'
import { sites } from './sites.ts'
import { spaces } from './spaces.ts'
import { tickets } from './tickets.ts'
import { validatorCompiler } from './validator.ts'
import { visits } from './visits.ts'

/** What a node that serves clients offers under /v1. */
export interface Edge {
  commands: Commands
  directory: DirectoryAdmin
  /** Left out: without keys and their routes. */
  keys?: KeyAdmin | undefined
  /** Left out: there are no tickets. */
  ticketing?: Ticketing | undefined
  /** Left out: there are no devices to be paired. */
  devices?: DeviceDesk | undefined
  records: RecordsAdmin
  /** More routes behind the same authentication: the live stream's. */
  live?: ((v1: Http) => void | Promise<void>) | undefined
  /** Runs before anything else is done for who asks for a stream. @throws UNAVAILABLE */
  admit?: (() => void) | undefined
}

export interface HttpServerParts extends OperationsParts {
  /** Null: operations alone. */
  edge: Edge | null
  log: FastifyBaseLogger
  metrics: OperationsParts['metrics'] & HttpMetrics
  version: string
  /** PEM; null: plain HTTP. */
  tls: { cert: string | Buffer, key: string | Buffer } | null
  /** For development; null or left out: nobody signs in here. */
  signIn?: SignIn | null | undefined
  /** Left out: none. */
  limits?: Limits | undefined
  /** Default: connections come from where they say, and are not counted. */
  peers?: Peers | undefined
  /** Connections of any kind that are open at a time; more end as they come. Default: as many as there are file descriptors. */
  mostConnections?: number | undefined
  /** Whose pages may ask beside Perch's own, like https://maps.example. Default: nobody's. */
  origins?: readonly string[] | undefined
  /** Left out: none are served. */
  pages?: PagesParts | undefined
}

/** Milliseconds for a request's headers, and for all of it: a slow sender must not hold a socket for ever. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** Longer than the idle time of the usual load balancers, who would else meet a socket that is just being closed. */
const KEEP_ALIVE_MS = 75_000
/** Of a handshake of TLS, and of a connection over which nothing goes in either direction while a request is under way: whoever does not read its answer must not hold it. */
const HANDSHAKE_TIMEOUT_MS = 10_000
const STILL_MS = 60_000
const HEADER_BYTES = 16 * 1024
/** Longer than any id. */
const LONGEST_PARAM = 100

/** The HTTP face of a node, ready to listen or to be injected into. It listens to nobody by itself. */
export async function httpServer (parts: HttpServerParts): Promise<Http> {
  const peers = parts.peers ?? new Peers()
  const app = emptyServer(parts, peers)
  peers.watch(app.server, { secure: parts.tls !== null })
  handleErrors(app)
  closeConnections(app, { secure: parts.tls !== null })
  observe(app, parts.metrics)
  await collectRoutes(app, parts.version)
  operations(app, parts)
  docs(app, parts.version)
  const { edge } = parts
  if (edge === null || parts.pages === undefined) app.get('/', { schema: { hide: true } }, async (_, reply) => await reply.redirect('/docs'))
  else await pages(app, parts.pages)
  if (edge === null) return app
  const origins = new Origins(parts.origins ?? [])
  origins.serve(app)
  if (parts.signIn != null) await development(app, parts.signIn)
  await app.register(async (v1: Http) => {
    v1.addHook('onRequest', (request, reply, done) => {
      reply.header('cache-control', 'no-store')
      origins.mustBeAllowed(request.headers)
      if (request.routeOptions.config.stays === true) edge.admit?.()
      done()
    })
    v1.addHook('onRequest', authenticate({ authenticator: parts.authenticator, ticketing: edge.ticketing, limits: parts.limits, peers }))
    claims(v1, edge.commands)
    visits(v1, edge.commands)
    spaces(v1, edge.commands)
    readings(v1, edge.commands)
    floors(v1, edge.directory)
    sites(v1, edge.directory)
    org(v1, edge.directory)
    people(v1, edge.directory)
    if (edge.keys !== undefined) keys(v1, edge.keys)
    if (edge.ticketing !== undefined) tickets(v1, edge.ticketing)
    if (edge.devices !== undefined) {
      devices(v1, edge.devices)
      pairings(v1, edge.devices.pairing, peers)
    }
    me(v1, edge.directory)
    records(v1, edge.records)
    await edge.live?.(v1)
  }, { prefix: '/v1' })
  return app
}

function emptyServer ({ log, tls, limits: allowed, mostConnections }: HttpServerParts, peers: Peers): Http {
  const headers = securityHeaders({ secure: tls !== null })
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: HEADER_BYTES, connectionsCheckingInterval: 5_000
  }
  const app: Http = fastify({
    serverFactory: handler => bounded(tls === null ? createHttpServer(limits, handler) : createHttpsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, handler), mostConnections),
    loggerInstance: log,
    // Fastify's own lines have addresses in them, which name people.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { maxParamLength: LONGEST_PARAM },
    trustProxy: address => peers.proxies.trusts(address),
    clientErrorHandler: (error, socket) => refuseOnSocket(error, socket),
    // Of an address that cannot be read: no hook runs for it.
    frameworkErrors: (error, request, reply) => sendError(error, request, reply.headers(headers))
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(validatorCompiler())
  takeJsonOnly(app)
  app.decorateRequest('principal', null)
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(headers)
    peers.mustBeTaken(request.raw)
    if (!knowsWhoAsks(request.routeOptions.url)) allowed?.stranger(peers.addressOf(request.raw))
    done()
  })
  return app
}

function bounded<S extends Server> (server: S, mostConnections: number | undefined): S {
  server.setTimeout(STILL_MS)
  if (mostConnections !== undefined) server.maxConnections = mostConnections
  return server
}

/** Routes that find out who asks pay by that; a load balancer that is sent away from those about health would take the node for dead. Undefined: there is no such route. */
function knowsWhoAsks (route: string | undefined): boolean {
  return route !== undefined && ((route.startsWith('/v1/') && route !== '/v1/*') || route === '/metrics' || route === '/healthz' || route === '/readyz')
}

/** Plain text, which Fastify would take as well, is what a page of another origin may send without asking. A body that is empty is none. */
function takeJsonOnly (app: Http): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else parse(request, body.toString(), done)
  })
}

function observe (app: Http, metrics: HttpMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    metrics.answered(request.method, route, reply.statusCode, reply.elapsedTime)
    request.log.debug({ method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'answered')
    done()
  })
}
