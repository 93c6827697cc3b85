import type { PlaceSpaces, Placing } from './command.ts'
import type { Draft } from './draft.ts'
import { dayKey, spaceKey } from './keys.ts'
import { endHolding } from './holdings.ts'
import { advance, settle } from './occupancy.ts'
import { Refusal, type Rules } from './rules.ts'
import type { SpaceRecord } from './space.ts'

/** Bring spaces in line with the plan. A removed space that has claims is refused, or its claims end, as the command says. */
export function placeSpaces (draft: Draft, rules: Rules, command: PlaceSpaces): void {
  draft.need(command.spaces.map(({ space }) => spaceKey(space)))
  const used = command.spaces.filter(placing => placing.removed && !command.release && hasClaims(draft, rules, placing.space))
  if (used.length > 0) throw new Refusal('SPACE_IN_USE', { spaces: used.map(({ space }) => space) })
  for (const placing of command.spaces) placeSpace(draft, rules, command, placing)
  if (command.floorRecord !== null) {
    const { smallZone, displayNames } = rules.policy
    draft.setFloor(command.floor, { ...command.floorRecord, smallZone, displayNames })
    draft.tell({ type: 'planned', floor: command.floor, plan: command.floorRecord.plan, policy: command.floorRecord.policy })
  }
}

function hasClaims (draft: Draft, rules: Rules, space: string): boolean {
  advance(draft, rules, space)
  return (draft.space(space)?.days.length ?? 0) > 0
}

function placeSpace (draft: Draft, rules: Rules, command: PlaceSpaces, placing: Placing): void {
  advance(draft, rules, placing.space)
  const known = draft.space(placing.space)
  if (known === null && placing.removed) return
  const { space: id, ...fields } = placing
  const before = known ?? newSpace(command, placing, rules)
  if (known !== null && known.floor !== command.floor) throw new Refusal('PLAN_INVALID', { space: id, floor: known.floor })
  draft.setSpace(id, { ...before, ...fields, site: command.site, removed: placing.removed })
  if (placing.removed && !before.removed) {
    endAllClaims(draft, rules, id)
    draft.tell({ type: 'removed', floor: command.floor, space: id })
  } else if (known === null || (before.removed && !placing.removed)) {
    draft.tell({ type: 'placed', floor: command.floor, space: id })
  }
  settle(draft, rules, id)
}

function endAllClaims (draft: Draft, rules: Rules, id: string): void {
  const { days } = draft.space(id) as SpaceRecord
  draft.need(days.map(date => dayKey(id, date)))
  for (const date of days) {
    for (const holding of draft.holdings(id, date)) endHolding(draft, holding, 'removed', rules.now)
  }
}

/** A space that nothing has happened to yet. */
export function newSpace (at: { site: string, floor: string }, placing: Placing, rules: Rules): SpaceRecord {
  return {
    site: at.site,
    floor: at.floor,
    zone: placing.zone,
    kind: placing.kind,
    sensorOnly: placing.sensorOnly,
    removed: placing.removed,
    block: null,
    reading: null,
    current: null,
    next: null,
    brief: false,
    since: rules.now,
    timeZone: rules.calendar.timeZone,
    day: rules.calendar.dayOf(rules.now).key,
    days: [],
    due: null
  }
}
