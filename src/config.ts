import { Ajv, type ErrorObject } from 'ajv'
import { isIPv4 } from 'node:net'
import { parseRedisUrl } from './adapters/redis/url.ts'
import { readCidr } from './transports/http/trusted-proxies.ts'
import { Environment, type Variable } from './environment.ts'

export const ROLES = ['edge', 'keeper'] as const
export type NodeRole = typeof ROLES[number]

/** What is wrong with one variable, and how it is meant. Never its value: that may be a password. */
export interface ConfigProblem {
  variable: Variable
  problem: string
}

/** The environment cannot be used: all that is wrong with it at once. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[]

  constructor (problems: readonly ConfigProblem[]) {
    super(`configuration: ${problems.map(({ variable, problem }) => `${variable} ${problem}`).join('; ')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** For development there is nothing to keep from anybody: a badge's hash under a key that everyone knows is as good as the badge. */
const OPEN_SECRET = 'perch without credentials'

export type Config = ReturnType<typeof readConfig>

/** The one place that looks at the environment. What is empty counts as left out. @throws ConfigError */
export function readConfig (variables: Readonly<Record<string, string | undefined>> = process.env) {
  const environment = parse(variables)
  const problems = new Problems()
  const config = {
    host: environment.HOST,
    port: environment.PORT,
    /** Paths of PEM files; null: plain HTTP. */
    tls: tlsOf(environment, problems),
    /** Null: no people come by tokens of an identity provider. */
    oidc: oidcOf(environment, problems),
    /** Whoever is on this machine may sign in as anybody. */
    development: isDevelopment(environment),
    org: environment.ORG,
    /** Of pages that may ask beside Perch's own. */
    origins: originsOf(environment, 'ORIGINS', problems),
    /** Of pages that may frame the map. */
    embedOrigins: originsOf(environment, 'EMBED_ORIGINS', problems),
    /** Addresses and CIDRs. */
    trustedProxies: proxiesOf(environment, problems),
    /** Null: none. */
    limits: limitsOf(environment),
    secret: environment.SECRET ?? OPEN_SECRET,
    /** Null: in this process. */
    redisUrl: environment.REDIS_URL ?? null,
    lockRedisUrls: locksOf(environment, problems),
    /** Null: embedded, under dataDir. */
    databaseUrl: environment.DATABASE_URL ?? null,
    dataDir: environment.DATA_DIR,
    roles: rolesOf(environment, problems),
    guard: environment.GUARD,
    outboxLimit: environment.OUTBOX_LIMIT,
    cacheRecords: environment.CACHE_RECORDS,
    acceptRate: environment.ACCEPT_RATE,
    workers: environment.WORKERS,
    logLevel: environment.LOG_LEVEL
  }
  checkSecret(environment, problems)
  checkStores(environment, config.roles, problems)
  problems.throwIfAny()
  return config
}

/** What a command that only asks a server needs: where one started from the same environment would be, and what lets it in. @throws ConfigError */
export function readServerAddress (variables: Readonly<Record<string, string | undefined>> = process.env): { url: string, token: string | null } {
  const { HOST, PORT, TLS_CERT, PERCH_TOKEN } = parse(variables)
  const host = HOST === '0.0.0.0' || HOST === '::' ? '127.0.0.1' : HOST.includes(':') ? `[${HOST}]` : HOST
  return { url: `${TLS_CERT === undefined ? 'http' : 'https'}://${host}:${PORT}`, token: PERCH_TOKEN ?? null }
}

export function isLoopback (host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))
}

/** Whose tokens are taken, and how they say who somebody is: names of their claims. */
export interface Oidc {
  issuer: string
  audience: string
  /** Of the pages, and what they ask for; null: nobody signs in to them there. */
  client: { id: string, scope: string } | null
  /** `org` null: all are of the one org. */
  claims: { org: string | null, person: string, role: string, site: string }
}

class Problems {
  readonly #list: ConfigProblem[] = []

  add (variable: Variable, problem: string): void {
    this.#list.push({ variable, problem })
  }

