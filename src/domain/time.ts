/** Unix milliseconds. Callers pass `now`: this folder has no clock. */
export type Millis = number

export const SECOND: Millis = 1_000
export const MINUTE: Millis = 60 * SECOND
export const HOUR: Millis = 60 * MINUTE
export const DAY: Millis = 24 * HOUR

/** The half-open [from, to). */
export interface Span {
  from: Millis
  to: Millis
}

/** True where two half-open spans share an instant; spans that only touch do not. */
export function overlaps (a: Span, b: Span): boolean {
  return a.from < b.to && b.from < a.to
}

/** Claims begin and end on whole seconds, so that what the wire shows (RFC 3339 in seconds) is what is compared. */
export function wholeSecond (at: Millis): Millis {
  return Math.floor(at / SECOND) * SECOND
}

/** A day of a site in its own time zone: `key` is its ISO date. A day lasts 23 to 25 hours. */
export interface SiteDay extends Span {
  key: string
  /** Opening hours on that day; null: closed all day. A site without opening hours is open from midnight to midnight. */
  open: Span | null
}

/** A site's calendar: its zone and opening hours as instants. Pure: the same arguments give the same answer. */
export interface SiteCalendar {
  /** The IANA name of the zone that the days are of. */
  readonly timeZone: string
  /** The day that `at` falls in. */
  dayOf (at: Millis): SiteDay
  /** Every day that the span touches, in order. */
  days (span: Span): readonly SiteDay[]
  /** When that ISO date begins. */
  startOf (date: string): Millis
}

/** Days since 1970-01-01 UTC that the span touches. People's records go by these: sites in different zones must meet in one record (INV-2). */
export function utcDays (span: Span): number[] {
  const first = Math.floor(span.from / DAY)
  const last = Math.floor((span.to - 1) / DAY)
  if (last === first) return [first]
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
