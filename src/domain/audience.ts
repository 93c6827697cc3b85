/**
 * Who watches, from the least to the most that is shown: totals; states without people; people too, where they allow it.
 */
export const AUDIENCES = ['counts', 'anonymous', 'named'] as const
export type Audience = typeof AUDIENCES[number]

/** The lesser of two. */
export function atMost (wanted: Audience, allowed: Audience): Audience {
  return AUDIENCES.indexOf(wanted) < AUDIENCES.indexOf(allowed) ? wanted : allowed
}

/** Who watches as what: an audience, or a display, which sees names only while and where the policy lets displays show them. */
export const VIEWERS = [...AUDIENCES, 'display'] as const
export type Viewer = typeof VIEWERS[number]

/** What a viewer sees of a floor with that policy. */
export function audienceOf (viewer: Viewer, { displayNames }: { displayNames: boolean }): Audience {
  return viewer === 'display' ? displayNames ? 'named' : 'anonymous' : viewer
}
