import { isSameDay, type At } from '../time/site-clock.ts'
import { dayText, timeText } from '../time/site-time.ts'

/** Like 14:00, or with the day before it where it is another day than that of `now`. */
export function whenText (at: At, now: number, zone: string): string {
  return isSameDay(at, now, zone) ? timeText(at, zone) : `${dayText(at, zone)}, ${timeText(at, zone)}`
}
