import type { ErrorCode } from '../domain/errors.ts'
import type { DeviceCount } from './devices.ts'
import type { Limit } from './limits.ts'
import type { NodeWatch } from './node.ts'
import type { Held } from './ports.ts'
import type { StreamMetrics } from './stream-metrics.ts'

/** What claims and other commands came to, whatever transport they took. */
export interface CommandMetrics {
  /** `code`: of the refusal, or ok. */
  commanded (operation: string, code: ErrorCode | 'ok', ms: number): void
}

export interface GuardMetrics {
  guarded (state: Held['state']): void
}

export interface HttpMetrics {
  /** `route` is its pattern; none: nothing is there. */
  answered (method: string, route: string, status: number, ms: number): void
}

export interface RetentionMetrics {
  /** So many rows were made anonymous because they were old enough. */
  historyForgotten (rows: number): void
}

export interface NewcomerMetrics {
  /** Somebody wanted to watch and was sent away before anything was done: too many came at once, there are too many, or the node drains. */
  turnedAway (why: 'rate' | 'full' | 'draining'): void
}

export interface LimitMetrics {
  /** Somebody was answered RATE_LIMITED, or not answered at all, because of that limit. */
  limited (limit: Limit): void
}

export interface TicketMetrics {
  ticket (what: 'made' | 'too-many' | 'used' | 'refused'): void
}

/** `wrong-code` at a rate of its own is somebody who guesses; `too-many-…`: a limit was reached. */
export interface PairingMetrics {
  pairing (what: 'begun' | 'prepared' | 'approved' | 'refused' | 'paired' | 'wrong-code' | 'too-many-begun' | 'too-many-prepared' | 'too-many-guesses'): void
}

export interface DeviceMetrics {
  /** `count` is called whenever somebody asks for the metrics; where it throws the last numbers stay. */
  watchDevices (count: () => Promise<readonly DeviceCount[]>): void
}

export interface AccessMetrics extends TicketMetrics, PairingMetrics {
  /** So many connections were closed because their key works no more. */
  cutOff (connections: number): void
}

/** Of a machine with several workers. */
export interface SupervisorMetrics {
  /** So many workers listen now. */
  serving (workers: number): void
  /** One ended without being told to. */
  died (): void
}

/** Things whose number is bounded (INV-8) and that somebody can count. */
export const GAUGES = {
  outbox: 'Commits that wait to be stored in Postgres, in the shards that this node keeps',
  answers_waiting: 'Answers "persisted: false" that are remembered until the ledger has them',
  cached_records: 'Records of the live state that this node remembers',
  cached_people: 'People of the directory that this node remembers',
  cached_floors: 'Floors with their plans that this node remembers',
  cached_places: 'Sites with their rules that this node remembers',
  cached_lists: 'Lists of the directory that this node remembers',
  cached_keys: 'API keys and tokens of devices that this node remembers',
  limited_addresses: 'Addresses (of IPv6 their /64) of which it is remembered what they asked for without credentials',
  limited_principals: 'Principals of whom it is remembered what they asked for',
  limited_failures: 'Addresses and principals whose wrong credentials are remembered',
  strangers: 'Addresses that have connections which have shown no credentials',
  look_ups_waiting: 'Look-ups of people that wait to be written down in Postgres'
} as const
export type Gauge = keyof typeof GAUGES

export interface GaugeMetrics {
  /** `count` is called whenever somebody asks for the metrics; where it throws the last number stays. */
  watch (gauge: Gauge, count: () => number | Promise<number>): void
}

/** All that a node counts. No label names a person, a space or anything else that grows with use. */
export interface Metrics extends NodeWatch, StreamMetrics, CommandMetrics, GuardMetrics, HttpMetrics, NewcomerMetrics, AccessMetrics, LimitMetrics, RetentionMetrics, GaugeMetrics, DeviceMetrics {
  contentType: string
  /** Prometheus' text format. */
  text (): Promise<string>
}
