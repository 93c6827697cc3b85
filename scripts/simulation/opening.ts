import { DateTime } from 'luxon'
import type { SiteView } from '../../src/protocol/site.ts'

/** Whether people may be at the site all the time from one moment to the other, as far as both lie on one day. Unix milliseconds. */
export function isOpen ({ zone, hours }: SiteView, from: number, to: number): boolean {
  if (hours === null) return true
  const local = DateTime.fromMillis(from, { zone })
  const open = hours[local.weekday as 1 | 2 | 3 | 4 | 5 | 6 | 7]
  if (open === undefined) return false
  const until = DateTime.fromMillis(to, { zone })
  return open.opens <= local.toFormat('HH:mm') && until.hasSame(local, 'day') && until.toFormat('HH:mm') < open.closes
}
