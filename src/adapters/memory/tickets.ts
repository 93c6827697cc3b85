import type { Tickets } from '../../application/tickets.ts'

/** Notes at a time: about 10 MB. The oldest go first. */
const MOST = 20_000

interface Held {
  body: string
  until: number
}

/** Tickets of the one node that there is. `now`: milliseconds that never go back. */
export function memoryTickets (now: () => number): Tickets {
  /** In the order in which they came, which is the order in which they end where all last as long. */
  const notes = new Map<string, Held>()
  /** What each holder put down in this stretch of time. */
  const counts = new Map<string, number>()
  let stretch = -1

  function forgetEnded (at: number, ttlMs: number): void {
    for (const [name, { until }] of notes) {
      if (until > at && notes.size < MOST) break
      notes.delete(name)
    }
    const current = Math.floor(at / ttlMs)
    if (current !== stretch) counts.clear()
    stretch = current
  }

  return {
    async put ({ name, holder, body }, ttlMs, most) {
      const at = now()
      forgetEnded(at, ttlMs)
      const count = (counts.get(holder) ?? 0) + 1
      if (count > most) return false
      counts.set(holder, count)
      notes.set(name, { body, until: at + ttlMs })
      return true
    },
    async take (name) {
      const held = notes.get(name)
      notes.delete(name)
      return held === undefined || held.until <= now() ? null : held.body
    },
    async close () {}
  }
}
