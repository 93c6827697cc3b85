import { useEffect, useState } from 'preact/hooks'

const MINUTE_MS = 60_000

/** The time by that clock, in Unix milliseconds, anew with each minute that begins on it. */
export function useMinute (now: () => number): number {
  const [at, setAt] = useState(now)
  useEffect(() => {
    // A little late, or the minute might not be over by a rounding.
    const timer = setTimeout(() => setAt(now()), MINUTE_MS - now() % MINUTE_MS + 20)
    return () => clearTimeout(timer)
  }, [at])
  return at
}
