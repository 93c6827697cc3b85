import type { Command } from './command.ts'
import { Stopwatch } from './stopwatch.ts'
import { Tally } from './tally.ts'

export type Call = Command['call'] | 'block' | 'unblock' | 'readings'

/** More of the same tell no more. */
const MOST_VIOLATIONS = 50

/** What a run counts. */
export class Figures {
  readonly latency = new Map<Call, Stopwatch>()
  /** What callers were told in the end, by code. */
  readonly refusals = new Tally()
  /** What made them ask again, by code. */
  readonly retries = new Tally()
  /** What readings came to. */
  readonly readings = new Tally()
  /** Sockets that had to be opened again, by what ended the one before. */
  readonly reconnects = new Tally()
  asked = 0
  granted = 0
  unanswered = 0
  persisted = 0
  unpersisted = 0
  frames = 0
  /** Floors that had to be watched again because a frame was missing. */
  gaps = 0

  /** What must never be. */
  readonly violations: string[] = []

  violation (what: string): void {
    if (this.violations.length < MOST_VIOLATIONS) this.violations.push(what)
  }

  took (call: Call, ms: number): void {
    let watch = this.latency.get(call)
    if (watch === undefined) this.latency.set(call, watch = new Stopwatch())
    watch.add(ms)
  }
}
