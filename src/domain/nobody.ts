import type { PersonId } from './ids.ts'

/** Stands where a person was whom nobody may know any more. No id begins like that. */
export const NOBODY: PersonId = '-'

const PERSON = 'person:'

/** How a person stands in `by`. */
export const asPrincipal = (person: PersonId): string => `${PERSON}${person}`

/** Who stands in `by`; null: a device, a key, Perch itself. */
export function personIn (by: string): PersonId | null {
  return by.startsWith(PERSON) ? by.slice(PERSON.length) : null
}

/** The same without saying which person. */
export function impersonal (by: string): string {
  return by.startsWith(PERSON) ? 'person' : by
}
