import type { Claim } from './claim.ts'
import type { CheckIn } from './command.ts'
import type { Draft } from './draft.ts'
import { activeHolding } from './claim-lookup.ts'
import { datesOf, liveOn, putHolding, takeHolding } from './holdings.ts'
import { mayHold } from './may-hold.ts'
import { settle } from './occupancy.ts'
import { outsidePolicy, Refusal, type Rules } from './rules.ts'
import type { Holding, SpaceRecord } from './space.ts'
import { wholeSecond } from './time.ts'

/** The holder is there. Safe to repeat. Who comes early where nothing is in the way begins early. */
export function checkIn (draft: Draft, rules: Rules, command: CheckIn): { claim: Claim, repeated: boolean } {
  const { holding, space } = activeHolding(draft, rules, command.claim)
  const { claim } = holding
  if (claim.life.state === 'present') return { claim, repeated: true }
  const opensAt = claim.from - rules.policy.checkInEarlyMs
  if (rules.now < opensAt) throw outsidePolicy('check-in-window', { opensAt })
  if (space.block !== null) throw new Refusal('SPACE_BLOCKED', { space: claim.space, until: space.block.until })
  const begun = rules.now < claim.from ? beginEarly(draft, rules, holding, space) : holding
  const present = liveOn(draft, begun, { state: 'present', since: rules.now })
  draft.tell({ type: 'checked-in', floor: claim.floor, space: claim.space, claim: present.claim })
  settle(draft, rules, claim.space)
  return { claim: present.claim, repeated: false }
}

/** The claim from now on, if space and person are free until it would have begun; else as it is. */
function beginEarly (draft: Draft, rules: Rules, holding: Holding, space: SpaceRecord): Holding {
  const { claim } = holding
  const earlier: Claim = { ...claim, from: wholeSecond(rules.now), sole: rules.policy.overlapping[claim.kind] === 1 }
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
