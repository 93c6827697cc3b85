import type { BlockSpace, UnblockSpace } from './command.ts'
import type { Draft } from './draft.ts'
import { advance, liftBlock, settle } from './occupancy.ts'
import { outsidePolicy, Refusal, type Rules } from './rules.ts'
import type { SpaceRecord } from './space.ts'

/** Out of service from now on. Claims stay: their holders keep the right, and nobody is a no-show meanwhile. Said again it replaces the reason and the end. */
export function blockSpace (draft: Draft, rules: Rules, command: BlockSpace): { repeated: boolean } {
  advance(draft, rules, command.space)
  const space = placed(draft, command.space)
  if (command.until !== null && command.until <= rules.now) throw outsidePolicy('past', { until: command.until })
  const old = space.block
  if (old !== null && old.until === command.until && old.reason === command.reason) return { repeated: true }
  const block = { since: old?.since ?? rules.now, until: command.until, reason: command.reason, by: command.by }
  draft.setSpace(command.space, { ...space, block })
  draft.tell({ type: 'blocked', floor: space.floor, space: command.space, block })
  settle(draft, rules, command.space)
  return { repeated: false }
}

/** In service again. */
export function unblockSpace (draft: Draft, rules: Rules, command: UnblockSpace): { repeated: boolean } {
  advance(draft, rules, command.space)
  const space = placed(draft, command.space)
  if (space.block === null) return { repeated: true }
  liftBlock(draft, rules, command.space, rules.now)
  settle(draft, rules, command.space)
  return { repeated: false }
}

function placed (draft: Draft, id: string): SpaceRecord {
  const space = draft.space(id)
  if (space === null || space.removed) throw new Refusal('SPACE_UNKNOWN', { space: id })
  return space
}
