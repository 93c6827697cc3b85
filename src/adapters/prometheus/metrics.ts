import { Registry } from 'prom-client'
import { GAUGES, type AccessMetrics, type CommandMetrics, type DeviceMetrics, type Gauge, type GaugeMetrics, type GuardMetrics, type HttpMetrics, type LimitMetrics, type Metrics, type NewcomerMetrics, type RetentionMetrics } from '../../application/metrics.ts'
import type { NodeWatch } from '../../application/node.ts'
import type { StreamMetrics } from '../../application/stream-metrics.ts'
import { Families } from './families.ts'
import { processMetrics } from './process-metrics.ts'
import type { Samples } from './samples.ts'

export interface PrometheusMetrics extends Metrics {
  /** The same as `text`, for another process. */
  samples (): Promise<Samples>
}

/** Everything that a node counts, in a registry of its own: two nodes in one process do not mix. Also the process' memory, CPU and event loop lag. */
export function prometheusMetrics (): PrometheusMetrics {
  const registry = new Registry()
  const families = new Families(registry)
  processMetrics(registry)
  return {
    ...ofNode(families),
    ...ofStream(families),
    ...ofCommands(families),
    ...ofHttp(families),
    ...ofNewcomers(families),
    ...ofAccess(families),
    ...ofLimits(families),
    ...ofRetention(families),
    ...gauges(families),
    ...ofDevices(families),
    contentType: registry.contentType,
    text: async () => await registry.metrics(),
    samples: async () => await registry.getMetricsAsJSON()
  }
}

function ofNode (families: Families): NodeWatch {
  const troubles = families.counter('troubles', 'What kept a part of the keeper from its work', ['piece'])
  const conflicts = families.counter('commit_conflicts', 'Commits that found a record changed, and were decided again')
  const recorded = families.counter('ledger_commits', 'Commits stored in Postgres')
  const lag = families.seconds('ledger_lag', 'Age of the oldest commit of a batch when it was in Postgres')
  const fired = families.counter('deadlines_fired', 'Deadlines that were run')
  const lateness = families.seconds('deadline_lateness', 'How long after its moment the earliest deadline of a batch was run')
  const recoveries = families.counter('recovery_steps', 'Steps of recoveries', ['step'])
  const rebuiltSpaces = families.counter('rebuilt_spaces', 'Spaces made anew from Postgres by recoveries')
  const rebuiltClaims = families.counter('rebuilt_claims', 'Claims read for that')
  const left = families.gauge('rebuild_spaces_left', 'Spaces still to come of the org that a recovery works on')
  const held = families.gauge('shards_held', 'Shards that this node keeps')
  const quarantined = families.counter('quarantined_claims', 'Claims that the ledger refused; more than none is an alarm')
  const jumps = families.counter('clock_jumps', 'Jumps of a clock by more than a second; more than none is an alarm')
  const breaks = families.counter('service_breaks', 'Times that nobody could check in for more than 6 s, after which everyone had their grace anew')
  const lost = families.counter('lost_claims', 'Claims answered "persisted: false" that a fault took away, by how that was found out', ['by'])
  const forgotten = families.counter('forgotten_answers', 'Answers "persisted: false" given up before the ledger had them; a loss of these is not noticed')
  return {
    trouble: piece => troubles.inc({ piece }),
    conflict: () => conflicts.inc(),
    recorded (_, entries, lagMs) {
      recorded.inc(entries)
      lag.observe(Math.max(0, lagMs) / 1000)
    },
    fired (_, count, latestMs) {
      fired.inc(count)
      lateness.observe(Math.max(0, latestMs) / 1000)
    },
    recovery: (_, step) => recoveries.inc({ step }),
    rebuilding (_, { spaces, claims, left: still }) {
      rebuiltSpaces.inc(spaces)
      rebuiltClaims.inc(claims)
      left.set(still)
    },
    held: shards => held.set(shards),
    quarantined: (_, claims) => quarantined.inc(claims),
    clockJumped: () => jumps.inc(),
    interrupted: () => breaks.inc(),
    lost: (_, by, claims) => lost.inc({ by }, claims.length),
    forgotten: answers => forgotten.inc(answers)
  }
}

