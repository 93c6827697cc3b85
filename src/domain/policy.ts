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
  /** A zone with fewer spaces that can be claimed is not counted by itself for who may see no more than counts; 1: every zone is. */
  smallZone: number
  /** Displays may show names of those who are visible. */
  displayNames: boolean
  /** Of an org: people who were never given a visibility are hidden until they choose. */
  hiddenAtFirst: boolean
  /** Of an org: for how many days it is known who did and had what; then nobody can say any more, and the figures stay. */
  historyDays: number
}

/** The longest stay that any policy may set; it bounds how many day records one claim touches. */
export const LONGEST_STAY: Millis = 31 * DAY
/** No history is shorter: for so many days the outcome of a claim's id must be known (INV-4), and with it whose it was. */
export const SHORTEST_HISTORY_DAYS = 8
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
  minStayMs: HOUR / 2,
  smallZone: 5,
  displayNames: false,
  hiddenAtFirst: false,
  historyDays: 30
}

export const PRESETS = ['open', 'standard', 'works-council'] as const
export type Preset = typeof PRESETS[number]

/** Sets of values with a name, for what people are seen and remembered of. Who names one may set single values over it. */
const PRESET_VALUES: Readonly<Record<Preset, Pick<Policy, 'smallZone' | 'displayNames' | 'hiddenAtFirst' | 'historyDays'>>> = {
  open: { smallZone: 1, displayNames: true, hiddenAtFirst: false, historyDays: 365 },
  standard: { smallZone: 5, displayNames: false, hiddenAtFirst: false, historyDays: 30 },
  'works-council': { smallZone: 10, displayNames: false, hiddenAtFirst: true, historyDays: 14 }
}

/** What an org or site sets of its own; `preset` lies below its other values. */
export type PolicyChange = { readonly [K in keyof Omit<Policy, 'overlapping'>]?: Policy[K] | undefined } & {
  readonly overlapping?: { readonly [K in SpaceKind]?: number | null | undefined } | undefined
  readonly preset?: Preset | undefined
}

/** Lays changes over one another, the last on top. */
export function effectivePolicy (...changes: ReadonlyArray<PolicyChange | null>): Policy {
  let policy = DEFAULT_POLICY
  for (const change of changes) {
    if (change === null) continue
    const { preset, ...own } = change
    policy = { ...policy, ...(preset !== undefined && PRESET_VALUES[preset]), ...given(own), overlapping: { ...policy.overlapping, ...given(change.overlapping ?? {}) } }
  }
  return policy
}

/** The members that are set: an explicit undefined must not hide what lies below. */
function given<T extends object> (change: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }
}
