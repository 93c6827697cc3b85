import type { Draft } from './draft.ts'
import type { SpaceId } from './ids.ts'
import { dayKey } from './keys.ts'
import { nextDue, noShowAt, vacantAt } from './deadlines.ts'
import { followZone } from './follow-zone.ts'
import { endHolding, liveOn } from './holdings.ts'
import type { Rules } from './rules.ts'
import type { Holding, SpaceRecord } from './space.ts'
import { statusOf } from './status.ts'
import type { Millis } from './time.ts'

/**
 * Do what time alone demands of a space: every deadline at or before now. Each command does this first, so that it never depends on whether the keeper
 * has been here; the keeper does this and nothing else. True when that changed anything: `settle` must follow. Until then the record's own
 * `current` and `next` are those of the last commit.
 */
export function advance (draft: Draft, rules: Rules, id: SpaceId): boolean {
  const followed = followZone(draft, rules, id)
  const space = draft.space(id)
  if (space === null || space.due === null || space.due > rules.now) return followed
  const until = space.block?.until ?? null
  if (until !== null && until <= rules.now) liftBlock(draft, rules, id, until)
  const today = rules.calendar.dayOf(rules.now).key
  const dates = space.days.filter(date => date <= today)
  draft.need(dates.map(date => dayKey(id, date)))
  for (const date of dates) {
    for (const holding of draft.holdings(id, date)) endWhatIsDue(draft, rules, holding)
  }
  const after = draft.space(id) ?? space
  if (after.reading !== null && after.reading.staleAt !== null && after.reading.staleAt <= rules.now) {
    draft.setSpace(id, { ...after, reading: { ...after.reading, staleAt: null } })
  }
  return true
}

function endWhatIsDue (draft: Draft, rules: Rules, holding: Holding): void {
  const { claim } = holding
  const space = draft.space(claim.space)
  if (space === null) return
  if (claim.to <= rules.now) endHolding(draft, holding, 'over', claim.to)
  else if (claim.life.state === 'booked') {
    const at = noShowAt(rules, space, holding)
    if (at !== null && at <= rules.now) endHolding(draft, holding, 'no-show', rules.now)
  } else {
    const at = vacantAt(rules, space, holding)
    if (at !== null && at <= rules.now) endHolding(draft, holding, 'vacant', rules.now)
  }
}

/** The claim that covers that moment, as the days say. */
export function heldAt (draft: Draft, rules: Rules, id: SpaceId, at: Millis): Holding | null {
  const date = rules.calendar.dayOf(at).key
  if (draft.space(id)?.days.includes(date) !== true) return null
  return draft.holdings(id, date).find(({ claim }) => claim.from <= at && at < claim.to) ?? null
}

/** Out of service until `at` and no longer; whoever could not check in meanwhile gets the full grace (INV-9). */
export function liftBlock (draft: Draft, rules: Rules, id: SpaceId, at: Millis): void {
  const space = draft.space(id)
  if (space === null || space.block === null) return
  draft.setSpace(id, { ...space, block: null })
  draft.tell({ type: 'unblocked', floor: space.floor, space: id })
  const holding = heldAt(draft, rules, id, at)
  if (holding === null || holding.claim.life.state !== 'booked' || holding.claim.life.releaseAt === null) return
  const grace = rules.policy.releaseGraceMs
  const releaseAt = grace === null ? null : Math.max(holding.claim.life.releaseAt, at + grace)
  if (releaseAt === holding.claim.life.releaseAt) return
  const { claim } = liveOn(draft, holding, { state: 'booked', releaseAt })
  draft.tell({ type: 'changed', floor: space.floor, space: id, claim })
}

/**
 * After the last change of a command: which claim has begun, which comes next, how long that holds. Every command on a space ends with this, and tells at least
 * one event of it: whatever moves a floor's seq is in the ledger (INV-5).
 */
export function settle (draft: Draft, rules: Rules, id: SpaceId): void {
  const space = draft.space(id)
  if (space === null) return
  const { now, calendar, policy } = rules
  const today = calendar.dayOf(now).key
  const holdings = space.days.includes(today) ? draft.holdings(id, today) : []
  const current = holdings.find(({ claim }) => claim.from <= now && now < claim.to) ?? null
  const next = holdings.find(({ claim }) => claim.from > now) ?? null
  const before = draft.original(id)
  if (current !== null && current.claim.id !== before?.current?.claim.id && !draft.puts(current.claim.id)) {
    draft.tell({ type: 'began', floor: space.floor, space: id, claim: current.claim })
  }
  const settled: SpaceRecord = {
    ...space,
    day: today,
    current,
    next,
    brief: current === null && next !== null && next.claim.from - now < policy.minStayMs
  }
  const { status } = statusOf(settled)
  // Free again is not free still: a claim began and ended since the last commit.
  if (before === null || status !== statusOf(before).status || (status === 'free' && draft.endsBegun(id, now))) settled.since = now
  settled.due = nextDue(rules, settled)
  draft.setSpace(id, settled)
  if (settled.due !== space.due) draft.setDue(`space/${id}`, settled.due)
  if (!draft.tellsOf(id)) draft.tell({ type: 'settled', floor: space.floor, space: id })
}
