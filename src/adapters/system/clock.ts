import type { Clock } from '../../application/ports.ts'

/** This machine's clock and timers. */
export function systemClock (): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after (ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    }
  }
}
