import Type from 'typebox'
import type { Millis } from '../domain/time.ts'

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** Days that every month has. */
const SHORTEST_MONTH = 28

/** A moment on the wire: RFC 3339 with an offset; Perch itself writes UTC in whole seconds. */
export const Moment = Type.String({ format: 'date-time', maxLength: 40, description: 'RFC 3339; written in UTC and whole seconds', examples: ['2026-03-02T08:00:00Z'] })

/** Whole seconds, rounded down. Only years 0 to 9999 have such a form; others give null. */
export function toMoment (at: Millis): string {
  return new Date(at).toISOString().slice(0, 19) + 'Z'
}

/** Null when the text is no moment: `Date` alone would take dates without a zone and roll 31 February over to March. */
export function fromMoment (text: string): Millis | null {
  if (!SHAPE.test(text)) return null
  const at = Date.parse(text)
  if (Number.isNaN(at)) return null
  const day = Number(text.slice(8, 10))
  if (day <= SHORTEST_MONTH) return at
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate()
  return day <= lastDay ? at : null
}
