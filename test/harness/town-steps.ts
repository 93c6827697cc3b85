import fc from 'fast-check'
import type { PolicyChange } from '../../src/domain/policy.ts'
import { SPACE_KINDS, type ReadingValue, type SpaceKind } from '../../src/domain/space.ts'
import { DAY, HOUR, MINUTE, SECOND, type Millis } from '../../src/domain/time.ts'
import type { SiteHours } from '../../src/application/ports.ts'
import { daily } from './office.ts'

/** The town's spaces: two floors of one site, one of another. `s1` is told of by a sensor only, `v1` is for the team. */
export const SPACES = ['d1', 'd2', 'v1', 'r1', 's1', 'e1', 'a1', 'b1'] as const
export const PEOPLE = ['ada', 'bob', 'cyd'] as const
export const SITES = ['hq', 'annex'] as const

export type TownSpace = typeof SPACES[number]
export type TownPerson = typeof PEOPLE[number]
export type TownSite = typeof SITES[number]

/** One thing that happens. `nth` counts the claims known by now, the active ones first and the newest first; moments are quarters of an hour from the next one on. */
export type Step =
  | { do: 'claim', who: TownPerson, space: TownSpace, from: number | null, lasts: number | null, checkIn: boolean, idAge: Millis }
  | { do: 'again', nth: number, other: boolean }
  | { do: 'check-in' | 'release' | 'revoke', nth: number }
  | { do: 'change', nth: number, to: number | null, space: TownSpace | null }
  | { do: 'block', space: TownSpace, until: number | null }
  | { do: 'unblock', space: TownSpace }
  | { do: 'read', space: TownSpace, value: ReadingValue, age: Millis }
  | { do: 'pass', ms: Millis, keeper: boolean }
  | { do: 'keeper' }
  | { do: 'outage' }
  | { do: 'ledger', behind: boolean }
  | { do: 'confirm', space: TownSpace }
  | { do: 'present', who: TownPerson, hidden: boolean }
  | { do: 'place', space: TownSpace, kind: SpaceKind, removed: boolean, release: boolean }
  | { do: 'forget', nth: number }
  | { do: 'govern', site: TownSite, policy: PolicyChange }
  | { do: 'open', site: TownSite, hours: SiteHours }

export interface TownPlan {
  start: Millis
  hours: Record<TownSite, SiteHours>
  policy: Record<TownSite, PolicyChange>
}

const who = fc.constantFrom<TownPerson[]>('ada', 'ada', 'ada', 'bob', 'cyd')
const space = fc.constantFrom(...SPACES)
/** Mostly where everybody meets. */
const wanted = fc.oneof({ weight: 3, arbitrary: fc.constantFrom<TownSpace[]>('d1', 'd2', 'r1', 'e1', 'a1', 'b1') }, { weight: 1, arbitrary: space })
const site = fc.constantFrom(...SITES)
const nth = fc.nat(7)
const quarters = fc.oneof({ weight: 8, arbitrary: fc.nat(12) }, { weight: 3, arbitrary: fc.nat(120) }, { weight: 1, arbitrary: fc.nat(96 * 7) })
/** How long: some hours, a day or two, and now and then nothing or too much. */
const lasting = fc.oneof({ weight: 10, arbitrary: fc.integer({ min: 1, max: 16 }) }, { weight: 4, arbitrary: fc.integer({ min: 17, max: 190 }) }, { weight: 1, arbitrary: fc.constantFrom(0, 96 * 3) })
const orNull = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) => fc.option(arbitrary, { nil: null, freq })

/** Mostly minutes, so that things are under way; some days, so that claims end and are forgotten. */
const passing = fc.oneof(
  { weight: 6, arbitrary: fc.nat(20).map(minutes => minutes * MINUTE) },
  { weight: 6, arbitrary: fc.nat(8).map(quarters => quarters * 15 * MINUTE) },
  { weight: 4, arbitrary: fc.nat(2 * HOUR) },
  { weight: 2, arbitrary: fc.nat(24).map(hours => hours * HOUR) },
  { weight: 1, arbitrary: fc.constantFrom(1, SECOND - 1, DAY, 7 * DAY, 9 * DAY) }
)

