import { blockSpace, unblockSpace } from './block-space.ts'
import { changeClaim } from './change-claim.ts'
import { checkIn } from './check-in.ts'
import { claimSpace } from './claim-space.ts'
import type { Command, Forget, Outcome, Tick } from './command.ts'
import { confirm } from './confirm.ts'
import { disown } from './disown.ts'
import { Draft, MissingRecords, type Changes, type Records } from './draft.ts'
import type { Key } from './keys.ts'
import { claimKey, spaceKey } from './keys.ts'
import { forgettableAt } from './holdings.ts'
import { advance, settle } from './occupancy.ts'
import { placeSpaces } from './place-spaces.ts'
import { presentPerson } from './present-person.ts'
import { readSensor } from './read-sensor.ts'
import { release } from './release.ts'
import { Refusal, type Rules } from './rules.ts'

/** `need`: more records must be read first. `done` without changes: nothing is to be written. */
export type Decision =
  | { state: 'need', keys: readonly Key[] }
  | { state: 'refused', refusal: Refusal }
  | { state: 'done', changes: Changes | null, outcome: Outcome }

/**
 * The rules of occupancy: records and a command in, the next records and events out. The same input gives the same decision; nothing is read, awaited
 * or remembered here.
 */
export function decide (records: Records, command: Command, rules: Rules): Decision {
  const draft = new Draft(records)
  try {
    const outcome = { claim: null, repeated: false, reading: null, ...apply(draft, rules, command) }
    // What was done before, or says nothing new, needs no commit, whatever else the draft found due: that is the keeper's.
    const nothing = outcome.repeated || outcome.reading === 'late' || outcome.reading === 'same'
    return { state: 'done', changes: nothing ? null : draft.changes(), outcome }
  } catch (thrown) {
    if (thrown instanceof MissingRecords) return { state: 'need', keys: thrown.keys }
    if (thrown instanceof Refusal) return { state: 'refused', refusal: thrown }
    throw thrown
  }
}

function apply (draft: Draft, rules: Rules, command: Command): Partial<Outcome> {
  switch (command.type) {
    case 'claim': return claimSpace(draft, rules, command)
    case 'check-in': return checkIn(draft, rules, command)
    case 'release':
    case 'revoke': return release(draft, rules, command)
    case 'change': return changeClaim(draft, rules, command)
    case 'block': return blockSpace(draft, rules, command)
    case 'unblock': return unblockSpace(draft, rules, command)
    case 'read': return { reading: readSensor(draft, rules, command) }
    case 'tick': return tick(draft, rules, command)
    case 'forget': return forget(draft, rules, command)
    case 'place': return nothingMore(placeSpaces(draft, rules, command))
    case 'present': return nothingMore(presentPerson(draft, rules, command))
    case 'disown': return nothingMore(disown(draft, rules, command))
    case 'confirm': return nothingMore(confirm(draft, rules, command))
  }
}

function nothingMore (_: void): Partial<Outcome> {
  return {}
}

function tick (draft: Draft, rules: Rules, command: Tick): Partial<Outcome> {
  draft.need(command.spaces.map(spaceKey))
  for (const id of command.spaces) {
    const space = draft.space(id)
    // A deadline whose space is not due any more was left behind by a commit that a fault cut short: settling writes it anew.
    if (space === null) draft.setDue(`space/${id}`, null)
    else if (space.due !== null && space.due <= rules.now) {
      advance(draft, rules, id)
      settle(draft, rules, id)
    } else draft.setDue(`space/${id}`, space.due)
  }
  return {}
}

function forget (draft: Draft, rules: Rules, command: Forget): Partial<Outcome> {
  draft.need(command.claims.map(claimKey))
  for (const id of command.claims) {
    const known = draft.claim(id)
    const at = known === null ? null : forgettableAt(known.claim)
    const early = at !== null && at > rules.now
    draft.setDue(`claim/${id}`, early ? at : null)
    if (at !== null && !early) draft.setClaim(id, null)
  }
  return {}
}
