import type { Writable } from 'node:stream'
import type { Figures } from './figures.ts'

export interface ProgressParts {
  out: Writable & { isTTY?: boolean, columns?: number }
  figures: Figures
  /** What the day's clock shows. */
  time (): string
  /** Claims that run now. */
  active (): number
  watchers (): { current: number, all: number }
}

/** One line that is written over on a terminal; elsewhere a line now and then. */
const TERMINAL_MS = 500
const LOG_MS = 5_000

/** Says how things go until the returned function is called. */
export function showProgress (parts: ProgressParts): () => void {
  const { out, figures } = parts
  const terminal = out.isTTY === true
  let before = { granted: 0, at: performance.now() }
  const timer = setInterval(() => {
    const at = performance.now()
    const rate = (figures.granted - before.granted) / (at - before.at) * 1_000
    before = { granted: figures.granted, at }
    const line = lineOf(parts, rate)
    out.write(terminal ? `\r\x1b[K${line.slice(0, (out.columns ?? 120) - 1)}` : `${line}\n`)
  }, terminal ? TERMINAL_MS : LOG_MS)
  return () => {
    clearInterval(timer)
    if (terminal) out.write('\r\x1b[K')
  }
}

function lineOf ({ figures, time, active, watchers }: ProgressParts, rate: number): string {
  const claim = figures.latency.get('claim')
  const { current, all } = watchers()
  const refused = figures.refusals.entries.slice(0, 4).map(([code, count]) => `${code} ${count}`).join(' ')
  return [
    time(),
    `${rate.toFixed(1)} claims/s`,
    `${active()} active`,
    `refused ${figures.refusals.total}${refused === '' ? '' : ` (${refused})`}`,
    ...(claim === undefined ? [] : [`p50 ${claim.percentile(0.5).toFixed(1)} p99 ${claim.percentile(0.99).toFixed(1)} ms`]),
    `${current}/${all} watchers current`
  ].join(' | ')
}
