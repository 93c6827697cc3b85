import type { Confirm } from './command.ts'
import type { Draft } from './draft.ts'
import { dayKey, spaceKey } from './keys.ts'
import { replaceHolding, unconfirmed } from './holdings.ts'
import { advance, settle } from './occupancy.ts'
import type { Rules } from './rules.ts'

/** The ledger has what these spaces show: screens stop saying "confirming". */
export function confirm (draft: Draft, rules: Rules, command: Confirm): void {
  draft.need(command.spaces.map(spaceKey))
  for (const id of command.spaces) {
    draft.setDue(unconfirmed(id), null)
    if (draft.space(id) === null) continue
    const advanced = advance(draft, rules, id)
    const days = draft.space(id)?.days ?? []
    draft.need(days.map(date => dayKey(id, date)))
    const waiting = new Map(days.flatMap(date => draft.holdings(id, date)).filter(({ provisional }) => provisional).map(holding => [holding.claim.id, holding]))
    for (const holding of waiting.values()) replaceHolding(draft, { ...holding, provisional: false })
    if (advanced || waiting.size > 0) settle(draft, rules, id)
  }
}
