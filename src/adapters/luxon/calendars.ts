import { IANAZone } from 'luxon'
import { LRUCache } from 'lru-cache'
import type { Calendars, SiteHours } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import { hoursText, LuxonCalendar } from './calendar.ts'

/** Calendars that are kept: more than the sites of a large installation that are busy at once. */
const CALENDARS_KEPT = 500

/** Calendars by luxon, with the time-zone data of this Node. */
export function luxonCalendars (): Calendars {
  const made = new LRUCache<string, LuxonCalendar>({ max: CALENDARS_KEPT })
  return {
    of (hours: SiteHours): LuxonCalendar {
      const text = hoursText(hours)
      const known = made.get(text)
      if (known !== undefined) return known
      if (!isZone(hours.zone)) throw new PerchError('BAD_REQUEST', { reason: `"${hours.zone}" is no IANA time zone`, field: 'zone' })
      const calendar = new LuxonCalendar(hours)
      made.set(text, calendar)
      return calendar
    },
    isZone
  }
}

/** Offsets like +02:00 are no zones: a site's clock changes with its country's laws. */
function isZone (zone: string): boolean {
  return /^[A-Za-z]/.test(zone) && IANAZone.isValidZone(zone)
}
