import type { Rules } from './rules.ts'
import type { SpaceRecord } from './space.ts'
import { statusOf } from './status.ts'
import type { Millis } from './time.ts'

/** When it was asked for: what waited without a connection is placed there, and never after now. */
export function askedAt ({ at }: { at?: Millis }, { now }: Rules): Millis {
  return Math.min(at ?? now, now)
}

/**
 * Since when nobody has had the space, as far as its record says; now where it does not. What is told late may begin as long ago as that: records forget claims that have ended,
 * and history must not say that two had it at once.
 */
export function freeSince (space: SpaceRecord, { now }: Rules): Millis {
  // What was due since the last commit may have been a claim that began, and has ended again.
  const known = space.due === null || space.due > now
  return known && statusOf(space).status === 'free' ? Math.min(space.since, now) : now
}
