import { isActive } from './claim.ts'
import type { PresentPerson } from './command.ts'
import type { Draft } from './draft.ts'
import { claimKey, personKey, spaceKey } from './keys.ts'
import { holdingOf, replaceHolding } from './holdings.ts'
import { advance, settle } from './occupancy.ts'
import type { PersonSlot } from './person.ts'
import type { Rules } from './rules.ts'

/** A new name or visibility in every record of the site that shows the person, so that each screen follows at once. */
export function presentPerson (draft: Draft, rules: Rules, command: PresentPerson): void {
  draft.need(command.days.map(day => personKey(command.person, day)))
  const slots = new Map(command.days.flatMap(day => draft.slots(command.person, day)).map(slot => [slot.id, slot]))
  draft.need([...slots.values()].flatMap(slot => [claimKey(slot.id), spaceKey(slot.space)]))
  for (const slot of slots.values()) {
    // Another site has other rules and days.
    if (draft.space(slot.space)?.site !== command.site) continue
    const advanced = advance(draft, rules, slot.space)
    const renamed = rename(draft, rules, slot, command.name)
    if (advanced || renamed) settle(draft, rules, slot.space)
  }
}

function rename (draft: Draft, rules: Rules, slot: PersonSlot, name: string | null): boolean {
  const claim = draft.claim(slot.id)?.claim
  if (claim === undefined || !isActive(claim)) return false
  const holding = holdingOf(draft, rules, claim)
  if (holding.name === name) return false
  replaceHolding(draft, { ...holding, name })
  return true
}
