import type { ClaimId, FloorId, PersonId, SpaceId } from './ids.ts'

/**
 * What a record of the live state is called within its org. Ids hold no slash, so a key is never ambiguous.
 * floor/<floor>, space/<space>, day/<space>/<date>, person/<person>/<UTC day number>, claim/<claim id>
 */
export type Key = `floor/${string}` | `space/${string}` | `day/${string}/${string}` | `person/${string}/${string}` | `claim/${string}`

export type RecordType = 'floor' | 'space' | 'day' | 'person' | 'claim'

export const floorKey = (floor: FloorId): Key => `floor/${floor}`
export const spaceKey = (space: SpaceId): Key => `space/${space}`
export const dayKey = (space: SpaceId, date: string): Key => `day/${space}/${date}`
export const personKey = (person: PersonId, utcDay: number): Key => `person/${person}/${utcDay}`
export const claimKey = (claim: ClaimId): Key => `claim/${claim}`

/** The part of a key before its first slash. */
export function typeOf (key: Key): RecordType {
  return key.slice(0, key.indexOf('/')) as RecordType
}

/** The space of a day's key. */
export function spaceOf (key: Key): SpaceId {
  return key.slice(key.indexOf('/') + 1, key.lastIndexOf('/'))
}

/** The date of a day's key. */
export function dateOf (key: Key): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/** The part of a key behind its first slash: `space/d1` names `d1`, `day/d1/2026-01-31` names `d1/2026-01-31`. */
export function nameOf (key: Key): string {
  return key.slice(key.indexOf('/') + 1)
}
