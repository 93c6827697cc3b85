import Type, { type Static } from 'typebox'
import { FARTHEST_HORIZON, LONGEST_STAY, PRESETS, SHORTEST_HISTORY_DAYS, type PolicyChange } from '../domain/policy.ts'
import { SPACE_KINDS, type SpaceKind } from '../domain/space.ts'
import { DAY, MINUTE } from '../domain/time.ts'

const ms = (maximum: number, description: string, minimum = 0) => Type.Integer({ minimum, maximum, description: `${description}, in milliseconds` })
const msOrNull = (maximum: number, description: string) =>
  Type.Union([Type.Integer({ minimum: 0, maximum }), Type.Null()], { description: `${description}, in milliseconds` })

/** Claims that one person may hold at the same instant. */
const Limit = Type.Union([Type.Integer({ minimum: 1, maximum: 100 }), Type.Null()])
const limits = Object.fromEntries(SPACE_KINDS.map(kind => [kind, Type.Optional(Limit)])) as Record<SpaceKind, ReturnType<typeof Type.Optional<typeof Limit>>>

const members = {
  preset: Type.Optional(Type.Enum([...PRESETS], { description: 'A named set of values for what people are seen and remembered of; the other members lie over it' })),
  checkInEarlyMs: Type.Optional(ms(DAY, 'Check-in opens this long before the claim begins')),
  releaseGraceMs: Type.Optional(msOrNull(DAY, 'A claim that nobody checked in is released this long after it began or was made; null: never')),
  cutOffMs: Type.Optional(ms(DAY, 'While every kiosk of a site is gone nobody there is a no-show, for this long at most; 0: kiosks do not count')),
  longestStayMs: Type.Optional(ms(LONGEST_STAY, 'The longest claim', MINUTE)),
  horizonMs: Type.Optional(ms(FARTHEST_HORIZON, 'How far ahead a claim may begin')),
  overlapping: Type.Optional(Type.Object(limits, {
    additionalProperties: false,
    description: 'Claims at the same time that a person may hold, by kind of space; null: no limit'
  })),
  readingChecksIn: Type.Optional(Type.Boolean({ description: 'An occupied reading checks in the claim that has begun' })),
  readingEndsAfterMs: Type.Optional(msOrNull(DAY, 'A checked-in space that stays vacant this long is released; null: never')),
  readingMarks: Type.Optional(Type.Boolean({ description: 'An occupied reading makes an unclaimed space occupied' })),
  readingStaleMs: Type.Optional(ms(DAY, 'A reading says nothing any more after this long', 1_000)),
  minStayMs: Type.Optional(ms(DAY, 'A space whose next claim begins sooner counts as free only briefly')),
  smallZone: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'A zone with fewer spaces that can be claimed has no counts of its own for the `counts` audience' })),
  displayNames: Type.Optional(Type.Boolean({ description: 'Displays may show the names of those who are visible' }))
}

/** What a site sets of its own; a member that is left out is taken from the org, then from the defaults. */
export const SitePolicyBody = Type.Object(members, { additionalProperties: false })
export type SitePolicyBody = Static<typeof SitePolicyBody>

/** The same of an org, and what is the same at all of its sites. */
export const PolicyBody = Type.Object({
  ...members,
  hiddenAtFirst: Type.Optional(Type.Boolean({ description: 'People who were never given a visibility are hidden until they choose' })),
  historyDays: Type.Optional(Type.Integer({
    minimum: SHORTEST_HISTORY_DAYS, maximum: 3_660, description: 'After so many days nobody can say any more who had and did what; figures stay'
  }))
}, { additionalProperties: false })
export type PolicyBody = Static<typeof PolicyBody>

/** The same, as it is given back. */
export const PolicyView = Type.Unsafe<PolicyChange>(PolicyBody)
