import { randomUUID } from 'node:crypto'
import { LimitExchange } from '../application/limit-exchange.ts'
import { Limits } from '../application/limits.ts'
import type { GaugeMetrics, LimitMetrics } from '../application/metrics.ts'
import type { Clock, Store } from '../application/ports.ts'
import type { Config } from '../config.ts'
import { Peers } from '../transports/http/peers.ts'

export interface LimitParts {
  config: Pick<Config, 'limits' | 'trustedProxies' | 'redisUrl'>
  store: Store
  clock: Clock
  metrics: LimitMetrics & GaugeMetrics
  onTrouble (error: unknown): void
}

/** Connections over which anything but the live stream comes: load balancers and services keep theirs open, and pages have some beside. */
const MORE_CONNECTIONS = 1.25

/** Who may do how much, and where connections come from. */
export interface OpenLimits {
  /** Undefined: LIMITS=off. */
  limits: Limits | undefined
  peers: Peers
  mostSessions: number | undefined
  mostConnections: number | undefined
  close (): void
}

export function openLimits ({ config: { limits: settings, trustedProxies, redisUrl }, store, clock, metrics, onTrouble }: LimitParts): OpenLimits {
  if (settings === null) return { limits: undefined, peers: new Peers({ trustedProxies }), mostSessions: undefined, mostConnections: undefined, close () {} }
  const limits = new Limits(settings, clock, metrics)
  metrics.watch('limited_addresses', () => limits.strangers.size)
  metrics.watch('limited_principals', () => limits.requests.size)
  metrics.watch('limited_failures', () => limits.failures.size)
  metrics.watch('strangers', () => limits.connections.size)
  const { strangers, failures, requests, claims, connections, sockets } = limits
  const exchange = new LimitExchange({ id: randomUUID(), store, clock, allowances: { strangers, failures, requests, claims }, headcounts: { connections, sockets }, onTrouble })
  // Without Redis this is the only node.
  if (redisUrl !== null) exchange.start()
  return {
    limits,
    peers: new Peers({ trustedProxies, limits }),
    mostSessions: settings.nodeSockets,
    mostConnections: Math.ceil(settings.nodeSockets * MORE_CONNECTIONS),
    close: () => exchange.close()
  }
}
