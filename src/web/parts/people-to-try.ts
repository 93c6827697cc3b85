import type { SignedIn } from '../live/session.ts'
import type { Role } from '../../domain/role.ts'

/** Whoever may do most is looked for first: there are few of them. */
const FIRST: readonly Role[] = ['admin', 'manager']

const rank = ({ role }: SignedIn): number => FIRST.includes(role) ? FIRST.indexOf(role) : FIRST.length

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Those with words in their name that begin like all words of the search, however accents are typed; the mightiest first, then by name. */
export function peopleToTry (people: readonly SignedIn[], search: string): SignedIn[] {
  const wanted = plain(search).split(/\s+/).filter(word => word !== '')
  return people
    .filter(({ name }) => wanted.every(word => plain(name).split(/[\s-]+/).some(part => part.startsWith(word))))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}
