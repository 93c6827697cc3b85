import type { Rules } from './rules.ts'
import type { Holding, SpaceRecord } from './space.ts'
import { isFresh } from './status.ts'
import type { Millis } from './time.ts'

/** The moment of what waits for the ledger and not for time: the last one that a date can be, which never comes. */
export const NEVER: Millis = 8_640_000_000_000_000

/** When nobody having come ends the claim; null: not foreseeable. Out of service nobody could check in (INV-9). */
export function noShowAt (rules: Rules, space: SpaceRecord, { claim }: Holding): Millis | null {
  if (claim.life.state !== 'booked' || claim.life.releaseAt === null || space.block !== null) return null
  return Math.max(claim.life.releaseAt, rules.noShowsNotBefore)
}

/** When a sensor seeing nobody ends the claim; null: the policy or the reading does not say so, or the reading says nothing any more by then. */
export function vacantAt (rules: Rules, { reading }: SpaceRecord, { claim }: Holding): Millis | null {
  if (rules.policy.readingEndsAfterMs === null || claim.life.state !== 'present' || claim.from > rules.now) return null
  if (!isFresh(reading) || reading.value !== 'vacant') return null
  const at = Math.max(reading.since, claim.life.since, claim.from) + rules.policy.readingEndsAfterMs
  return reading.staleAt !== null && reading.staleAt <= at ? null : at
}

/** The first moment after now at which time alone changes something. */
export function nextDue (rules: Rules, space: SpaceRecord): Millis | null {
  const { now, calendar, policy } = rules
  const { current, next } = space
  const ends = [space.block?.until, space.reading?.staleAt]
  if (current !== null) ends.push(current.claim.to, noShowAt(rules, space, current), vacantAt(rules, space, current))
  // One that has passed already (a policy just changed) is due at once, and not now: the keeper would spin.
  const moments = ends.filter(at => at !== null && at !== undefined).map(at => Math.max(at, now + 1))
  if (next !== null) {
    // Exactly the shortest stay is still enough: it is brief a millisecond later.
    const briefAt = next.claim.from - policy.minStayMs + 1
    moments.push(briefAt > now ? Math.min(briefAt, next.claim.from) : next.claim.from)
  }
  const later = space.days.find(date => date > space.day)
  if (later !== undefined) moments.push(calendar.startOf(later))
  return moments.length === 0 ? null : Math.min(...moments)
}
