import type { PersonId } from '../domain/ids.ts'
import type { Eligible } from '../domain/space.ts'
import type { StoredFloor } from './directory.ts'
import type { Principal } from './principal.ts'
import { may } from './rights.ts'

/** As nearly everybody sees it: the same object for each, so that what is made of it is made once. */
const strangers = new WeakMap<StoredFloor, StoredFloor>()

/**
 * A floor as that principal may see it. Whose a space is, is told to who may read people; everybody else finds themselves on the lists, and groups (INV-7): a plan is shown wherever a
 * display hangs.
 */
export function planFor (principal: Principal, floor: StoredFloor): StoredFloor {
  if (may(principal, 'read-people')) return floor
  const lists = [...floor.zones, ...floor.spaces].flatMap(({ for: list }) => list?.people ?? [])
  if (lists.length === 0) return floor
  if (principal.person !== null && lists.includes(principal.person)) return shownTo(principal.person, floor)
  const known = strangers.get(floor) ?? shownTo(null, floor)
  strangers.set(floor, known)
  return known
}

function shownTo (person: PersonId | null, floor: StoredFloor): StoredFloor {
  const own = (list: Eligible | null): Eligible | null => list === null ? null : { ...list, people: list.people.filter(id => id === person) }
  return { ...floor, zones: floor.zones.map(zone => ({ ...zone, for: own(zone.for) })), spaces: floor.spaces.map(space => ({ ...space, for: own(space.for) })) }
}
