import type { Policy } from './policy.ts'
import { MINUTE, type Millis } from './time.ts'

/** What nobody says for longer than this has a break: three times in a row nobody did. Shorter ones take nothing from anybody's grace that counts. */
export const BREAK_MS: Millis = 6_000
/** After a break, for claims that were given a grace by a policy that has changed since and knows none now. */
const FORMER_GRACE: Millis = 15 * MINUTE

/** Something that is so for as long as it is said again and again. Until it is said first all are 0. */
export interface Presence {
  /** When it was said last before its last break. */
  goneAt: Millis
  /** When it was said again: the end of that break. */
  backAt: Millis
  lastAt: Millis
}

export const NEVER: Presence = { goneAt: 0, backAt: 0, lastAt: 0 }

/** Since when it is so without a break, as far as `presence` tells; `now` during a break. A break counts for `longestMs`. */
export function unbrokenSince (presence: Presence, now: Millis, longestMs: Millis = Infinity): Millis {
  const { goneAt, backAt, lastAt } = presence
  return now - lastAt > BREAK_MS ? Math.min(now, lastAt + longestMs) : Math.min(backAt, goneAt + longestMs)
}

/**
 * Nobody is a no-show before (INV-9): everyone gets their grace after the last time that check-in was impossible.
 * `shard`: that people are served. `kiosks`: that one is at the site; a site where none was ever seen needs none.
 */
export function noShowsNotBefore (now: Millis, { releaseGraceMs, cutOffMs }: Policy, shard: Presence, kiosks: Presence): Millis {
  return Math.max(unbrokenSince(shard, now), unbrokenSince(kiosks, now, cutOffMs)) + (releaseGraceMs ?? FORMER_GRACE)
}

/** It is said once more. A clock that was set back by as much as a break hides how long nothing was said, and counts as one. */
export function saidAgain (presence: Presence, now: Millis): Presence {
  const { goneAt, backAt, lastAt } = presence
  if (Math.abs(now - lastAt) > BREAK_MS) return { goneAt: lastAt, backAt: now, lastAt: now }
  return { goneAt, backAt, lastAt: Math.max(lastAt, now) }
}
