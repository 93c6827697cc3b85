import { language, type Language } from '../words/language.ts'
import type { At } from './site-clock.ts'

export { minutesOfDay, onDayOf, type At } from './site-clock.ts'

/** The house is European, whoever reads it: a day comes before its month. */
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de', fr: 'fr' }

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making one costs more than a hundred uses of it. */
function format (zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language.value} ${zone} ${JSON.stringify(options)}`
  const known = formats.get(key) ?? new Intl.DateTimeFormat(LOCALES[language.value], { ...options, timeZone: zone })
  formats.set(key, known)
  return known
}

/** Like 09:03, on the clock of the site, whatever the device's own zone is. */
export function timeText (at: At, zone: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at))
}

/** Like Tuesday, 3 March. */
export function dayText (at: At, zone: string): string {
  return format(zone, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at))
}
