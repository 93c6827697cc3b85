import { Cluster, Redis } from 'ioredis'
import type { ClusterOptions, RedisOptions } from 'ioredis'
import { PerchError } from '../../domain/errors.ts'
import { OneWriteRedis } from './one-write.ts'
import type { Node, Target } from './url.ts'

export type Client = Redis | Cluster

/** The part of pino's logger that is used here. */
export interface Log {
  info (detail: object, text: string): void
  warn (detail: object, text: string): void
}

/** Longest pause between two attempts to reconnect. */
const RECONNECT_MAX_MS = 1_000

type Options = RedisOptions & { replyMapping: 'legacy' }

/** What holds for every connection, whatever stands behind it. */
function common (target: Target, commandTimeoutMs: number): Options {
  return {
    replyMapping: 'legacy',
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
    connectionName: 'perch',
    // A commit is never sent twice: whether the first one happened is not known.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    // ioredis resubscribes without anybody waiting for the answer; a refusal would end the process. Subscriptions does it.
    autoResubscribe: false,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    // A link that is dead without a word: commands time out, but only this brings a new link.
    socketTimeout: 2 * commandTimeoutMs,
    // After a failover that did not cut the link: the server is a replica now, the primary is elsewhere.
    reconnectOnError: error => error.message.startsWith('READONLY')
  }
}

/** The client that reads and writes. It connects at once and again by itself; while there is no connection it refuses commands. */
export function connect (target: Target, commandTimeoutMs: number, log: Log): Client {
  const options = common(target, commandTimeoutMs)
  return watched(target.kind === 'cluster'
    ? new Cluster([...target.nodes], clusterOptions(options))
    : new OneWriteRedis({ ...options, ...serverOptions(target), enableOfflineQueue: false }), 'data', log)
}

/**
 * A client that listens on one server: that of the target, or this node of a Cluster. It keeps commands until it is connected or they time out.
 * A Cluster's node that is gone is given up: the shard's next server is somewhere else.
 */
export function connectSubscriber (target: Target, node: Node, commandTimeoutMs: number, log: Log): Redis {
  const options = common(target, commandTimeoutMs)
  return watched(target.kind === 'cluster'
    ? new Redis({ ...options, ...node, retryStrategy: () => null })
    : new Redis({ ...options, ...serverOptions(target) }), 'subscriber', log)
}

/** The servers to ask first. A server behind sentinels goes by the name of its first sentinel: it is one, wherever it is. */
export function seedsOf (target: Target): readonly Node[] {
  switch (target.kind) {
    case 'single': return [target.node]
    case 'sentinel': return target.nodes.slice(0, 1)
    case 'cluster': return target.nodes
  }
}

function watched<C extends Client> (client: C, role: string, log: Log): C {
  client.on('error', (error: Error) => log.warn({ err: error, role }, 'redis: connection failed'))
  client.on('node error', (error: Error, node: string) => log.warn({ err: error, role, node }, 'redis: connection to a node failed'))
  client.on('ready', () => log.info({ role }, 'redis: connected'))
  return client
}

function retryAfterMs (times: number): number {
  return Math.min(25 * 2 ** Math.min(times, 10), RECONNECT_MAX_MS)
}

function serverOptions (target: Exclude<Target, { kind: 'cluster' }>): Omit<RedisOptions, 'replyMapping'> {
  const shared = { db: target.db, retryStrategy: retryAfterMs }
  if (target.kind === 'single') return { ...shared, ...target.node }
  return {
    ...shared,
    sentinels: [...target.nodes],
    name: target.name,
    sentinelRetryStrategy: retryAfterMs,
    ...(target.atSentinels.username === undefined ? {} : { sentinelUsername: target.atSentinels.username }),
    ...(target.atSentinels.password === undefined ? {} : { sentinelPassword: target.atSentinels.password }),
    ...(target.tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {})
  }
}

function clusterOptions (redisOptions: Options): ClusterOptions & { redisOptions: Options } {
  return {
    redisOptions,
    clusterRetryStrategy: retryAfterMs,
    // "Connection is closed" does not say whether the command had been sent: never again by itself.
    retryDelayOnFailover: 0,
    // Those who redirect have written nothing. Few and quick: the caller's patience is short and it may ask again.
    maxRedirections: 5,
    retryDelayOnTryAgain: 50,
    retryDelayOnClusterDown: 100,
    slotsRefreshTimeout: 1_000,
    slotsRefreshInterval: 5_000
  }
}

/** Resolves when the client may be used, or has been given up for now: the first calls of a process wait that long. */
export function firstReady (client: Client, timeoutMs: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, timeoutMs)
    function done (): void {
      clearTimeout(timer)
      client.off('ready', done)
      client.off('end', done)
      resolve()
    }
    client.once('ready', done)
    client.once('end', done)
  })
}

/** @throws RECOVERING when the client was closed, or while a Cluster's nodes are not known: nothing is sent. A single server's client says so itself. */
export function assertUsable (client: Client): void {
  if (client.status === 'end' || (client.isCluster && client.status !== 'ready')) throw new PerchError('RECOVERING', {}, new Error(`redis client is in status ${client.status}`))
}
