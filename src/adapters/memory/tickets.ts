import type { Tickets } from '../../application/tickets.ts'

/** Notes at a time, and counts likewise: about 10 MB. The oldest go first. */
const MOST = 20_000
/** So much room is made at once, so that a flood does not look through all of them for each one that comes. */
const ROOM = MOST / 10
/** What has ended goes within this time, and is not found before. */
const SWEEP_MS = 10_000

interface Ending {
  until: number
}

/** Tickets of the one node that there is. `now`: milliseconds that never go back. */
export function memoryTickets (now: () => number): Tickets {
  const notes = new Map<string, Ending & { body: string }>()
  /** By holder and stretch of time. */
  const counts = new Map<string, Ending & { n: number }>()
  let sweepAt = 0

  function makeRoom (at: number): void {
    const isTime = at >= sweepAt
    if (isTime) sweepAt = at + SWEEP_MS
    for (const map of [notes, counts]) if (isTime || map.size >= MOST) forgetEnded(map, at)
  }

  function countOf (holder: string, at: number, ttlMs: number): { n: number } {
    const stretch = Math.floor(at / ttlMs)
    const key = `${holder}:${stretch}`
    const known = counts.get(key) ?? { n: 0, until: (stretch + 1) * ttlMs }
    counts.set(key, known)
    return known
  }

  function spend (holder: string, ttlMs: number, most: number): boolean {
    const at = now()
    makeRoom(at)
    const count = countOf(holder, at, ttlMs)
    if (count.n >= most) return false
    count.n++
    return true
  }

  function look (name: string): string | null {
    const held = notes.get(name)
    return held === undefined || held.until <= now() ? null : held.body
  }

  return {
    async put ({ name, holder, body }, ttlMs, most) {
      if (!spend(holder, ttlMs, most)) return false
      notes.set(name, { body, until: now() + ttlMs })
      return true
    },
    async take (name) {
      const body = look(name)
      notes.delete(name)
      return body
    },
    look: async name => look(name),
    spend: async (holder, ttlMs, most) => spend(holder, ttlMs, most),
    async refund (holder, ttlMs) {
      const count = countOf(holder, now(), ttlMs)
      count.n = Math.max(0, count.n - 1)
    },
    async close () {}
  }
}

/** In the order in which they came. */
function forgetEnded (map: Map<string, Ending>, at: number): void {
  for (const [key, { until }] of map) if (until <= at) map.delete(key)
  if (map.size < MOST) return
  for (const key of map.keys()) {
    if (map.size <= MOST - ROOM) return
    map.delete(key)
  }
}
