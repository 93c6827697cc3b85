import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { ConfigError, isLoopback, readConfig, readServerAddress } from '../src/config.ts'
import { Environment } from '../src/environment.ts'

const KEYS = { SECRET: 's'.repeat(32) }
const OIDC = { OIDC_ISSUER: 'https://login.example/', OIDC_AUDIENCE: 'perch', SECRET: KEYS.SECRET }
const SERVERS = { REDIS_URL: 'redis://r:6379/0', DATABASE_URL: 'postgres://perch@db/perch' }
const FULL = { ...KEYS, ...SERVERS }

/** The variables that are wrong. */
function wrong (variables: Record<string, string>): string[] {
  try {
    readConfig(variables)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable)
    throw error
  }
}

test('without any variable Perch serves this machine from one process, for development', async () => {
  assert.deepEqual({ ...readConfig({}), secret: '' }, {
    host: '127.0.0.1',
    port: 8080,
    tls: null,
    oidc: null,
    development: true,
    org: 'demo',
    origins: [],
    embedOrigins: [],
    trustedProxies: [],
    limits: null,
    secret: '',
    redisUrl: null,
    lockRedisUrls: [],
    databaseUrl: null,
    dataDir: '.perch',
    roles: ['edge', 'keeper'],
    guard: 'always',
    outboxLimit: 100_000,
    cacheRecords: 100_000,
    acceptRate: 4_000,
    workers: 1,
    logLevel: 'info'
  })
})

test('an installation of several nodes names its servers', async () => {
  const config = readConfig({ ...KEYS, ...SERVERS, HOST: '0.0.0.0', PORT: '0', ROLES: ' keeper ', LOCK_REDIS_URLS: 'redis://a:1, redis://b:1 ,rediss://c:1', TLS_CERT: 'c.pem', TLS_KEY: 'k.pem' })
  assert.deepEqual(config.lockRedisUrls, ['redis://a:1', 'redis://b:1', 'rediss://c:1'])
  assert.deepEqual([config.port, config.roles, config.tls, config.development], [0, ['keeper'], { cert: 'c.pem', key: 'k.pem' }, false])
})

test('with an issuer people come by its tokens, with the usual names of claims; with a secret alone services do, by keys; and nobody signs in for development', async () => {
  const { oidc, development } = readConfig({ ...OIDC, HOST: '0.0.0.0' })
  assert.deepEqual([development, oidc], [false, {
    issuer: 'https://login.example/', audience: 'perch', client: null, claims: { org: null, person: 'sub', role: 'perch_role', site: 'perch_site' }
  }])
  assert.equal(readConfig({ ...OIDC, OIDC_ISSUER: 'http://127.0.0.1:9000' }).oidc?.issuer, 'http://127.0.0.1:9000')
  for (const HOST of ['0.0.0.0', '127.0.0.1']) {
    const withKeys = readConfig({ ...KEYS, HOST })
    assert.deepEqual([withKeys.oidc, withKeys.development], [null, false])
  }
})

test('signing in for development is for this machine alone, and for one process', async () => {
  for (const HOST of ['127.0.0.1', 'localhost', '::1', '127.0.0.2']) assert.equal(readConfig({ HOST }).development, true)
  for (const HOST of ['0.0.0.0', '::', '192.168.1.5', 'perch.example', '127.0.0.1.evil.example']) assert.deepEqual(wrong({ HOST }), ['SECRET'], HOST)
  assert.deepEqual(wrong(SERVERS), ['SECRET'])
})

test('without lock nodes of their own locks are kept on the one Redis server', async () => {
  assert.deepEqual(readConfig({ ...KEYS, ...SERVERS }).lockRedisUrls, ['redis://r:6379/0'])
  assert.deepEqual(wrong({ ...KEYS, ...SERVERS, REDIS_URL: 'redis+cluster://a:1,b:2' }), ['LOCK_REDIS_URLS'])
  assert.deepEqual(readConfig({ ...KEYS, ...SERVERS, REDIS_URL: 'redis+cluster://a:1,b:2', GUARD: 'off' }).lockRedisUrls, [])
})

test('what is empty counts as left out', async () => {
  assert.equal(readConfig({ REDIS_URL: '', PORT: ' ', SECRET: '' }).port, 8080)
})

