/**
 * Who watches, from the least to the most that is shown: totals; states without people; people too, where they allow it.
 */
export const AUDIENCES = ['counts', 'anonymous', 'named'] as const
export type Audience = typeof AUDIENCES[number]

/** The lesser of two. */
export function atMost (wanted: Audience, allowed: Audience): Audience {
  return AUDIENCES.indexOf(wanted) < AUDIENCES.indexOf(allowed) ? wanted : allowed
}
