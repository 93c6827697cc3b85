import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { startChild } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { makeFolder, removeFolder } from './folder.ts'
import { freePort } from './ports.ts'
import { command, startRedis } from './redis.ts'
import type { RedisOptions, RedisServer } from './redis.ts'
import { until } from './wait.ts'

export interface RedisSentinel {
  /** What REDIS_URL says: the sentinels, and the name they know the primary by. */
  readonly url: string
  /** The primary of the beginning, then its replica. One that is restarted comes back as a primary, and the sentinels make a replica of it. */
  readonly servers: readonly [RedisServer, RedisServer]
  readonly sentinels: readonly Sentinel[]
  /** The server that most sentinels call the primary now. */
  primary (): Promise<RedisServer>
  /** Until most sentinels call another server than that one the primary, and it takes itself for one; gives it. */
  failedOver (from: RedisServer): Promise<RedisServer>
  /** Until the primary of now has a replica that has caught up. */
  replicated (): Promise<void>
}

export interface Sentinel {
  readonly port: number
  /** By nodes and other sentinels. */
  readonly reachedAt: number
  /** SIGKILL. Safe to repeat. */
  kill (): Promise<void>
}

/** What the sentinels know beside what is watched, and who the harness is to them. */
export interface SentinelAccess {
  /** Lines of their file. */
  lines: readonly string[]
  username: string
}

export interface SentinelOptions extends Pick<RedisOptions, 'args' | 'appendonly'> {
  /** How long a server has to be silent until a sentinel takes it for down; 500 by default. */
  downAfterMs?: number
  /** Where a server that will listen on this port is reached by sentinels, replica and clients: a link of the test's own. Its own port by default. */
  through?: (port: number) => Promise<number>
  /** Users of the sentinels; nobody has to say who they are by default. */
  access?: SentinelAccess
  /** Certificate and key. Sentinels, replica and clients come over TLS alone; the harness itself comes without. */
  tls?: { certificate: string, key: string }
  /** Further options of the first server and of the second. */
  each?: readonly [RedisOptions, RedisOptions]
}

const NAME = 'main'
const SENTINELS = 3
const QUORUM = 2
/** A failover that does not get anywhere is tried again after twice that; a server that was demoted is told so after it. */
const FAILOVER_TIMEOUT_MS = 3_000
/** Sentinels find each other by a message a second or two, and look at replicas every ten. */
const SETTLED_WITHIN_MS = 30_000

