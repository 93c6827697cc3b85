import type { ClaimsCheck } from './check-claims.ts'
import type { ReplicaCheck } from './check-replicas.ts'
import type { Figures } from './figures.ts'
import type { JournalCheck } from './verify-journal.ts'
import type { Watcher } from './watcher.ts'

export interface ReportParts {
  startedAt: number
  ms: number
  speed: number
  people: number
  seed: number
  figures: Figures
  watchers: readonly Watcher[]
  replicas: ReplicaCheck
  claims: ClaimsCheck
  journal: JournalCheck & { path: string }
}

export type Report = ReturnType<typeof reportOf>

/** All that a run came to, as plain JSON. */
export function reportOf (parts: ReportParts) {
  const { figures, watchers, replicas, claims, journal } = parts
  const answered = figures.persisted + figures.unpersisted
  const transports = ['sse', 'websocket', 'socket.io'] as const
  return {
    holds: replicas.different.length === 0 && claims.overlaps.length === 0 && journal.broken.length === 0 && figures.violations.length === 0,
    startedAt: new Date(parts.startedAt).toISOString(),
    seconds: Math.round(parts.ms / 100) / 10,
    speed: parts.speed,
    people: parts.people,
    seed: parts.seed,
    claims: { asked: figures.asked, granted: figures.granted, perSecond: round(figures.granted / parts.ms * 1_000), unanswered: figures.unanswered },
    persisted: { yes: figures.persisted, notYet: figures.unpersisted, share: answered === 0 ? null : round(figures.persisted / answered, 4) },
    refusals: Object.fromEntries(figures.refusals.entries),
    retries: Object.fromEntries(figures.retries.entries),
    readings: Object.fromEntries(figures.readings.entries),
    latencyMs: Object.fromEntries(Array.from(figures.latency, ([call, watch]) =>
      [call, { count: watch.count, p50: round(watch.percentile(0.5)), p99: round(watch.percentile(0.99)), longest: round(watch.longestMs) }])),
    watchers: Object.fromEntries(transports.map(transport => [transport, watchers.filter(watcher => watcher.transport === transport).length])),
    stream: { frames: figures.frames, gaps: figures.gaps, reconnects: Object.fromEntries(figures.reconnects.entries) },
    replicas,
    overlaps: claims,
    journal,
    violations: figures.violations
  }
}

/** The report for people. */
export function describeReport (report: Report): string {
  const { claims, persisted, replicas, overlaps, journal } = report
  const wrong = [...report.violations, ...replicas.different, ...overlaps.overlaps, ...journal.broken]
  const said = (counts: Record<string, number>) => Object.entries(counts).map(([what, count]) => `${what} ${count}`).join(', ') || 'none'
  const lines = [
    `${claims.granted} of ${claims.asked} claims granted in ${report.seconds} s, ${claims.unanswered} commands without an answer`,
    `refusals    ${said(report.refusals)}`,
    `asked again ${said(report.retries)}`,
    `readings    ${said(report.readings)}`,
    `persisted   ${persisted.yes} of ${persisted.yes + persisted.notYet} answers${persisted.share === null ? '' : ` (${round(persisted.share * 100)} %)`}`,
    ...Object.entries(report.latencyMs).map(([call, { count, p50, p99, longest }]) => `${call.padEnd(11)} ${String(count).padStart(6)} answers, p50 ${p50} ms, p99 ${p99} ms, longest ${longest} ms`),
    `watchers    ${said(report.watchers)}; ${report.stream.frames} frames, ${report.stream.gaps} gaps, reconnects: ${said(report.stream.reconnects)}`,
    `replicas    ${replicas.equal} of ${replicas.replicas} equal the server's state at the same position`,
    `claims      ${overlaps.claims} listed, ${overlaps.overlaps.length} overlap`,
    `journal     ${journal.claims} claims were said to be persisted, ${journal.broken.length} are not as they were (${journal.path})`
  ]
  return [...lines, ...wrong.slice(0, 30).map(what => `WRONG       ${what}`), report.holds ? 'All is well.' : 'Something does not hold.', ''].join('\n')
}

function round (value: number, digits = 1): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
