import type { Draft } from './draft.ts'
import { datesOf } from './holdings.ts'
import { dayKey, personKey } from './keys.ts'
import { CLAIMS_PER_PERSON_DAY, CLAIMS_PER_SPACE_DAY, DAYS_PER_SPACE } from './limits.ts'
import type { Person, PersonSlot } from './person.ts'
import { outsidePolicy, Refusal, type Rules } from './rules.ts'
import type { Eligible, SpaceRecord } from './space.ts'
import { overlaps, utcDays, type Span } from './time.ts'

/** All that stands between a person and a space at a time. `asked.id` is the claim that is asked for or changed: it does not stand in its own way. */
export function mayHold (
  draft: Draft, rules: Rules, person: Person, space: SpaceRecord, span: Span,
  asked: { id?: string, space: string, eligible: ReadonlyArray<Eligible | null> }
): void {
  withinTimes(rules, span)
  if (!asked.eligible.every(list => isEligible(person, list))) throw outsidePolicy('eligible', { space: asked.space })
  const { block } = space
  if (block !== null && (block.until === null || span.from < block.until)) throw new Refusal('SPACE_BLOCKED', { space: asked.space, until: block.until })
  const dates = datesOf(rules, span)
  const listed = dates.filter(date => space.days.includes(date))
  draft.need([...dates.map(date => dayKey(asked.space, date)), ...utcDays(span).map(day => personKey(person.id, day))])
  for (const date of listed) {
    const taken = draft.holdings(asked.space, date).find(({ claim }) => claim.id !== asked.id && overlaps(claim, span))
    if (taken !== undefined) throw new Refusal('SPACE_TAKEN', { space: asked.space, from: taken.claim.from, to: taken.claim.to })
  }
  personIsFree(draft, rules, person, space, span, asked.id)
  withinBounds(draft, person, space, span, dates, asked)
}

/** One more claim keeps every record within its bounds (INV-8). @throws Refusal OUTSIDE_POLICY */
function withinBounds (draft: Draft, person: Person, space: SpaceRecord, span: Span, dates: readonly string[], asked: { id?: string, space: string }): void {
  for (const date of dates) {
    const holdings = draft.holdings(asked.space, date)
    if (holdings.length >= CLAIMS_PER_SPACE_DAY && !holdings.some(({ claim }) => claim.id === asked.id)) throw outsidePolicy('claims-per-day', { limit: CLAIMS_PER_SPACE_DAY })
  }
  for (const day of utcDays(span)) {
    const slots = draft.slots(person.id, day)
    if (slots.length >= CLAIMS_PER_PERSON_DAY && !slots.some(({ id }) => id === asked.id)) throw outsidePolicy('claims-per-day', { limit: CLAIMS_PER_PERSON_DAY })
  }
  const days = space.days.length + dates.filter(date => !space.days.includes(date)).length
  if (days > DAYS_PER_SPACE) throw outsidePolicy('days-per-space', { limit: DAYS_PER_SPACE })
}

/** @throws Refusal BAD_REQUEST when nothing is left between from and to, OUTSIDE_POLICY */
function withinTimes (rules: Rules, { from, to }: Span): void {
  const first = rules.calendar.dayOf(from)
  if (first.open === null) throw outsidePolicy('opening-hours', { opens: null, closes: null })
  const { from: opens, to: closes } = first.open
  if (from < opens || from >= closes) throw outsidePolicy('opening-hours', { opens, closes })
  if (to <= from) throw new Refusal('BAD_REQUEST', { reason: '`to` must be later than `from`', field: 'to' })
  if (to - from > rules.policy.longestStayMs) throw outsidePolicy('longest-stay', { longestMs: rules.policy.longestStayMs })
  const last = rules.calendar.dayOf(to - 1)
  if (last.open === null || to > last.open.to || to <= last.open.from) {
    throw outsidePolicy('opening-hours', { opens: last.open?.from ?? null, closes: last.open?.to ?? null })
  }
}

export function isEligible (person: Person, list: Eligible | null): boolean {
  return list === null || list.people.includes(person.id) || list.groups.some(group => person.groups.includes(group))
}

/** INV-2: at no instant of the span does the person hold more claims of this kind than the policy allows. */
function personIsFree (draft: Draft, rules: Rules, person: Person, space: SpaceRecord, span: Span, except: string | undefined): void {
  const limit = rules.policy.overlapping[space.kind]
  if (limit === null) return
  const others = new Map<string, PersonSlot>()
  for (const day of utcDays(span)) {
    for (const slot of draft.slots(person.id, day)) if (slot.kind === space.kind && overlaps(slot, span) && slot.id !== except) others.set(slot.id, slot)
  }
  if (others.size < limit) return
  // The most claims at once are reached at the beginning of one of them, or of the span.
  for (const at of [span.from, ...Array.from(others.values(), slot => slot.from)]) {
    const busy = [...others.values()].filter(slot => slot.from <= at && at < slot.to)
    const first = busy[0]
    if (busy.length >= limit && first !== undefined && at >= span.from) {
      throw new Refusal('PERSON_BUSY', { claim: first.id, space: first.space, from: first.from, to: first.to })
    }
  }
}
