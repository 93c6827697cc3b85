import { isActive, type Claim } from './claim.ts'
import type { Disown } from './command.ts'
import type { Draft } from './draft.ts'
import { holdingOf, replaceHolding } from './holdings.ts'
import { claimKey, spaceKey } from './keys.ts'
import { asPrincipal, impersonal, NOBODY } from './nobody.ts'
import { advance, settle } from './occupancy.ts'
import type { Rules } from './rules.ts'

/**
 * Take an erased person out of what the live state knows of one site: of claims of theirs that have ended, and of what they did for others. Their ids stay known (INV-4), but with
 * content that nobody can ask for again. A claim of theirs that is active has to be ended first, and stays as it is.
 */
export function disown (draft: Draft, rules: Rules, command: Disown): void {
  draft.need(command.claims.map(claimKey))
  const known = command.claims.map(id => draft.claim(id)).filter(record => record !== null)
  draft.need([...known.map(({ claim }) => claim.space), ...command.spaces].map(spaceKey))
  for (const { claim } of known) {
    const site = draft.space(claim.space)?.site ?? command.site
    if (site === command.site) disownClaim(draft, rules, command, claim)
  }
  for (const space of command.spaces) disownBlock(draft, rules, command, space)
}

function disownClaim (draft: Draft, rules: Rules, { person }: Disown, { id, space }: Claim): void {
  const advanced = advance(draft, rules, space)
  const record = draft.claim(id)
  if (record === null) return
  const { claim, hash } = record
  if (isActive(claim)) {
    if (claim.by === asPrincipal(person) && claim.person !== person) {
      const holding = holdingOf(draft, rules, claim)
      const changed = { ...holding.claim, by: impersonal(claim.by) }
      replaceHolding(draft, { ...holding, claim: changed })
      draft.tell({ type: 'disowned', floor: claim.floor, space, claim: changed })
      settle(draft, rules, space)
      return
    }
  } else if (claim.person === person || claim.by === asPrincipal(person)) {
    const own = claim.person === person
    const changed = { ...claim, person: own ? NOBODY : claim.person, by: impersonal(claim.by) }
    // The hash is of content with the person's id in it: who has all ids could find it out.
    draft.setClaim(id, { claim: changed, hash: own ? '' : hash })
    draft.tell({ type: 'disowned', floor: claim.floor, space, claim: changed })
  }
  if (advanced) settle(draft, rules, space)
}

function disownBlock (draft: Draft, rules: Rules, { person, site }: Disown, id: string): void {
  if (draft.space(id)?.site !== site) return
  const advanced = advance(draft, rules, id)
  const space = draft.space(id)
  const block = space?.block ?? null
  const isTheirs = block?.by === asPrincipal(person)
  if (space !== null && block !== null && isTheirs) {
    const changed = { ...block, by: impersonal(block.by) }
    draft.setSpace(id, { ...space, block: changed })
    draft.tell({ type: 'blocked', floor: space.floor, space: id, block: changed })
  }
  if (advanced || isTheirs) settle(draft, rules, id)
}
