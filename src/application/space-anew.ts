import type { Claim } from '../domain/claim.ts'
import { Draft } from '../domain/draft.ts'
import { datesOf } from '../domain/holdings.ts'
import { dayKey } from '../domain/keys.ts'
import { settle } from '../domain/occupancy.ts'
import { newSpace } from '../domain/place-spaces.ts'
import type { Space } from '../domain/plan.ts'
import type { Rules } from '../domain/rules.ts'
import type { Holding, SpaceRecord } from '../domain/space.ts'
import type { StoredFloor } from './directory.ts'

/** A space's record and those of its days, made from what the ledger knows of it. `claims`: the active ones, by `from`. */
export function spaceAnew (
  rules: Rules, floor: Pick<StoredFloor, 'id' | 'site'>, space: Space, known: Pick<SpaceRecord, 'block' | 'reading'>, claims: ReadonlyArray<{ claim: Claim, name: string | null }>
): { record: SpaceRecord, days: ReadonlyMap<string, readonly Holding[]> } {
  const days = new Map<string, Holding[]>()
  for (const { claim, name } of claims) {
    const holding: Holding = { claim, name, dates: datesOf(rules, claim), provisional: false }
    for (const date of holding.dates) {
      const others = days.get(date)
      if (others === undefined) days.set(date, [holding])
      else others.push(holding)
    }
  }
  const today = dayKey(space.id, rules.calendar.dayOf(rules.now).key)
  const held = { version: 1, value: { holdings: days.get(rules.calendar.dayOf(rules.now).key) ?? [] } }
  const draft = new Draft({ has: () => true, get: key => key === today ? held : { version: 0, value: null } })
  const fresh = newSpace({ site: floor.site, floor: floor.id }, { ...space, space: space.id, removed: false }, rules)
  draft.setSpace(space.id, { ...fresh, ...known, days: [...days.keys()].sort() })
  settle(draft, rules, space.id)
  const settled = draft.space(space.id) ?? fresh
  // Whatever fell due during the outage is done by the keeper as its first work: one look at each space that time can change.
  const looked = claims.length > 0 || known.block !== null || known.reading !== null
  return { record: looked ? { ...settled, due: rules.now } : settled, days }
}
