import type { ReadSensor } from './command.ts'
import type { Draft } from './draft.ts'
import { liveOn } from './holdings.ts'
import type { SpaceId } from './ids.ts'
import { advance, heldAt, settle } from './occupancy.ts'
import { Refusal, type Rules } from './rules.ts'
import type { Reading, SpaceRecord } from './space.ts'
import { isFresh } from './status.ts'
import type { Millis } from './time.ts'

/**
 * What a sensor said. Late, out of order and repeated readings change nothing; one that says what is known already is committed at most once per half of its
 * stale time, so that chatty sensors cost no commits.
 */
export function readSensor (draft: Draft, rules: Rules, command: ReadSensor): 'applied' | 'same' | 'late' {
  advance(draft, rules, command.space)
  const space = draft.space(command.space)
  if (space === null || space.removed) throw new Refusal('SPACE_UNKNOWN', { space: command.space })
  const { policy } = rules
  // A sensor whose clock is ahead must not silence the readings that follow.
  const at = Math.min(command.at, rules.now)
  const old = space.reading
  if ((old !== null && at <= old.at) || at + policy.readingStaleMs <= rules.now) return 'late'
  const same = old !== null && old.value === command.value && (isFresh(old) || command.value === 'unknown')
  if (same && (command.value === 'unknown' || at - old.at < policy.readingStaleMs / 2)) return 'same'

  const reading: Reading = {
    value: command.value,
    at,
    since: same ? old.since : at,
    staleAt: command.value === 'unknown' ? null : at + policy.readingStaleMs,
    marks: policy.readingMarks
  }
  draft.setSpace(command.space, { ...space, reading })
  draft.tell({ type: 'read', floor: space.floor, space: command.space, reading })
  if (command.value === 'occupied' && policy.readingChecksIn) checkInBySensor(draft, rules, space, command.space, at)
  settle(draft, rules, command.space)
  return 'applied'
}

/** The claim that had begun when the sensor measured is checked in by somebody being there. Before that, who is there may be somebody else. */
function checkInBySensor (draft: Draft, rules: Rules, space: SpaceRecord, id: SpaceId, measured: Millis): void {
  const current = heldAt(draft, rules, id, rules.now)
  if (current === null || space.block !== null || current.claim.life.state !== 'booked' || current.claim.from > measured) return
  const { claim } = liveOn(draft, current, { state: 'present', since: rules.now })
  draft.tell({ type: 'checked-in', floor: claim.floor, space: id, claim })
}