const limit = fc.constantFrom<Array<number | null>>(1, 2, 1, 2, 2, 3, null)
const policy: fc.Arbitrary<PolicyChange> = fc.record({
  checkInEarlyMs: fc.constantFrom(0, 15 * MINUTE, 2 * HOUR),
  releaseGraceMs: fc.constantFrom(15 * MINUTE, SECOND, HOUR, null),
  longestStayMs: fc.constantFrom(2 * DAY, 8 * HOUR),
  horizonMs: fc.constantFrom(8 * DAY, DAY),
  overlapping: fc.record({ desk: limit, room: limit, booth: limit }, { requiredKeys: ['desk'] }),
  readingChecksIn: fc.boolean(),
  readingEndsAfterMs: fc.constantFrom(null, 0, 5 * MINUTE, HOUR),
  readingMarks: fc.boolean(),
  readingStaleMs: fc.constantFrom(10 * MINUTE, MINUTE, 2 * HOUR),
  minStayMs: fc.constantFrom(HOUR / 2, 0, 3 * HOUR)
}, { requiredKeys: [] })

/** Days of 23, 24.5 and 25 hours, days that begin at one in the morning, and zones a day apart. */
const zone = fc.constantFrom('Europe/Zurich', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'America/Santiago', 'Pacific/Kiritimati', 'Asia/Kathmandu')
const hours: fc.Arbitrary<SiteHours> = fc.oneof(
  { weight: 10, arbitrary: zone.map(zone => ({ zone, hours: null })) },
  { weight: 3, arbitrary: zone.map(zone => daily(zone, '07:00', '20:00')) },
  { weight: 1, arbitrary: zone.map(zone => ({ zone, hours: { 1: { opens: '00:00', closes: '24:00' }, 5: { opens: '02:30', closes: '24:00' }, 7: { opens: '00:00', closes: '03:00' } } })) }
)

/** About the day on which some zone above puts its clocks forward or back; often on the quarter of an hour, where claims touch, and shortly before a day of UTC. */
const start = fc.tuple(
  fc.constantFrom('2026-03-28', '2026-10-24', '2026-03-07', '2026-10-31', '2026-04-04', '2026-10-03', '2026-04-23', '2026-09-05'),
  fc.oneof({ weight: 2, arbitrary: fc.nat(4 * 30).map(quarters => quarters * 15 * MINUTE) }, { weight: 2, arbitrary: fc.constantFrom(21 * HOUR, 23 * HOUR) }, { weight: 1, arbitrary: fc.nat(30 * HOUR) })
).map(([date, ms]) => Date.parse(`${date}T00:00:00Z`) + ms)

export const townPlan: fc.Arbitrary<TownPlan> = fc.record({ start, hours: fc.record({ hq: hours, annex: hours }), policy: fc.record({ hq: policy, annex: policy }) })

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('claim' as const),
      who,
      space: wanted,
      from: orNull(quarters),
      lasts: orNull(lasting, 8),
      checkIn: fc.nat(5).map(one => one === 5),
      idAge: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(6 * DAY, 7 * DAY, 7 * DAY + 1, -DAY, -DAY - 1) })
    })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('again' as const), nth, other: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('check-in' as const, 'check-in' as const, 'check-in' as const, 'release' as const, 'revoke' as const), nth }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('change' as const), nth, to: orNull(quarters), space: orNull(wanted, 2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const), space, until: orNull(quarters) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock' as const), space }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read' as const), space, value: fc.constantFrom<ReadingValue[]>('occupied', 'vacant', 'unknown'), age: fc.oneof(fc.constant(0), fc.nat(5 * MINUTE), fc.integer({ min: -HOUR, max: 3 * HOUR })) }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: passing, keeper: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('keeper' as const, 'outage' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ledger' as const), behind: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('confirm' as const), space }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('present' as const), who, hidden: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('place' as const), space, kind: fc.constantFrom(...SPACE_KINDS), removed: fc.boolean(), release: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('govern' as const), site, policy }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('open' as const), site, hours }) }
)

export function steps (most: number): fc.Arbitrary<Step[]> {
  // Without `size` fast-check's arrays have about ten members, and ten steps rarely meet.
  return fc.array(step, { maxLength: most, size: 'max' })
}
