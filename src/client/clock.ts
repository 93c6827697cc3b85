/** The time of this machine. Tests put their own in its place. */
export interface Clock {
  /** Milliseconds since some moment: never goes back, and goes on while the machine sleeps. */
  monotonic (): number
  /** Unix milliseconds, as far as this machine knows: whoever set it may have been wrong. */
  now (): number
  /** Runs once, after so many milliseconds, unless the returned function is called first. */
  after (ms: number, run: () => void): () => void
}

/** `performance.now()` may stand still while a machine sleeps, and what is hours old would pass for confirmed: a wall clock that is this far ahead at once has slept. */
const SLEPT_MS = 5_000
/** `setTimeout` takes no more, and would run at once. */
const LONGEST_MS = 2 ** 31 - 1

export function systemClock (): Clock {
  let slept = 0
  let ahead = Date.now() - performance.now()
  return {
    now: () => Date.now(),
    monotonic () {
      const before = ahead
      ahead = Date.now() - performance.now()
      if (ahead - before > SLEPT_MS) slept += ahead - before
      return performance.now() + slept
    },
    after (ms, run) {
      const timer = setTimeout(run, Math.min(ms, LONGEST_MS))
      return () => clearTimeout(timer)
    }
  }
}
