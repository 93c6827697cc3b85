import type { SpaceKind } from './space.ts'
import { DAY, HOUR, MINUTE, type Millis } from './time.ts'

/** An org's or site's rules, all set. A site's own values win over the org's, those over the defaults. */
export interface Policy {
  /** Check-in opens this long before `from`. */
  checkInEarlyMs: Millis
  /** A claim that nobody checked in is released this long after it began or was made, whichever is later; null: never. */
  releaseGraceMs: Millis | null
  /** A site is cut off while every kiosk that was there is gone, and for this long at most; nobody is a no-show meanwhile (INV-9). 0: it never is. */
  cutOffMs: Millis
  longestStayMs: Millis
  /** How far ahead `from` may lie. */
  horizonMs: Millis
  /** Overlapping claims that a person may hold per kind; null: no limit. */
  overlapping: Readonly<Record<SpaceKind, number | null>>
  /** An occupied reading checks in the claim that has begun. */
  readingChecksIn: boolean
  /** A space that stays vacant this long while its holder is checked in is released; null: never. */
  readingEndsAfterMs: Millis | null
  /** An occupied reading makes an unclaimed space `occupied`. */
  readingMarks: boolean
  /** A reading says nothing any more after this long. */
  readingStaleMs: Millis
  /** A space whose next claim begins sooner counts as free only briefly. */
  minStayMs: Millis
}

/** The longest stay that any policy may set; it bounds how many day records one claim touches. */
export const LONGEST_STAY: Millis = 31 * DAY
/** The farthest horizon that any policy may set. */
export const FARTHEST_HORIZON: Millis = 366 * DAY

export const DEFAULT_POLICY: Policy = {
  checkInEarlyMs: 15 * MINUTE,
  releaseGraceMs: 15 * MINUTE,
  cutOffMs: HOUR,
  longestStayMs: 31 * DAY,
  horizonMs: 30 * DAY,
  overlapping: { desk: 1, room: null, booth: 1, parking: 1, locker: 1 },
  readingChecksIn: true,
  readingEndsAfterMs: null,
  readingMarks: true,
  readingStaleMs: 10 * MINUTE,
  minStayMs: HOUR / 2
}

/** What an org or site sets of its own. */
export type PolicyChange = { readonly [K in keyof Omit<Policy, 'overlapping'>]?: Policy[K] | undefined } & {
  readonly overlapping?: { readonly [K in SpaceKind]?: number | null | undefined } | undefined
}

/** Lays changes over one another, the last on top. */
export function effectivePolicy (...changes: ReadonlyArray<PolicyChange | null>): Policy {
  let policy = DEFAULT_POLICY
  for (const change of changes) {
    if (change === null) continue
    policy = { ...policy, ...given(change), overlapping: { ...policy.overlapping, ...given(change.overlapping ?? {}) } }
  }
  return policy
}

/** The members that are set: an explicit undefined must not hide what lies below. */
function given<T extends object> (change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }
}
