import type { ClaimId } from './ids.ts'
import type { Draft } from './draft.ts'
import { holdingOf } from './holdings.ts'
import { advance } from './occupancy.ts'
import { Refusal, type Rules } from './rules.ts'
import type { Holding, SpaceRecord } from './space.ts'

/** An active claim with its space, after whatever was due there. @throws Refusal CLAIM_UNKNOWN, CLAIM_ENDED */
export function activeHolding (draft: Draft, rules: Rules, id: ClaimId): { holding: Holding, space: SpaceRecord } {
  const known = draft.claim(id)
  if (known === null) throw new Refusal('CLAIM_UNKNOWN', { claim: id })
  advance(draft, rules, known.claim.space)
  const { claim } = draft.claim(id) ?? known
  if (claim.life.state === 'ended') throw new Refusal('CLAIM_ENDED', { claim: id, why: claim.life.why, at: claim.life.at })
  const space = draft.space(claim.space)
  if (space === null) throw new Refusal('SPACE_UNKNOWN', { space: claim.space })
  return { holding: holdingOf(draft, rules, claim), space }
}