function ofStream (families: Families): StreamMetrics {
  const frames = families.counter('frames_sent', 'Frames handed to sockets')
  const bytes = families.counter('frame_bytes', 'Bytes of those frames as JSON')
  const sessions = families.gauge('sessions', 'Open connections of the live stream')
  const watchers = families.gauge('watchers', 'Floors watched, counted once per connection')
  const replicas = families.gauge('replicas', 'Floors that this node follows')
  const passedBy = families.counter('passed_by', 'Times that a slow socket was left out until it had read')
  const closedSlow = families.counter('closed_slow', 'Sockets closed because they did not read')
  const gaps = families.counter('replica_gaps', 'Times that a replica had missed something and was read anew')
  const reads = families.counter('replica_reads', 'Floors read whole from the store')
  const snapshots = families.counter('snapshots_encoded', 'Snapshots made; others came from the cache')
  return {
    sent (count, size) {
      frames.inc(count)
      bytes.inc(size)
    },
    sessions: by => sessions.inc(by),
    watchers: by => watchers.inc(by),
    replicas: by => replicas.inc(by),
    passedBy: () => passedBy.inc(),
    closedSlow: () => closedSlow.inc(),
    gap: () => gaps.inc(),
    floorRead: () => reads.inc(),
    snapshot: () => snapshots.inc()
  }
}

function ofCommands (families: Families): CommandMetrics & GuardMetrics {
  const commands = families.counter('commands', 'Commands, by what they came to', ['operation', 'code'])
  const took = families.seconds('command', 'What a command took, with the wait for the ledger', ['operation'])
  const guard = families.counter('guard_answers', 'What the guard said: held, busy, or unguarded for want of a quorum', ['state'])
  return {
    commanded (operation, code, ms) {
      commands.inc({ operation, code })
      took.observe({ operation }, ms / 1000)
    },
    guarded: state => guard.inc({ state })
  }
}

function ofHttp (families: Families): HttpMetrics {
  const requests = families.counter('http_requests', 'Answers over HTTP', ['method', 'route', 'status'])
  const took = families.seconds('http_request', 'What an answer took', ['route'])
  return {
    answered (method, route, status, ms) {
      requests.inc({ method, route, status })
      took.observe({ route }, ms / 1000)
    }
  }
}

function ofNewcomers (families: Families): NewcomerMetrics {
  const turnedAway = families.counter('newcomers_turned_away', 'Who wanted to watch and was answered 503 before any handshake: more came than ACCEPT_RATE, there are NODE_SOCKETS, or the node drains', ['why'])
  return { turnedAway: why => turnedAway.inc({ why }) }
}

function ofAccess (families: Families): AccessMetrics {
  const cutOff = families.counter('connections_cut_off', 'Connections closed because their key was revoked, or their device cut off')
  const tickets = families.counter('tickets', 'One-time tickets, by what became of them', ['what'])
  const pairings = families.counter('pairings', 'Pairings of devices, by what happened; many a wrong-code is somebody who guesses', ['what'])
  return { cutOff: connections => cutOff.inc(connections), ticket: what => tickets.inc({ what }), pairing: what => pairings.inc({ what }) }
}

function ofLimits (families: Families): LimitMetrics {
  const limited = families.counter('rate_limited', 'Requests, claims and connections that were refused because there were too many, by the limit', ['limit'])
  return { limited: limit => limited.inc({ limit }) }
}

function ofRetention (families: Families): RetentionMetrics {
  const forgotten = families.counter('history_forgotten_rows', 'Rows of history that were made anonymous because they were older than the policy says')
  return { historyForgotten: rows => forgotten.inc(rows) }
}

/** Of the whole installation: every node says the same. A role of which there is none any more is not told of. */
function ofDevices (families: Families): DeviceMetrics {
  return {
    watchDevices (count) {
      families.gauge('devices', 'Devices that are paired; silent: not seen for three minutes', async own => await orAsBefore(async () => {
        const counts = await count()
        own.reset()
        for (const { role, online, silent } of counts) for (const [state, n] of Object.entries({ online, silent })) own.set({ role, state }, n)
      }), ['role', 'state'])
      families.gauge('devices_unwell', 'Devices that were seen within three minutes and say that they are not well', async own => await orAsBefore(async () => {
        const counts = await count()
        own.reset()
        for (const { role, unwell } of counts) own.set({ role }, unwell)
      }), ['role'])
    }
  }
}

function gauges (families: Families): GaugeMetrics {
  return {
    watch (gauge: Gauge, count) {
      families.gauge(gauge, GAUGES[gauge], async own => await orAsBefore(async () => own.set(await count())))
    }
  }
}

async function orAsBefore (look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch {
    // What is counted is away; that has metrics of its own, and a scrape must not fail with it.
  }
}