/** A private primary with a replica, and three sentinels of which two decide. All know of one another when this resolves. */
export async function startRedisSentinel (t: Cleanup, options: SentinelOptions = {}): Promise<RedisSentinel> {
  const { downAfterMs = 500, args = [], through = async port => port, each = [{}, {}], access = { lines: [], username: 'default' }, tls, ...kept } = options
  const secured = tls === undefined ? [] : ['tls-cert-file', tls.certificate, 'tls-key-file', tls.key, 'tls-ca-cert-file', tls.certificate, 'tls-auth-clients', 'no', 'tls-replication', 'yes']
  const asked = async <T>(port: number, ask: (client: Redis) => Promise<T>): Promise<T> => await command(port, ask, access.username)
  // The first copy begins at once, and not 5 s later in case more replicas come.
  const start = async (own: RedisOptions): Promise<{ server: RedisServer, reachedAt: number }> => {
    const port = own.port ?? await freePort()
    const reachedAt = tls === undefined ? await through(port) : await freePort()
    const words = ['--repl-diskless-sync-delay', '0', '--replica-announce-ip', '127.0.0.1', '--replica-announce-port', String(reachedAt), ...tls === undefined ? [] : ['--tls-port', String(reachedAt), ...secured.map((word, i) => i % 2 === 0 ? `--${word}` : word)]]
    return { server: await startRedis(t, { ...kept, ...own, port, args: [...words, ...args, ...own.args ?? []] }), reachedAt }
  }
  const started = [await start(each[0]), await start(each[1])] as const
  const servers = [started[0].server, started[1].server] as const
  await command(servers[1].port, client => client.replicaof('127.0.0.1', started[0].reachedAt))
  await until(async () => await caughtUp(servers[0]), { what: 'the replica has caught up', withinMs: SETTLED_WITHIN_MS })
  const sentinels = await Promise.all(Array.from({ length: SENTINELS }, async () => {
    const lines = [`sentinel monitor ${NAME} 127.0.0.1 ${started[0].reachedAt} ${QUORUM}`, `sentinel down-after-milliseconds ${NAME} ${downAfterMs}`, `sentinel failover-timeout ${NAME} ${FAILOVER_TIMEOUT_MS}`]
    const tlsPort = tls === undefined ? null : await freePort()
    const own = tlsPort === null ? [] : [`tls-port ${tlsPort}`, ...pairs(secured)]
    return await startSentinel(t, [...own, ...lines, ...access.lines], tlsPort, async port => await asked(port, client => client.ping()))
  }))
  await Promise.all(sentinels.map(async ({ port }) => {
    await until(async () => await knowsAll(port, asked), { what: `the sentinel on port ${port} knows of the replica and of the others`, withinMs: SETTLED_WITHIN_MS, everyMs: 50 })
  }))

  async function primary (): Promise<RedisServer> {
    const ports = await Promise.all(sentinels.map(async ({ port }) => await primaryBy(port, asked).catch(() => null)))
    const server = started.find(({ reachedAt }) => ports.filter(named => named === reachedAt).length >= QUORUM)?.server
    if (server === undefined) throw new Error(`the sentinels do not agree on a primary: ${ports.join()}`)
    return server
  }

  return {
    url: `redis${tls === undefined ? '' : 's'}+sentinel://${sentinels.map(({ reachedAt }) => `127.0.0.1:${reachedAt}`).join(',')}/${NAME}`,
    servers,
    sentinels,
    primary,
    failedOver: async from => await until(async () => {
      const server = await primary()
      return server !== from && await command(server.port, client => client.info('replication')).then(info => info.includes('role:master')) && server
    }, { what: 'the sentinels have made the other server the primary', withinMs: SETTLED_WITHIN_MS, everyMs: 20 }),
    replicated: async () => {
      await until(async () => await caughtUp(await primary()), { what: 'the primary has a replica', withinMs: SETTLED_WITHIN_MS, everyMs: 50 })
    }
  }
}

function pairs (words: readonly string[]): string[] {
  return words.flatMap((word, i) => i % 2 === 0 ? [`${word} ${words[i + 1] ?? ''}`] : [])
}

async function startSentinel (t: Cleanup, lines: readonly string[], tlsPort: number | null, answers: (port: number) => Promise<string>): Promise<Sentinel> {
  const [port, dir] = [await freePort(), await makeFolder('sentinel')]
  // Sentinels write what they learn into their file.
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, ...lines].join('\n'))
  const child = await startChild('redis-server', [file, '--sentinel'], { logFile: join(dir, 'sentinel.log') })
  t.after(async () => {
    await child.end('SIGTERM')
    await removeFolder(dir)
  })
  await until(async () => await answers(port), { what: `the sentinel on port ${port} answers` })
  return { port, reachedAt: tlsPort ?? port, kill: async () => await child.end('SIGKILL') }
}

async function caughtUp ({ port }: RedisServer): Promise<boolean> {
  const info = await command(port, client => client.info('replication'))
  return info.includes('role:master') && /^slave0:.*state=online/m.test(info)
}

type Ask = <T>(port: number, ask: (client: Redis) => Promise<T>) => Promise<T>

async function primaryBy (sentinel: number, asked: Ask): Promise<number | null> {
  const address = await asked(sentinel, client => client.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME))
  return Array.isArray(address) ? Number(address[1]) : null
}

async function knowsAll (sentinel: number, asked: Ask): Promise<boolean> {
  const [replicas, others] = await asked(sentinel, async client => [await client.call('SENTINEL', 'REPLICAS', NAME), await client.call('SENTINEL', 'SENTINELS', NAME)])
  return Array.isArray(replicas) && replicas.length === 1 && JSON.stringify(replicas).includes('"master-link-status","ok"') &&
    Array.isArray(others) && others.length === SENTINELS - 1 && !JSON.stringify(others).includes('s_down')
}
