import type { SiteView } from '../../protocol/site.ts'
import { minutesOfDay, onDayOf, weekdayOf } from '../time/site-clock.ts'
import type { ThemeOption } from './options.ts'

type SiteHours = Pick<SiteView, 'zone' | 'hours'>

/** Minutes after midnight between which light on dark would be hard to read in a bright lobby. */
const LIGHT_FROM = 7 * 60
const LIGHT_UNTIL = 19 * 60
/** In minutes: when nobody is there, and the backups of whoever has them are not running yet. */
const NIGHT_FROM = 2 * 60
const NIGHT_MINUTES = 2 * 60
const DAY_MS = 24 * 3_600_000

/** Whether somebody may be there. A site without hours is always open. */
export function isOpen ({ zone, hours }: SiteHours, now: number): boolean {
  if (hours === null) return true
  const today = hours[weekdayOf(now, zone)]
  if (today === undefined) return false
  const minutes = minutesOfDay(now, zone)
  return minutes >= minutesOf(today.opens) && minutes < minutesOf(today.closes)
}

/** Null: as the system has it. A closed house is dark, unless somebody said that it is to be light. `site` null: not known yet. */
export function themeAt (option: ThemeOption, site: SiteHours | null, now: number): 'light' | 'dark' | null {
  if (option === 'light' || option === 'dark') return option
  if (site === null) return null
  if (!isOpen(site, now)) return 'dark'
  if (option === 'auto') return null
  const minutes = minutesOfDay(now, site.zone)
  return minutes >= LIGHT_FROM && minutes < LIGHT_UNTIL ? 'light' : 'dark'
}

/** The next moment at night, on the site's clock: between two and four, `share` (0 to 1) of the way, so that the screens of a house do not come all at once. */
export function nextNight (zone: string, now: number, share: number): number {
  const minutes = NIGHT_FROM + Math.floor(share * NIGHT_MINUTES)
  for (let day = 0; ; day++) {
    const moment = +onDayOf(now + day * DAY_MS, zone, minutes)
    if (moment > now) return moment
  }
}

function minutesOf (time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
