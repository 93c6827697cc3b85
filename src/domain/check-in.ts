import type { Claim } from './claim.ts'
import type { CheckIn } from './command.ts'
import type { Draft } from './draft.ts'
import { activeHolding } from './claim-lookup.ts'
import { noShowAt } from './deadlines.ts'
import { datesOf, liveOn, putHolding, takeHolding } from './holdings.ts'
import type { ClaimId } from './ids.ts'
import { mayHold } from './may-hold.ts'
import { settle } from './occupancy.ts'
import { outsidePolicy, Refusal, type Rules } from './rules.ts'
import type { Holding, SpaceRecord } from './space.ts'
import { wholeSecond, type Millis } from './time.ts'
import { askedAt, freeSince } from './told-late.ts'

/** The holder is there, or was there when it was asked for. Safe to repeat. Who comes early where nothing is in the way begins early. */
export function checkIn (draft: Draft, rules: Rules, command: CheckIn): { claim: Claim, repeated: boolean } {
  const at = askedAt(command, rules)
  const { holding, space } = heldInTime(draft, rules, command.claim, at)
  const { claim } = holding
  if (claim.life.state === 'present') return { claim, repeated: true }
  const opensAt = claim.from - rules.policy.checkInEarlyMs
  if (at < opensAt) throw outsidePolicy('check-in-window', { opensAt })
  if (space.block !== null && space.block.since <= at) throw new Refusal('SPACE_BLOCKED', { space: claim.space, until: space.block.until })
  const begun = rules.now < claim.from ? beginEarly(draft, rules, holding, space, at) : holding
  const present = liveOn(draft, begun, { state: 'present', since: at })
  draft.tell({ type: 'checked-in', floor: claim.floor, space: claim.space, claim: present.claim })
  settle(draft, rules, claim.space)
  return { claim: present.claim, repeated: false }
}

/** Who was there in time is no no-show, though nobody could say so until now and the keeper may be about to end it (INV-9). @throws Refusal CLAIM_UNKNOWN, CLAIM_ENDED */
function heldInTime (draft: Draft, rules: Rules, id: ClaimId, at: Millis): { holding: Holding, space: SpaceRecord } {
  if (at === rules.now) return activeHolding(draft, rules, id)
  const held = activeHolding(draft, { ...rules, noShowsNotBefore: Infinity }, id)
  const missedAt = noShowAt(rules, held.space, held.holding)
  if (missedAt !== null && missedAt <= at) throw new Refusal('CLAIM_ENDED', { claim: id, why: 'no-show', at: missedAt })
  return held
}

/** The claim from then on, if space and person are free until it would have begun; else as it is. */
function beginEarly (draft: Draft, rules: Rules, holding: Holding, space: SpaceRecord, at: Millis): Holding {
  const { claim } = holding
  const earlier: Claim = { ...claim, from: wholeSecond(Math.max(at, freeSince(space, rules))), sole: rules.policy.overlapping[claim.kind] === 1 }
  try {
    const holder = { id: claim.person, name: '', visibility: 'hidden', groups: [] } as const
    // The claim keeps its kind (INV-2), whatever the plan has made of the space meanwhile.
    mayHold(draft, rules, holder, { ...space, kind: claim.kind }, earlier, { id: claim.id, space: claim.space, eligible: [] })
  } catch (refused) {
    if (refused instanceof Refusal) return holding
    throw refused
  }
  const hash = draft.claim(claim.id)?.hash ?? ''
  takeHolding(draft, holding)
  const moved = { ...holding, claim: earlier, dates: datesOf(rules, earlier) }
  putHolding(draft, moved, hash)
  return moved
}
