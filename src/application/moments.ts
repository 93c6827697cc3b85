import { PerchError } from '../domain/errors.ts'
import type { Millis } from '../domain/time.ts'
import { fromMoment } from '../protocol/time.ts'

/** Beyond these a moment is a mistake, and arithmetic with it would be one, too. */
const EARLIEST = Date.UTC(2000, 0)
const LATEST = Date.UTC(2200, 0)

/** A moment of a request; null where it was left out. @throws BAD_REQUEST with the field's name */
export function momentOf (field: string, text: string | undefined): Millis | null {
  if (text === undefined) return null
  const at = fromMoment(text)
  if (at === null) throw new PerchError('BAD_REQUEST', { field, reason: `\`${field}\` is not an RFC 3339 moment like 2026-03-02T08:00:00Z` })
  if (at < EARLIEST || at >= LATEST) throw new PerchError('BAD_REQUEST', { field, reason: `\`${field}\` lies outside the years 2000 to 2199` })
  return at
}
