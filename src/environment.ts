import Type, { type Static } from 'typebox'
import { GUARD_MODES } from './application/guarding.ts'
import { LOG_LEVELS } from './adapters/pino/logger.ts'
import { ID_PATTERN } from './domain/ids.ts'

export const SWITCH = ['on', 'off'] as const
const optional = (description: string) => Type.Optional(Type.String({ minLength: 1, description }))

const whole = (by: number, maximum: number, description: string) => Type.Integer({ default: by, minimum: 1, maximum, description })

/** Every variable that Perch reads, with what it means. `.env.example` lists the same; a test holds them together. */
export const Environment = Type.Object({
  HOST: Type.String({ default: '127.0.0.1', description: 'The address to listen at. Beyond this machine SECRET is needed' }),
  PORT: Type.Integer({ default: 8080, minimum: 0, maximum: 65_535, description: 'The port to listen at; 0: any that is free' }),
  TLS_CERT: optional('A PEM file with the certificate chain; with TLS_KEY the server speaks https. Kiosk cameras and service workers need it'),
  TLS_KEY: optional('A PEM file with the key of TLS_CERT'),
  OIDC_ISSUER: optional('Whose access tokens are taken from people, as in their iss. https, or http on this machine. Left out: services alone come in, by API keys'),
  OIDC_AUDIENCE: optional('What they must be for, as in their aud'),
  OIDC_CLIENT_ID: optional('As whom the pages are known there, a public client with PKCE: with it people sign in to map and admin by a redirect. Left out: they come by a page that frames the map, or with a token from elsewhere'),
  OIDC_SCOPE: Type.String({ default: 'openid profile', minLength: 1, description: 'What the pages ask for when somebody signs in; with offline_access most issuers give what renews a token without asking again' }),
  OIDC_PERSON_CLAIM: Type.String({ default: 'sub', minLength: 1, description: 'The claim with the id of the person, or of the device' }),
  OIDC_ROLE_CLAIM: Type.String({ default: 'perch_role', minLength: 1, description: 'The claim with the role, or with several of which the mightiest counts. A token without one is a member\'s' }),
  OIDC_SITE_CLAIM: Type.String({ default: 'perch_site', minLength: 1, description: 'The claim with the one site that the role is for; a manager must have one' }),
  OIDC_ORG_CLAIM: optional('The claim with the organisation. Left out: all tokens are of ORG'),
  ORIGINS: optional('Origins whose pages may ask beside Perch\'s own, separated by commas, like https://maps.example. Left out: none'),
  EMBED_ORIGINS: optional('Origins whose pages may show the map in a frame, separated by commas, like https://intranet.example. Left out: none'),
  TRUSTED_PROXIES: optional('Addresses and CIDRs of proxies whose X-Forwarded-For is believed, separated by commas. Left out: nobody\'s is'),
  LIMITS: Type.Enum([...SWITCH], { default: 'on', description: 'on: the limits below hold. off: none does, for measuring. For development none does, either' }),
  IP_RATE: whole(1_000, 1_000_000, 'Requests and upgrades per second of one address (of IPv6 a /64) that show no valid credentials'),
  IP_FAILURES: whole(60, 1_000_000, 'Wrong credentials per minute from one address, and wrong PINs per minute of one kiosk'),
  IP_SOCKETS: whole(2_000, 1_000_000, 'Open connections of one address that have shown no valid credentials'),
  PRINCIPAL_RATE: whole(20, 1_000_000, 'Requests per second of one person; of a device ten times, of a service a thousand times as many'),
  PRINCIPAL_CLAIMS: whole(30, 1_000_000, 'Claims and changes of claims per minute of one person; of a device ten times, of a service a thousand times as many'),
  PRINCIPAL_SOCKETS: whole(30, 100_000, 'Connections of the live stream at a time of one person; of a device ten times, of a service a thousand times as many'),
  NODE_SOCKETS: whole(20_000, 1_000_000, 'Connections of the live stream at a time of one node; more are answered 503 with Retry-After'),
  FRAME_RATE: whole(50, 100_000, 'Frames per second that one connection may send'),
  ORG: Type.String({ default: 'demo', pattern: ID_PATTERN, description: 'The organisation of tokens that name none, and of keys that the command line makes' }),
  PERCH_TOKEN: optional('What the commands that ask a server show to get in: a key or a token of an admin. Left out: they ask a server on this machine for its development token'),
  SECRET: Type.Optional(Type.String({ minLength: 16, description: 'Keys the hashes of badges and the names of locks: at least 16 characters, the same on every node, never changed. Left out, and OIDC_ISSUER as well: whoever is on this machine may sign in as anybody, for development' })),
  REDIS_URL: optional('The live state: redis://host:port/db, redis+sentinel://h1,h2/name or redis+cluster://h1,h2 (rediss for TLS). Left out: in this process, which then is the only one'),
  LOCK_REDIS_URLS: optional('1, 3 or 5 independent Redis servers for the guard, separated by commas. Left out: the server of REDIS_URL'),
  DATABASE_URL: optional('The ledger: postgres://user:password@host/database. Left out: an embedded one under DATA_DIR'),
  DATA_DIR: Type.String({ default: '.perch', minLength: 1, description: 'Where the embedded ledger keeps its files' }),
  ROLES: Type.String({ default: 'edge,keeper', description: 'What this node does, separated by commas. edge: serves clients; keeper: records, runs deadlines, recovers' }),
  GUARD: Type.Enum([...GUARD_MODES], { default: 'always', description: 'When claims take a lock: always, contended (after a first conflict) or off. Safety does not depend on it' }),
  OUTBOX_LIMIT: Type.Integer({ default: 100_000, minimum: 1_000, maximum: 10_000_000, description: 'Commits that may wait for Postgres, per shard; about 1 KB of Redis each. When it is full new claims are refused' }),
  CACHE_RECORDS: Type.Integer({ default: 100_000, minimum: 1_000, maximum: 10_000_000, description: 'Records of the live state that a node remembers; about 1 KB each' }),
  ACCEPT_RATE: Type.Integer({ default: 4_000, minimum: 0, maximum: 1_000_000, description: 'New connections of the live stream that are taken per second, and at once; more are answered 503 with Retry-After. 0: all' }),
  WORKERS: Type.Integer({ default: 1, minimum: 1, maximum: 64, description: 'Processes that serve on this machine, each a node of its own; more than one needs REDIS_URL' }),
  LOG_LEVEL: Type.Enum([...LOG_LEVELS], { default: 'info', description: 'The least level of the lines that are logged' })
})
export type Environment = Static<typeof Environment>

export type Variable = keyof typeof Environment.properties
