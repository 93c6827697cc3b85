import { IANAZone } from 'luxon'
import type { SiteHours } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import { DAY, MINUTE, SECOND, type Millis, type SiteCalendar, type SiteDay, type Span } from '../../domain/time.ts'

/** Days that one calendar remembers: more than the farthest horizon. */
const DAYS_KEPT = 512

const CLOCK = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/

/**
 * Local time is counted here as if it were UTC: milliseconds since 1970-01-01 00:00 on the site's wall clock. A local time stands for the first moment of its day
 * at which the clock shows it or a later one. So a time that falls into a gap is the end of the gap, one that comes twice is the first, and the order of
 * times is never turned around.
 */
export class LuxonCalendar implements SiteCalendar {
  readonly timeZone: string
  readonly #zone: IANAZone
  readonly #hours: SiteHours['hours']
  /** By days since 1970-01-01 on the site's calendar. Asked millions of times for the same few. */
  readonly #days = new Map<number, SiteDay>()
  /** Some offset of the zone, in milliseconds: where `dayOf` begins to look. */
  #guess: Millis

  /** The zone must be known. @throws BAD_REQUEST for a time of day that is none */
  constructor ({ zone, hours }: SiteHours) {
    for (const { opens, closes } of Object.values(hours ?? {})) [opens, closes].forEach(clockMs)
    this.timeZone = zone
    this.#zone = IANAZone.create(zone)
    this.#hours = hours
    this.#guess = this.#offset(0)
  }

  dayOf (at: Millis): SiteDay {
    let number = Math.floor((at + this.#guess) / DAY)
    let day = this.#day(number)
    // The guess is off by hours at most; a date that a zone left out has no length.
    while (at < day.from) day = this.#day(--number)
    while (at >= day.to) day = this.#day(++number)
    return day
  }

  days ({ from, to }: Span): readonly SiteDay[] {
    const days: SiteDay[] = []
    for (let at = from; at < to;) {
      const day = this.dayOf(at)
      days.push(day)
      at = day.to
    }
    return days
  }

  startOf (date: string): Millis {
    return this.#day(Date.parse(`${date}T00:00:00Z`) / DAY).from
  }

  #day (number: number): SiteDay {
    const known = this.#days.get(number)
    if (known !== undefined) return known
    const day = this.#make(number)
    if (this.#days.size >= DAYS_KEPT) this.#days.clear()
    this.#days.set(number, day)
    return day
  }

  #make (number: number): SiteDay {
    const from = this.#moment(number * DAY)
    const to = this.#moment((number + 1) * DAY)
    this.#guess = this.#offset(from)
    return { key: new Date(number * DAY).toISOString().slice(0, 10), from, to, open: this.#open(number, { from, to }) }
  }

  #open (number: number, day: Span): Span | null {
    if (this.#hours === null) return { from: day.from, to: day.to }
    const hours = this.#hours[weekday(number)]
    if (hours === undefined) return null
    const from = this.#moment(number * DAY + clockMs(hours.opens))
    const to = this.#moment(number * DAY + clockMs(hours.closes))
    return from < to ? { from, to } : null
  }

  /** The first moment at which the wall clock shows `local` or later. Supposes at most one change of offset within two days. */
  #moment (local: Millis): Millis {
    const before = this.#offset(local - DAY)
    const after = this.#offset(local + DAY)
    const early = local - before
    const late = local - after
    if (before === after || this.#offset(early) === before) return early
    if (this.#offset(late) === after) return late
    return this.#endOfGap(late, early, before)
  }

  /** The clock is put forward in (low, high]: when. */
  #endOfGap (low: Millis, high: Millis, before: Millis): Millis {
    while (high - low > SECOND) {
      const middle = low + Math.floor((high - low) / (2 * SECOND)) * SECOND
      if (this.#offset(middle) === before) low = middle
      else high = middle
    }
    return high
  }

  /** Local time less UTC. Before railways offsets had seconds. */
  #offset (at: Millis): Millis {
    return Math.round(this.#zone.offset(at) * MINUTE)
  }
}

type Weekday = keyof NonNullable<SiteHours['hours']>
const WEEKDAYS: readonly Weekday[] = ['1', '2', '3', '4', '5', '6', '7']

/** Day 0 was a Thursday. */
function weekday (number: number): Weekday {
  return WEEKDAYS[((number + 3) % 7 + 7) % 7] ?? '1'
}

/** Milliseconds after midnight on the wall clock. @throws BAD_REQUEST */
function clockMs (text: string): Millis {
  const match = CLOCK.exec(text)
  if (match === null) throw new PerchError('BAD_REQUEST', { reason: `"${text}" is no time of day like 08:30`, field: 'hours' })
  return text === '24:00' ? DAY : Number(match[1]) * 60 * MINUTE + Number(match[2]) * MINUTE
}

/** Hours as text: the same hours give the same text. */
export function hoursText ({ zone, hours }: SiteHours): string {
  let text = zone
  if (hours === null) return text
  for (const day of WEEKDAYS) {
    const open = hours[day]
    text += open === undefined ? ' closed' : ` ${open.opens}-${open.closes}`
  }
  return text
}
