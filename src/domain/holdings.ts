import type { Claim, ClaimLife, EndedWhy } from './claim.ts'
import { withLife } from './claim.ts'
import type { Draft } from './draft.ts'
import { NEVER } from './deadlines.ts'
import { claimIdTime, type SpaceId } from './ids.ts'
import { claimKey, dayKey, personKey } from './keys.ts'
import { Refusal, type Rules } from './rules.ts'
import type { Holding } from './space.ts'
import { DAY, utcDays, type Millis } from './time.ts'

/** A claim id is known at least this long after its own time, a day longer than an id may be old (INV-4). */
export const KNOWN_AFTER_ID: Millis = 8 * DAY

/** From when on an ended claim may be forgotten: nobody can ask for its id any more. */
export function forgettableAt ({ id, life }: Claim): Millis | null {
  return life.state === 'ended' ? Math.max(life.at, claimIdTime(id) + KNOWN_AFTER_ID) : null
}

/**
 * The four places in which an active claim stands, always changed together: its space's days, the space's list of days, its person's days, and its own record.
 */
export function putHolding (draft: Draft, holding: Holding, hash: string): void {
  const { claim, dates } = holding
  const space = mustHave(draft, claim.space)
  draft.need([...dates.map(date => dayKey(claim.space, date)), ...utcDays(claim).map(day => personKey(claim.person, day))])
  for (const date of dates) draft.addHolding(claim.space, claim.floor, date, holding)
  for (const day of utcDays(claim)) draft.addSlot(claim.person, day, { id: claim.id, space: claim.space, kind: claim.kind, from: claim.from, to: claim.to })
  const added = dates.filter(date => !space.days.includes(date))
  if (added.length > 0) draft.setSpace(claim.space, { ...space, days: [...space.days, ...added].sort() })
  draft.setClaim(claim.id, { claim, hash })
  // With the claim itself, so that whoever finds the ledger caught up knows what to confirm, whoever died before.
  if (holding.provisional) draft.setDue(unconfirmed(claim.space), NEVER)
}

/** The deadline of a space that shows something provisional. */
export function unconfirmed (space: SpaceId): string {
  return `confirm/${space}`
}

/** Take an active claim out of its days; its own record stays for the caller to set. */
export function takeHolding (draft: Draft, holding: Holding): void {
  const { claim, dates } = holding
  const space = mustHave(draft, claim.space)
  draft.need([...dates.map(date => dayKey(claim.space, date)), ...utcDays(claim).map(day => personKey(claim.person, day))])
  const emptied = new Set<string>()
  for (const date of dates) {
    const left = draft.holdings(claim.space, date).filter(other => other.claim.id !== claim.id)
    if (left.length === 0) emptied.add(date)
    draft.setHoldings(claim.space, claim.floor, date, left)
  }
  for (const day of utcDays(claim)) {
    draft.setSlots(claim.person, day, draft.slots(claim.person, day).filter(slot => slot.id !== claim.id))
  }
  draft.setSpace(claim.space, { ...space, days: space.days.filter(date => !emptied.has(date)) })
}

/** Same claim, same time and place, something else about it. */
export function replaceHolding (draft: Draft, holding: Holding): void {
  const { claim, dates } = holding
  draft.need([claimKey(claim.id), ...dates.map(date => dayKey(claim.space, date))])
  for (const date of dates) {
    draft.setHoldings(claim.space, claim.floor, date, draft.holdings(claim.space, date).map(other => other.claim.id === claim.id ? holding : other))
  }
  draft.setClaim(claim.id, { claim, hash: hashOf(draft, claim) })
}

/** Replace by a new life; the holding as it is then. */
export function liveOn (draft: Draft, holding: Holding, life: Exclude<ClaimLife, { state: 'ended' }>): Holding {
  const changed = { ...holding, claim: withLife(holding.claim, life) }
  replaceHolding(draft, changed)
  return changed
}

/** The end of a claim: out of all days, its outcome kept until nobody can ask for its id any more. */
export function endHolding (draft: Draft, holding: Holding, why: EndedWhy, at: Millis): Claim {
  const claim = withLife(holding.claim, { state: 'ended', at, why })
  draft.need([claimKey(claim.id)])
  const hash = hashOf(draft, claim)
  takeHolding(draft, holding)
  draft.setClaim(claim.id, { claim, hash })
  draft.setDue(`claim/${claim.id}`, forgettableAt(claim))
  draft.tell({ type: 'ended', floor: claim.floor, space: claim.space, claim, why })
  return claim
}

/** The holding of an active claim, from the first of its days. @throws Refusal CLAIM_UNKNOWN */
export function holdingOf (draft: Draft, rules: Rules, claim: Claim): Holding {
  const found = draft.holdings(claim.space, rules.calendar.dayOf(claim.from).key).find(other => other.claim.id === claim.id)
  if (found === undefined) throw new Refusal('CLAIM_UNKNOWN', { claim: claim.id })
  return found
}

/** Put, with the days that the calendar gives its time. */
export function datesOf (rules: Rules, claim: Pick<Claim, 'from' | 'to'>): string[] {
  return rules.calendar.days(claim).map(day => day.key)
}

function hashOf (draft: Draft, claim: Claim): string {
  return draft.claim(claim.id)?.hash ?? ''
}

function mustHave (draft: Draft, id: string) {
  const space = draft.space(id)
  if (space === null) throw new Refusal('SPACE_UNKNOWN', { space: id })
  return space
}
