import type { ClaimId, GroupId, PersonId, SpaceId } from './ids.ts'
import type { SpaceKind } from './space.ts'
import { MINUTE, type Millis, type Span } from './time.ts'

export type Visibility = 'everyone' | 'hidden'

/** Wrong PINs in a row, then it is locked. */
export const PIN_TRIES = 5
export const PIN_LOCKED_MS: Millis = 15 * MINUTE

/** What the rules need to know of a person. */
export interface Person {
  id: PersonId
  name: string
  visibility: Visibility
  groups: readonly GroupId[]
}

/** One active claim of a person, as far as INV-2 needs it. */
export interface PersonSlot extends Span {
  id: ClaimId
  space: SpaceId
  kind: SpaceKind
}

/** The active claims of one person that touch one UTC day. */
export interface PersonRecord {
  slots: readonly PersonSlot[]
}

/** What screens of the `named` audience may show of a person (INV-7): null for somebody who is hidden. */
export function shownName (person: Person): string | null {
  return person.visibility === 'everyone' ? person.name : null
}
