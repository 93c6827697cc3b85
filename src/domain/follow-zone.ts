import type { Draft } from './draft.ts'
import { datesOf } from './holdings.ts'
import type { SpaceId } from './ids.ts'
import { dayKey } from './keys.ts'
import type { Rules } from './rules.ts'
import type { Holding } from './space.ts'

/**
 * Put every claim of a space under the days of the site's zone, where they are still named by another. Whoever looks for claims at a time looks under the
 * days that the calendar gives that time and nowhere else, so this comes before anything else (INV-1). True when it did so. Nodes that differ about the zone meanwhile do this to and
 * fro; each commit is right for the zone that it was made in.
 */
export function followZone (draft: Draft, rules: Rules, id: SpaceId): boolean {
  const space = draft.space(id)
  const { timeZone } = rules.calendar
  if (space === null || space.timeZone === timeZone) return false
  draft.need(space.days.map(date => dayKey(id, date)))
  const held = new Map(space.days.flatMap(date => draft.holdings(id, date)).map(holding => [holding.claim.id, holding]))
  const byDate = new Map<string, Holding[]>()
  for (const { claim, ...rest } of held.values()) {
    const dates = datesOf(rules, claim)
    for (const date of dates) byDate.set(date, [...byDate.get(date) ?? [], { ...rest, claim, dates }])
  }
  const days = [...byDate.keys()].sort()
  draft.need(days.map(date => dayKey(id, date)))
  for (const date of space.days) if (!byDate.has(date)) draft.setHoldings(id, space.floor, date, [])
  for (const [date, holdings] of byDate) draft.setHoldings(id, space.floor, date, holdings.sort((a, b) => a.claim.from - b.claim.from))
  draft.setSpace(id, { ...space, timeZone, days })
  return true
}
