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

/** As ISO has it: 1 is Monday, 7 Sunday. */
export function weekdayOf (at: At, zone: string): 1 | 2 | 3 | 4 | 5 | 6 | 7 {
  const day = new TZDate(new Date(at), zone).getDay()
  return (day === 0 ? 7 : day) as 1 | 2 | 3 | 4 | 5 | 6 | 7
}
