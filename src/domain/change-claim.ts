import type { Claim, ClaimLife } from './claim.ts'
import type { ChangeClaim } from './command.ts'
import type { Draft } from './draft.ts'
import { activeHolding } from './claim-lookup.ts'
import { claimableSpace } from './claim-space.ts'
import { datesOf, putHolding, takeHolding } from './holdings.ts'
import type { SpaceId } from './ids.ts'
import { mayHold } from './may-hold.ts'
import { advance, settle } from './occupancy.ts'
import { shownName } from './person.ts'
import { outsidePolicy, Refusal, type Rules } from './rules.ts'
import type { Holding, SpaceRecord } from './space.ts'
import { wholeSecond, type Millis } from './time.ts'
import { askedAt, freeSince } from './told-late.ts'

/** Another end, another space, or both, in one step: the claim is never nowhere. Asking for what already is changes nothing. */
export function changeClaim (draft: Draft, rules: Rules, command: ChangeClaim): { claim: Claim, repeated: boolean } {
  const { holding, space } = activeHolding(draft, rules, command.claim)
  const old = holding.claim
  const to = command.to === null ? old.to : wholeSecond(command.to)
  const target = command.space ?? old.space
  if (to === old.to && target === old.space) return { claim: old, repeated: true }
  if (to <= rules.now) throw outsidePolicy('past', { to })
  if (to <= old.from) throw new Refusal('BAD_REQUEST', { reason: '`to` must be later than `from`', field: 'to' })

  const changed = target === old.space ? inPlace(draft, rules, command, holding, to) : elsewhere(draft, rules, command, holding, space, to, target)
  const hash = draft.claim(old.id)?.hash ?? ''
  takeHolding(draft, holding)
  putHolding(draft, { ...changed, name: shownName(command.person), dates: datesOf(rules, changed.claim) }, hash)
  const { claim } = changed
  if (target === old.space) draft.tell({ type: 'changed', floor: claim.floor, space: target, claim })
  else {
    draft.tell({ type: 'moved', floor: claim.floor, space: target, claim, was: { floor: old.floor, space: old.space, from: old.from } })
    settle(draft, rules, old.space)
  }
  settle(draft, rules, target)
  return { claim, repeated: false }
}

/** Another end. A shorter claim asks for nothing new, so nothing can stand against it; it stays what it was granted as. */
function inPlace (draft: Draft, rules: Rules, command: ChangeClaim, holding: Holding, to: Millis): Holding {
  const claim = { ...holding.claim, to }
  if (to < holding.claim.to) return { ...holding, claim }
  return allowed(draft, rules, command, holding, claimableSpace(draft, claim.space), claim)
}

function elsewhere (
  draft: Draft, rules: Rules, command: ChangeClaim, holding: Holding, space: SpaceRecord, to: Millis, target: SpaceId
): Holding {
  const old = holding.claim
  advance(draft, rules, target)
  const place = claimableSpace(draft, target)
  if (place.site !== space.site) throw outsidePolicy('site', { site: place.site })
  const begun = old.from <= rules.now
  // Who moves after the claim began was elsewhere until then: the new space is theirs from then on.
  const from = begun ? wholeSecond(Math.max(askedAt(command, rules), old.from, freeSince(place, rules))) : old.from
  return allowed(draft, rules, command, holding, place, { ...old, space: target, floor: place.floor, from, to, life: lifeAfterMove(rules, old, begun) })
}

/** What is asked for beyond the old claim is granted like a new one, under the rules of today. */
function allowed (draft: Draft, rules: Rules, command: ChangeClaim, holding: Holding, place: SpaceRecord, asked: Claim): Holding {
  const claim: Claim = { ...asked, kind: place.kind, sole: rules.policy.overlapping[place.kind] === 1 }
  mayHold(draft, rules, command.person, place, claim, { id: claim.id, space: claim.space, eligible: command.eligible })
  return { ...holding, claim, provisional: holding.provisional || rules.provisional }
}

/** Who is there stays there; who has not come yet gets the full grace at the new space. */
function lifeAfterMove (rules: Rules, old: Claim, begun: boolean): ClaimLife {
  if (old.life.state !== 'booked' || old.life.releaseAt === null || !begun) return old.life
  return { state: 'booked', releaseAt: Math.max(old.life.releaseAt, rules.now + (rules.policy.releaseGraceMs ?? 0)) }
}
