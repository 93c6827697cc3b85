import type { Claim } from './claim.ts'
import type { Release, Revoke } from './command.ts'
import type { Draft } from './draft.ts'
import { activeHolding } from './claim-lookup.ts'
import { endHolding } from './holdings.ts'
import { settle } from './occupancy.ts'
import { Refusal, type Rules } from './rules.ts'
import { askedAt } from './told-late.ts'

/** Give a claim back, before it begins or early, as of when that was asked for. Released already, by whomever, is the same answer again. */
export function release (draft: Draft, rules: Rules, command: Release | Revoke): { claim: Claim, repeated: boolean } {
  const why = command.type === 'revoke' ? 'revoked' : 'released'
  const known = draft.claim(command.claim)
  if (known === null) throw new Refusal('CLAIM_UNKNOWN', { claim: command.claim })
  if (known.claim.life.state === 'ended' && known.claim.life.why === why) return { claim: known.claim, repeated: true }
  const { holding } = activeHolding(draft, rules, command.claim)
  const { life } = holding.claim
  const asked = command.type === 'release' ? askedAt(command, rules) : rules.now
  const claim = endHolding(draft, holding, why, life.state === 'present' ? Math.max(asked, life.since) : asked)
  settle(draft, rules, claim.space)
  return { claim, repeated: false }
}