  throwIfAny (): void {
    if (this.#list.length > 0) throw new ConfigError(this.#list)
  }
}

function parse (variables: Readonly<Record<string, string | undefined>>): Environment {
  const names = Object.keys(Environment.properties)
  const given: Record<string, unknown> = Object.fromEntries(names.map(name => [name, variables[name]?.trim()]).filter(([, text]) => text !== undefined && text !== ''))
  const check = new Ajv({ coerceTypes: true, useDefaults: true, allErrors: true }).compile<Environment>(Environment)
  if (!check(given)) throw new ConfigError((check.errors ?? []).map(error => ({ variable: error.instancePath.slice(1) as Variable, problem: problemOf(error) })))
  return given
}

function problemOf ({ keyword, params }: ErrorObject): string {
  switch (keyword) {
    case 'type': return 'must be a whole number'
    case 'enum': return `must be one of ${(params['allowedValues'] as string[]).join(', ')}`
    case 'minimum': return `must be at least ${String(params['limit'])}`
    case 'maximum': return `must be at most ${String(params['limit'])}`
    case 'minLength': return `must have at least ${String(params['limit'])} characters`
    case 'maxLength': return `must have at most ${String(params['limit'])} characters`
    default: return 'has characters that are not allowed in it'
  }
}

function tlsOf ({ TLS_CERT, TLS_KEY }: Environment, problems: Problems): { cert: string, key: string } | null {
  if (TLS_CERT !== undefined && TLS_KEY !== undefined) return { cert: TLS_CERT, key: TLS_KEY }
  if (TLS_CERT !== undefined) problems.add('TLS_KEY', 'is needed with TLS_CERT')
  if (TLS_KEY !== undefined) problems.add('TLS_CERT', 'is needed with TLS_KEY')
  return null
}

function rolesOf (environment: Environment, problems: Problems): readonly NodeRole[] {
  const given = listOf(environment.ROLES)
  const roles = ROLES.filter(role => given.includes(role))
  if (roles.length === 0 || roles.length !== given.length) problems.add('ROLES', `must name one or both of ${ROLES.join(', ')}`)
  return roles
}

function locksOf ({ LOCK_REDIS_URLS, REDIS_URL, GUARD }: Environment, problems: Problems): readonly string[] {
  if (LOCK_REDIS_URLS === undefined) {
    if (REDIS_URL === undefined || GUARD === 'off') return []
    if (/^rediss?:\/\//.test(REDIS_URL)) return [REDIS_URL]
    problems.add('LOCK_REDIS_URLS', 'is needed with Sentinel or Cluster: locks want servers of their own, or GUARD=off')
    return []
  }
  const urls = listOf(LOCK_REDIS_URLS)
  if (![1, 3, 5].includes(urls.length)) problems.add('LOCK_REDIS_URLS', 'must name 1, 3 or 5 servers: of an even number half may say yes and half no')
  if (new Set(urls).size !== urls.length) problems.add('LOCK_REDIS_URLS', 'names a server twice: that is one vote counted as two')
  if (!urls.every(url => /^rediss?:\/\//.test(url) && isRedisUrl(url))) problems.add('LOCK_REDIS_URLS', 'must be redis://host:port or rediss://host:port, separated by commas')
  return urls
}

/** An installation has a secret; who only tries Perch has neither that nor anybody else's tokens. */
function isDevelopment ({ OIDC_ISSUER, OIDC_AUDIENCE, SECRET }: Environment): boolean {
  return OIDC_ISSUER === undefined && OIDC_AUDIENCE === undefined && SECRET === undefined
}

function checkSecret (environment: Environment, problems: Problems): void {
  const { HOST, REDIS_URL, SECRET } = environment
  if (SECRET !== undefined) return
  const example = 'at least 16 characters, for example from `openssl rand -hex 32`'
  if (!isDevelopment(environment)) problems.add('SECRET', `is needed with OIDC_ISSUER: ${example}`)
  else if (!isLoopback(HOST)) problems.add('SECRET', `is needed with this HOST: without it whoever can connect may sign in as anybody, which is for this machine alone; ${example}`)
  else if (REDIS_URL !== undefined) problems.add('SECRET', `is needed with REDIS_URL: it is the same on every node; ${example}`)
}

function oidcOf ({ OIDC_ISSUER, OIDC_AUDIENCE, OIDC_CLIENT_ID, OIDC_SCOPE, ...claims }: Environment, problems: Problems): Oidc | null {
  if (OIDC_ISSUER === undefined && OIDC_CLIENT_ID !== undefined) problems.add('OIDC_ISSUER', 'is needed with OIDC_CLIENT_ID')
  if (OIDC_ISSUER === undefined && OIDC_AUDIENCE === undefined) return null
  if (OIDC_ISSUER === undefined) problems.add('OIDC_ISSUER', 'is needed with OIDC_AUDIENCE')
  else if (!isIssuer(OIDC_ISSUER)) problems.add('OIDC_ISSUER', 'must be an https URL without query, or http on this machine')
  if (OIDC_AUDIENCE === undefined) problems.add('OIDC_AUDIENCE', 'is needed with OIDC_ISSUER: without it tokens for any other service would do here')
  return {
    issuer: OIDC_ISSUER ?? '',
    audience: OIDC_AUDIENCE ?? '',
    client: OIDC_CLIENT_ID === undefined ? null : { id: OIDC_CLIENT_ID, scope: OIDC_SCOPE },
    claims: { org: claims.OIDC_ORG_CLAIM ?? null, person: claims.OIDC_PERSON_CLAIM, role: claims.OIDC_ROLE_CLAIM, site: claims.OIDC_SITE_CLAIM }
  }
}

/** As a browser says it: lower case, no path, no port where it is the usual one. */
function originsOf (environment: Environment, variable: 'ORIGINS' | 'EMBED_ORIGINS', problems: Problems): readonly string[] {
  const origins = listOf(environment[variable] ?? '')
  const isOrigin = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
  if (!origins.every(isOrigin)) problems.add(variable, 'must be like https://maps.example, separated by commas: scheme, name and port as a browser says them, without a path')
  return origins
}

function proxiesOf ({ TRUSTED_PROXIES }: Environment, problems: Problems): readonly string[] {
  const proxies = listOf(TRUSTED_PROXIES ?? '')
  if (!proxies.every(text => readCidr(text) !== null)) problems.add('TRUSTED_PROXIES', 'must be addresses or CIDRs like 10.0.0.0/8, separated by commas, and not everybody')
  return proxies
}

function limitsOf (environment: Environment) {
  // Whoever is on this machine, and asks for everybody at once, is to be let.
  if (environment.LIMITS === 'off' || isDevelopment(environment)) return null
  return {
    ipRate: environment.IP_RATE,
    ipFailures: environment.IP_FAILURES,
    ipSockets: environment.IP_SOCKETS,
    principalRate: environment.PRINCIPAL_RATE,
    principalClaims: environment.PRINCIPAL_CLAIMS,
    principalSockets: environment.PRINCIPAL_SOCKETS,
    nodeSockets: environment.NODE_SOCKETS,
    frameRate: environment.FRAME_RATE
  }
}

/** Whoever can stand between an issuer and Perch can make keys of their own. */
function isIssuer (text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')))
}

function checkStores ({ REDIS_URL, DATABASE_URL, WORKERS }: Environment, roles: readonly NodeRole[], problems: Problems): void {
  if (REDIS_URL !== undefined && !isRedisUrl(REDIS_URL)) problems.add('REDIS_URL', 'must be redis://host:port/db, redis+sentinel://h1,h2/name or redis+cluster://h1,h2 (rediss for TLS)')
  if (DATABASE_URL !== undefined && !/^postgres(?:ql)?:\/\/./.test(DATABASE_URL)) problems.add('DATABASE_URL', 'must be postgres://user:password@host/database')
  if (REDIS_URL !== undefined && DATABASE_URL === undefined) problems.add('DATABASE_URL', 'is needed with REDIS_URL: other nodes cannot reach an embedded ledger')
  if (REDIS_URL === undefined && roles.length !== ROLES.length) problems.add('ROLES', 'must be both without REDIS_URL: there is only this process')
  if (REDIS_URL === undefined && WORKERS > 1) problems.add('WORKERS', 'must be 1 without REDIS_URL: the live state is in this process, and no other can reach it')
}

function isRedisUrl (url: string): boolean {
  try {
    parseRedisUrl(url)
    return true
  } catch {
    // It says what is wrong in words of its own; ours name the variable.
    return false
  }
}

function listOf (text: string): string[] {
  return text.split(',').map(part => part.trim()).filter(part => part !== '')
}
