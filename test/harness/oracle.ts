import assert from 'node:assert/strict'
import type { Claim } from '../../src/domain/claim.ts'
import type { ChangeClaim, ClaimSpace, Command } from '../../src/domain/command.ts'
import type { ErrorDetail } from '../../src/domain/errors.ts'
import { claimIdTime } from '../../src/domain/ids.ts'
import { DAY, type Millis, type Span } from '../../src/domain/time.ts'
import { active } from './invariants.ts'
import type { Town } from './town.ts'
import type { Answer } from './world.ts'

/**
 * Holds an answer against all claims there are, each compared with each and none by its day: what was granted was free, what was refused as taken or busy was not,
 * and an id that was granted before is not granted again (INV-4). `before`: what was active when the command came.
 */
export function isRight (town: Town, command: Command, answer: Answer, before: readonly Claim[]): void {
  if (command.type !== 'claim' && command.type !== 'change') return
  if (!answer.ok) return refusedRightly(town, command, answer, before)
  const { claim, repeated } = answer.outcome
  assert.ok(claim !== null, 'a command on a claim answers with it')
  if (command.type === 'claim') stoodForNothing(town, command, repeated)
  if (repeated) return
  const old = before.find(({ id }) => id === claim.id)
  // A shorter claim asks for nothing new.
  if (old === undefined || old.space !== claim.space || claim.to > old.to) wasFree(town, claim)
}

/** An id stands for one request, is granted once, and not when it might have been forgotten (INV-4). */
function stoodForNothing (town: Town, { id, hash }: ClaimSpace, repeated: boolean): void {
  const sent = town.granted.filter(request => request.id === id)
  assert.deepEqual(sent.map(request => request.hash), [hash], 'an id is granted once, and stands for what was asked for then (INV-4)')
  const age = town.now - claimIdTime(id)
  if (!repeated) assert.ok(age <= 7 * DAY && age >= -DAY, 'an id is granted while it cannot have been forgotten (INV-4)')
}

function shareAnInstant (a: Span, b: Span): boolean {
  return Math.max(a.from, b.from) < Math.min(a.to, b.to)
}

function wasFree (town: Town, claim: Claim): void {
  const others = active(town).filter(({ id }) => id !== claim.id)
  const rivals = others.filter(other => other.space === claim.space && shareAnInstant(other, claim))
  assert.deepEqual(rivals, [], 'a space is granted that was free (INV-1)')
  const space = town.spaceOf(claim.space)
  const { block } = space
  assert.ok(block === null || (block.until !== null && block.until <= claim.from), 'a space is granted that is in service')
  const limit = town.sites.get(space.site)?.policy.overlapping[claim.kind] ?? Infinity
  const own = others.filter(({ person, kind }) => person === claim.person && kind === claim.kind)
  for (const at of instants(claim, own)) {
    const held = own.filter(({ from, to }) => from <= at && at < to)
    assert.ok(held.length < limit, `a person is granted no more than the policy allows (INV-2): ${JSON.stringify(held)}`)
  }
}

/** Where one more claim could be one too many: at its beginning, and at each beginning within. */
function instants (claim: Claim, others: readonly Claim[]): Millis[] {
  return [claim.from, ...others.map(({ from }) => from).filter(from => claim.from < from && from < claim.to)]
}

function refusedRightly (town: Town, command: ClaimSpace | ChangeClaim, { code, detail }: Extract<Answer, { ok: false }>, before: readonly Claim[]): void {
  const own = command.type === 'change' ? before.find(({ id }) => id === command.claim) : undefined
  const target = command.space ?? own?.space
  if (code === 'SPACE_TAKEN') {
    const taken = before.find(({ id, space, from, to }) => id !== own?.id && space === target && from === detail['from'] && to === detail['to'])
    assert.ok(taken !== undefined && inTheWay(town, taken, command, own), `a space that is taken is claimed: ${JSON.stringify(detail)}`)
  } else if (code === 'PERSON_BUSY') {
    const busy = before.find(({ id, person }) => id === detail['claim'] && person === command.person.id)
    assert.ok(busy !== undefined && busy.id !== own?.id && inTheWay(town, busy, command, own), `a person that is busy has a claim: ${JSON.stringify(detail)}`)
    const { kind, site } = town.spaceOf(target ?? '')
    assert.equal(busy.kind, kind, 'and of the same kind')
    const held = before.filter(other => other.id !== own?.id && other.person === busy.person && other.kind === kind && inTheWay(town, other, command, own))
    const most = Math.max(...held.map(({ from }) => held.filter(other => other.from <= from && from < other.to).length))
    assert.ok(most >= (town.sites.get(site)?.policy.overlapping[kind] ?? Infinity), 'a person that is busy holds as many at once as the policy allows')
  } else if (code === 'CLAIM_ID_REUSED') isReused(town, command, detail)
}

/** The other claim shares an instant with what was asked for, as far as that says when. A claim that stays where it is is asked for whole. */
function inTheWay (town: Town, other: Claim, command: ClaimSpace | ChangeClaim, own: Claim | undefined): boolean {
  const now = Math.floor(town.now / 1000) * 1000
  const to = command.to ?? own?.to ?? Infinity
  if (command.type === 'claim') return shareAnInstant(other, { from: Math.max(now, command.from ?? 0), to })
  const stays = command.space === null || command.space === own?.space
  return shareAnInstant(other, { from: stays ? own?.from ?? 0 : Math.max(now, own?.from ?? 0), to })
}

function isReused (town: Town, command: ClaimSpace | ChangeClaim, { claim }: ErrorDetail): void {
  const first = town.granted.find(({ id }) => id === claim)
  assert.ok(first !== undefined && command.type === 'claim' && first.hash !== command.hash, 'an id that is taken stands for something else')
}
