import { isActive, type Claim } from '../domain/claim.ts'
import type { FloorId, PersonId, SpaceId } from '../domain/ids.ts'
import type { SpaceKind } from '../domain/space.ts'
import type { Millis } from '../domain/time.ts'
import { claimsOfPerson } from './finding.ts'
import type { Lookup } from './places.ts'
import type { Store } from './ports.ts'
import type { Principal } from './principal.ts'
import { may, SEES } from './rights.ts'

export interface Whereabouts {
  floor: FloorId
  space: SpaceId
}

/** Where people are; where their cars and coats are says nothing of that. */
const WHERE_PEOPLE_ARE: ReadonlySet<SpaceKind> = new Set<SpaceKind>(['desk', 'room', 'booth'])

/**
 * Where somebody who is visible is now, as a screen would show it to the one who asks; null: nowhere, or nowhere that they may watch with names. A kiosk is not told: whoever
 * passes by may search there.
 */
export async function whereabouts (parts: { store: Store, cached: Pick<Lookup, 'floor'> }, principal: Principal, person: PersonId, now: Millis): Promise<Whereabouts | null> {
  const { org, role } = principal
  if (role === 'kiosk' || SEES[role] !== 'named') return null
  const claims = (await claimsOfPerson(parts.store, org, person, { from: now, to: now + 1 }))
    .filter(claim => isActive(claim) && claim.from <= now && now < claim.to && WHERE_PEOPLE_ARE.has(claim.kind))
    .sort(mostLikely)
  for (const { floor, space } of claims) {
    const site = (await parts.cached.floor(org, floor))?.site
    if (site !== undefined && may(principal, 'watch', { site })) return { floor, space }
  }
  return null
}

/** Where they have checked in; of several where they went last. */
function mostLikely (a: Claim, b: Claim): number {
  return Number(b.life.state === 'present') - Number(a.life.state === 'present') || b.from - a.from
}
