import { createHash } from 'node:crypto'
import { pinoLogger } from '../src/adapters/pino/logger.ts'
import { prometheusMetrics } from '../src/adapters/prometheus/metrics.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import type { Commands } from '../src/application/commands.ts'
import type { DirectoryAdmin } from '../src/application/directory-admin.ts'
import { readKeyToken } from '../src/application/key-token.ts'
import { KnownKeys } from '../src/application/known-keys.ts'
import type { Authenticator } from '../src/application/principal.ts'
import type { RecordsAdmin } from '../src/application/records-admin.ts'
import { PerchError } from '../src/domain/errors.ts'
import { httpServer } from '../src/transports/http/server.ts'
import { KeysInMemory } from '../test/stand-ins/keys.ts'
import { noteThat } from '../test/stand-ins/notes.ts'
import { checkThenSetPeer } from './peer-check-then-set.ts'
import { postgresPeer } from './peer-postgres.ts'
import type { Claims } from './peer.ts'

/** A peer as a process of its own, behind Perch's own HTTP layer: the same routes, schemas, credentials, headers and metrics. */
async function serve (): Promise<void> {
  const log = pinoLogger('info')
  const claims = openPeer(process.env)
  const app = await httpServer({
    // The directory is never asked.
    edge: { commands: onlyClaims(claims), directory: {} as DirectoryAdmin, records: {} as RecordsAdmin },
    authenticator: await keyOf(required(process.env, 'ADMIN_KEY')),
    log,
    metrics: prometheusMetrics(),
    readiness: async () => ({ ready: true, checks: {} }),
    version: '0.0.0',
    tls: null
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  process.once('SIGTERM', () => {
    app.close().then(async () => await claims.close()).finally(() => process.exit(0))
  })
  log.info({ url }, 'listening')
}

type Variables = Readonly<Record<string, string | undefined>>

function openPeer (variables: Variables): Claims {
  const peer = required(variables, 'PEER')
  switch (peer) {
    case 'postgres':
      return postgresPeer({
        url: required(variables, 'DATABASE_URL'),
        connections: Number(required(variables, 'CONNECTIONS')),
        synchronousCommit: required(variables, 'SYNCHRONOUS_COMMIT') === 'on'
      })
    case 'check-then-set':
      return checkThenSetPeer(required(variables, 'REDIS_URL'), required(variables, 'LOCK_REDIS_URLS').split(','))
    default:
      throw new Error(`there is no peer ${peer}`)
  }
}

/** Looked at as Perch looks at its own. */
async function keyOf (token: string): Promise<Authenticator> {
  const keys = new KeysInMemory()
  const { id = '', secret = '' } = readKeyToken(token) ?? {}
  const hash = createHash('sha256').update(secret).digest('hex')
  await keys.addKey({ id, hash, org: 'demo', name: 'admin', role: 'admin', site: null, createdAt: Date.now(), expiresAt: null, lastUsedAt: null }, noteThat('key-made', 'admin'))
  return new KnownKeys({ credentials: keys, clock: systemClock(), onKnown () {}, onGone () {}, inUse: () => [], onTrouble () {} })
}

function required (variables: Variables, name: string): string {
  const value = variables[name]
  if (value === undefined) throw new Error(`${name} is needed`)
  return value
}

function onlyClaims ({ claim }: Claims): Commands {
  const none = async (): Promise<never> => { throw new PerchError('NOT_FOUND') }
  return { claim, checkIn: none, release: none, change: none, arrive: none, leave: none, identify: none, find: none, claims: none, block: none, unblock: none, read: none }
}

await serve()
