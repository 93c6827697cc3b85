import type { Claim, ClaimLife } from './claim.ts'
import type { ClaimSpace } from './command.ts'
import type { Draft } from './draft.ts'
import { claimIdTime } from './ids.ts'
import { datesOf, putHolding } from './holdings.ts'
import { mayHold } from './may-hold.ts'
import { advance, settle } from './occupancy.ts'
import { shownName } from './person.ts'
import { outsidePolicy, Refusal, type Rules } from './rules.ts'
import type { SpaceRecord } from './space.ts'
import { askedAt, freeSince } from './told-late.ts'
import { DAY, MINUTE, wholeSecond, type Millis, type Span } from './time.ts'

/** An id that is older is refused: its outcome may be forgotten, so it could be granted twice (INV-4). */
const OLDEST_ID: Millis = 7 * DAY
/** A caller's clock may be ahead, but an id from the far future would be kept for ever. */
const NEWEST_ID: Millis = DAY
/** What still counts as "now" for a caller whose clock or network is slow. */
const JUST_NOW: Millis = MINUTE

/** Grant a space to a person for a time, or refuse. Asked again with the same id and content, the answer is the claim as it is by then. */
export function claimSpace (draft: Draft, rules: Rules, command: ClaimSpace): { claim: Claim, repeated: boolean } {
  const known = draft.claim(command.id)
  if (known !== null) {
    if (known.hash !== command.hash) throw new Refusal('CLAIM_ID_REUSED', { claim: command.id })
    return { claim: known.claim, repeated: true }
  }
  const age = rules.now - claimIdTime(command.id)
  if (age > OLDEST_ID || age < -NEWEST_ID) throw new Refusal('BAD_REQUEST', { reason: 'the time in the claim id is more than 7 days past or 1 day ahead', field: 'id' })

  advance(draft, rules, command.space)
  const space = claimableSpace(draft, command.space)
  const span = spanOf(draft, rules, command, space)
  mayHold(draft, rules, command.person, space, span, command)
  const claim: Claim = {
    id: command.id,
    space: command.space,
    floor: space.floor,
    kind: space.kind,
    person: command.person.id,
    by: command.by,
    ...span,
    createdAt: rules.now,
    sole: rules.policy.overlapping[space.kind] === 1,
    life: firstLife(rules, command, span.from)
  }
  putHolding(draft, { claim, name: shownName(command.person), dates: datesOf(rules, span), provisional: rules.provisional }, command.hash)
  draft.tell({ type: 'granted', floor: claim.floor, space: claim.space, claim, hash: command.hash })
  settle(draft, rules, command.space)
  return { claim, repeated: false }
}

/** @throws Refusal SPACE_UNKNOWN, OUTSIDE_POLICY */
export function claimableSpace (draft: Draft, id: string): SpaceRecord {
  const space = draft.space(id)
  if (space === null || space.removed) throw new Refusal('SPACE_UNKNOWN', { space: id })
  if (space.sensorOnly) throw outsidePolicy('sensor-only', { space: id })
  return space
}

function firstLife (rules: Rules, command: ClaimSpace, from: Millis): ClaimLife {
  const { checkInEarlyMs, releaseGraceMs } = rules.policy
  if (command.checkIn) {
    if (from - checkInEarlyMs > rules.now) throw outsidePolicy('check-in-window', { opensAt: from - checkInEarlyMs })
    return { state: 'present', since: Math.max(askedAt(command, rules), Math.min(from, rules.now)) }
  }
  // A claim made late, for a time that has begun, has its full grace.
  return { state: 'booked', releaseAt: releaseGraceMs === null ? null : Math.max(from, rules.now) + releaseGraceMs }
}

function spanOf (draft: Draft, rules: Rules, command: ClaimSpace, space: SpaceRecord): Span {
  const now = wholeSecond(rules.now)
  const asked = wholeSecond(askedAt(command, rules))
  let from = command.from === null ? asked : wholeSecond(command.from)
  if (from < asked - JUST_NOW) throw outsidePolicy('past', { from })
  if (from < now) from = Math.max(from, asked, wholeSecond(freeSince(space, rules)))
  if (from > now + rules.policy.horizonMs) throw outsidePolicy('horizon', { latest: now + rules.policy.horizonMs })
  const to = command.to === null ? openEnd(draft, rules, command.space, space, from) : wholeSecond(command.to)
  // It was for a time that has gone by meanwhile.
  if (asked < now && to <= now) throw outsidePolicy('past', { to })
  return { from, to }
}

/** Where a claim without `to` ends: at closing time, at the next claim, or after the longest stay. */
function openEnd (draft: Draft, rules: Rules, id: string, space: SpaceRecord, from: Millis): Millis {
  const day = rules.calendar.dayOf(from)
  let to = Math.min(day.open?.to ?? day.to, from + rules.policy.longestStayMs)
  if (space.days.includes(day.key)) {
    const next = draft.holdings(id, day.key).find(({ claim }) => claim.from > from)
    if (next !== undefined) to = Math.min(to, next.claim.from)
  }
  return to
}
