import type { Eligible } from '../domain/space.ts'
import type { StoredFloor } from './directory.ts'
import type { Principal } from './principal.ts'
import { may } from './rights.ts'

/**
 * A floor as that principal may see it. Whose a space is, is told to who may read people; everybody else finds themselves on the lists, and groups (INV-7): a plan is shown wherever a
 * display hangs.
 */
export function planFor (principal: Principal, floor: StoredFloor): StoredFloor {
  if (may(principal, 'read-people')) return floor
  const own = (list: Eligible | null): Eligible | null => list === null ? null : { ...list, people: list.people.filter(id => id === principal.person) }
  return { ...floor, zones: floor.zones.map(zone => ({ ...zone, for: own(zone.for) })), spaces: floor.spaces.map(space => ({ ...space, for: own(space.for) })) }
}
