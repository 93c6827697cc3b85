import { signal, type ReadonlySignal } from '@preact/signals'
import type { Perch } from '../../client/index.ts'

const TICK_MS = 1_000

/** The server's time in Unix milliseconds, once a second: what hangs on the time of day hangs on this one timer. The returned function ends it. */
export function timeNow (perch: Perch): { now: ReadonlySignal<number>, end: () => void } {
  const now = signal(perch.now())
  const every = setInterval(() => { now.value = perch.now() }, TICK_MS)
  return { now, end: () => clearInterval(every) }
}