test('each variable that cannot be used is named', async () => {
  for (const [variables, expected] of [
    [{ PORT: 'http' }, ['PORT']],
    [{ PORT: '65536' }, ['PORT']],
    [{ PORT: '80.5' }, ['PORT']],
    [{ OIDC_ISSUER: 'https://login.example/' }, ['OIDC_AUDIENCE', 'SECRET']],
    [{ OIDC_AUDIENCE: 'perch' }, ['OIDC_ISSUER', 'SECRET']],
    [{ ...KEYS, OIDC_AUDIENCE: 'perch' }, ['OIDC_ISSUER']],
    [{ ...KEYS, OIDC_CLIENT_ID: 'pages' }, ['OIDC_ISSUER']],
    [{ ...OIDC, OIDC_ISSUER: 'http://login.example' }, ['OIDC_ISSUER']],
    [{ ...OIDC, OIDC_ISSUER: 'https://login.example/?tenant=a' }, ['OIDC_ISSUER']],
    [{ ...OIDC, OIDC_ISSUER: 'login.example' }, ['OIDC_ISSUER']],
    [{ SECRET: 'short' }, ['SECRET']],
    [{ ORG: 'a/b' }, ['ORG']],
    [{ ORIGINS: 'maps.example' }, ['ORIGINS']],
    [{ ORIGINS: 'https://maps.example/' }, ['ORIGINS']],
    [{ ORIGINS: 'https://maps.example, *' }, ['ORIGINS']],
    [{ ORIGINS: 'https://Maps.example:443' }, ['ORIGINS']],
    [{ ORIGINS: 'null' }, ['ORIGINS']],
    [{ TLS_CERT: 'c.pem' }, ['TLS_KEY']],
    [{ TLS_KEY: 'k.pem' }, ['TLS_CERT']],
    [{ ...KEYS, REDIS_URL: 'redis://r:6379' }, ['DATABASE_URL']],
    [{ ...FULL, REDIS_URL: 'http://r' }, ['LOCK_REDIS_URLS', 'REDIS_URL']],
    [{ ...FULL, DATABASE_URL: 'mysql://db' }, ['DATABASE_URL']],
    [{ ...FULL, LOCK_REDIS_URLS: 'redis://a:1,redis://b:1' }, ['LOCK_REDIS_URLS']],
    [{ ...FULL, LOCK_REDIS_URLS: 'redis://a:1,redis://a:1,redis://b:1' }, ['LOCK_REDIS_URLS']],
    [{ ...FULL, LOCK_REDIS_URLS: 'redis+cluster://a:1' }, ['LOCK_REDIS_URLS']],
    [{ ROLES: 'edge' }, ['ROLES']],
    [{ ...FULL, ROLES: 'edge,cook' }, ['ROLES']],
    [{ ...FULL, ROLES: ',' }, ['ROLES']],
    [{ GUARD: 'sometimes' }, ['GUARD']],
    [{ OUTBOX_LIMIT: '10' }, ['OUTBOX_LIMIT']],
    [{ LOG_LEVEL: 'loud' }, ['LOG_LEVEL']],
    [{ WORKERS: '2' }, ['WORKERS']],
    [{ ...FULL, WORKERS: '0' }, ['WORKERS']],
    [{ ...FULL, WORKERS: 'auto' }, ['WORKERS']],
    [{ ACCEPT_RATE: '-1' }, ['ACCEPT_RATE']],
    [{ EMBED_ORIGINS: '*' }, ['EMBED_ORIGINS']],
    [{ TRUSTED_PROXIES: '10.0.0.0/8, proxy.example' }, ['TRUSTED_PROXIES']],
    [{ TRUSTED_PROXIES: '0.0.0.0/0' }, ['TRUSTED_PROXIES']],
    [{ TRUSTED_PROXIES: '10.0.0.0/33' }, ['TRUSTED_PROXIES']],
    [{ IP_RATE: '0' }, ['IP_RATE']],
    [{ LIMITS: 'some' }, ['LIMITS']],
    [{ PORT: 'x', GUARD: 'x' }, ['PORT', 'GUARD']]
  ] as Array<[Record<string, string>, string[]]>) {
    assert.deepEqual(wrong(variables), expected, JSON.stringify(variables))
  }
})

test('no value stands in the message', async () => {
  assert.throws(() => readConfig({ SECRET: 'hunter2', REDIS_URL: 'foo://:hunter2@r', DATABASE_URL: 'bar://:hunter2@db' }), (error: Error) => !error.message.includes('hunter2'))
})

test('this machine is 127.0.0.0/8, ::1 and localhost, and no name that begins like them', async () => {
  assert.deepEqual(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].map(isLoopback), [true, true, true, true])
  assert.deepEqual(['0.0.0.0', '::', '127.0.0.1.evil.example', '10.0.0.1', '', 'localhost.evil.example'].map(isLoopback), [false, false, false, false, false, false])
})

test('a command that asks a server finds the one that the same environment starts', async () => {
  assert.deepEqual(readServerAddress({}), { url: 'http://127.0.0.1:8080', token: null })
  assert.deepEqual(readServerAddress({ PERCH_TOKEN: 'a-token', HOST: '0.0.0.0', PORT: '9000', TLS_CERT: 'c.pem' }), { url: 'https://127.0.0.1:9000', token: 'a-token' })
})

test('.env.example lists every variable with its default, and no other', async () => {
  const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8')
  const listed = new Map(Array.from(text.matchAll(/^#?([A-Z_]+)=(.*)$/gm), ([, name = '', value = '']) => [name, value]))
  assert.deepEqual([...listed.keys()].sort(), Object.keys(Environment.properties).sort())
  for (const [name, schema] of Object.entries(Environment.properties)) {
    if ('default' in schema) assert.equal(listed.get(name), String(schema.default), name)
  }
})

test('the README explains every variable, with its default', async () => {
  const text = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const rows = new Map(Array.from(text.matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \| (.*?) \|/gm), ([, names = '', defaults = '']) => [names, defaults]))
  const explained = new Map([...rows].flatMap(([names, defaults]) => names.split(', ').map((name, i, all) => [name.replaceAll('`', ''), all.length === 1 ? defaults : defaults.split(', ')[i] ?? defaults] as const)))
  assert.deepEqual([...explained.keys()].sort(), Object.keys(Environment.properties).sort())
  for (const [name, schema] of Object.entries(Environment.properties)) {
    if ('default' in schema) assert.equal(explained.get(name), `\`${String(schema.default)}\``, name)
  }
})
