import { effectivePolicy, type Policy } from '../../domain/policy.ts'
import type { SiteView } from '../../protocol/site.ts'
import { isSameDay, minutesOfDay, onDayOf, weekdayOf, type At } from '../time/site-clock.ts'

/** Half-open, in Unix milliseconds. */
export interface Span {
  from: number
  to: number
}

/** Minutes after midnight that are shown of a day at a house that is always open; a claim outside of them shows more. */
const USUAL = { from: 7 * 60, to: 20 * 60 }
const HOUR_MINUTES = 60
const DAY_MINUTES = 24 * HOUR_MINUTES
/** So much of the day is left at least, or the next hours are shown as well. */
const LEAST_LEFT = 2 * HOUR_MINUTES

/** The part of the site's day of `at` that a time bar shows; null: closed on that day. `now` is in it if it is the same day. */
export function openSpan ({ zone, hours }: Pick<SiteView, 'zone' | 'hours'>, at: At, now: number): Span | null {
  const moment = (minutes: number): number => +onDayOf(at, zone, minutes)
  const opening = hours === null ? undefined : hours[weekdayOf(at, zone)]
  if (hours !== null && opening === undefined) return null
  const [opens, closes] = opening === undefined ? [USUAL.from, USUAL.to] : [minutesOf(opening.opens), minutesOf(opening.closes)]
  if (!isSameDay(at, now, zone)) return { from: moment(opens), to: moment(closes) }
  // What is over takes no room from what is to come.
  const hour = Math.floor(minutesOfDay(now, zone) / HOUR_MINUTES) * HOUR_MINUTES
  if (opening !== undefined) return { from: moment(Math.min(Math.max(opens, hour - HOUR_MINUTES), closes - HOUR_MINUTES)), to: moment(closes) }
  return { from: moment(Math.min(Math.max(opens, hour - HOUR_MINUTES), hour)), to: moment(Math.max(closes, Math.min(DAY_MINUTES, hour + HOUR_MINUTES + LEAST_LEFT))) }
}

/** "24:00" is the next midnight. */
function minutesOf (text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number)
  return hours * 60 + minutes
}

/** Whole hours to write below a bar, so that no more than `most` stand there. */
export function hourMarks ({ from, to }: Span, most: number): number[] {
  const hour = 3_600_000
  const steps = [1, 2, 3, 4, 6, 12]
  const step = (steps.find(hours => (to - from) / (hours * hour) <= most) ?? 24) * hour
  const marks: number[] = []
  for (let at = Math.ceil(from / hour) * hour; at <= to; at += step) marks.push(at)
  return marks
}

/** The site's rules as far as a page knows them: the org's own stand beneath and are not told, so the server has the last word. */
export function rulesOf (site: Pick<SiteView, 'policy'>): Policy {
  return effectivePolicy(site.policy)
}
