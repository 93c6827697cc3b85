import { TZDate } from '@date-fns/tz'

/** A moment as the wire has it, a `Date`, or Unix milliseconds. */
export type At = string | Date | number

/** The moment at which the site's clock shows that time (`minutes` after midnight) on the day of `at`: summer time is accounted for. */
export function onDayOf (at: At, zone: string, minutes: number): Date {
  const day = new TZDate(new Date(at), zone)
  return new Date(+new TZDate(day.getFullYear(), day.getMonth(), day.getDate(), Math.floor(minutes / 60), minutes % 60, 0, zone))
}

/** Minutes after the site's midnight. */
export function minutesOfDay (at: At, zone: string): number {
  const local = new TZDate(new Date(at), zone)
  return local.getHours() * 60 + local.getMinutes()
}

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

const WEEKDAYS: readonly Weekday[] = [7, 1, 2, 3, 4, 5, 6]

/** By ISO, 1 Monday to 7 Sunday, at the site. */
export function weekdayOf (at: At, zone: string): Weekday {
  return WEEKDAYS[new TZDate(new Date(at), zone).getDay()] ?? 7
}

/** Whether the site's calendar shows the same day for both. */
export function isSameDay (one: At, other: At, zone: string): boolean {
  return +onDayOf(one, zone, 0) === +onDayOf(other, zone, 0)
}
