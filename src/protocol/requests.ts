import Type, { type Static } from 'typebox'
import { ClaimIdText, Id } from './ids.ts'
import { Moment } from './time.ts'

export const Pin = Type.String({ pattern: '^[0-9]{4,12}$', maxLength: 12, description: 'Four to twelve figures' })

/** What somebody at a kiosk shows of themselves: the badge that was read, or a PIN that was typed in. */
const badge = { badge: Type.String({ minLength: 1, maxLength: 256 }) }
const pin = { id: Id, pin: Pin }

/** Who a claim is for: an id, the badge that a kiosk read, or an id with the PIN that was typed in. Left out: the caller. */
export const PersonRef = Type.Union([Id, Type.Object(badge, { additionalProperties: false }), Type.Object(pin, { additionalProperties: false })])
export type PersonRef = Static<typeof PersonRef>

/** Where; left out: the site that the credentials are for. */
const site = { site: Type.Optional(Id) }

export const IdentifyRequest = Type.Union([Type.Object({ ...badge, ...site }, { additionalProperties: false }), Type.Object({ ...pin, ...site }, { additionalProperties: false })])
export type IdentifyRequest = Static<typeof IdentifyRequest>

/** `persisted`: wait up to 250 ms for the ledger; `accepted`: answer as soon as it is granted. */
export const Await = Type.Enum(['persisted', 'accepted'])

/** The oldest that a command may be: by then what somebody wanted at a kiosk says little of what they want. */
export const MOST_AGE_MS = 4 * 3600 * 1000

/** Of a command that waited without a connection. */
export const AgeMs = Type.Integer({ minimum: 0, maximum: MOST_AGE_MS, description: 'How long ago it was asked for, by the stopwatch of a kiosk or service that was cut off; default 0' })
const age = { ageMs: Type.Optional(AgeMs) }

export const ClaimRequest = Type.Object({
  id: Type.Optional(ClaimIdText),
  space: Id,
  person: Type.Optional(PersonRef),
  from: Type.Optional(Moment),
  to: Type.Optional(Moment),
  checkIn: Type.Optional(Type.Boolean({ description: 'The person is there already' })),
  ...age,
  await: Type.Optional(Await)
}, { additionalProperties: false })
export type ClaimRequest = Static<typeof ClaimRequest>

export const ClaimChange = Type.Object({
  to: Type.Optional(Moment),
  space: Type.Optional(Id),
  ...age,
  await: Type.Optional(Await)
}, { additionalProperties: false, minProperties: 1 })
export type ClaimChange = Static<typeof ClaimChange>

/** Of a check-in and a release, which need no body. */
export const OnClaimRequest = Type.Object({ ...age, await: Type.Optional(Await) }, { additionalProperties: false })

/** Somebody comes or goes, whatever they have there. */
export const visit = { person: Type.Optional(PersonRef), ...site, ...age, await: Type.Optional(Await) }
export const VisitRequest = Type.Object(visit, { additionalProperties: false })
export type VisitRequest = Static<typeof VisitRequest>

export const BlockRequest = Type.Object({
  until: Type.Optional(Moment),
  reason: Type.Optional(Type.String({ maxLength: 200 }))
}, { additionalProperties: false })
export type BlockRequest = Static<typeof BlockRequest>

/** Readings in one request. */
export const READINGS_PER_REQUEST = 500

export const ReadingRequest = Type.Object({
  space: Id,
  value: Type.Enum(['occupied', 'vacant', 'unknown']),
  ageMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 7 * 24 * 3600 * 1000, description: 'How long ago it was measured, by the sensor\'s or gateway\'s own stopwatch; default 0' }))
}, { additionalProperties: false })

export const ReadingsRequest = Type.Object({
  readings: Type.Array(ReadingRequest, { minItems: 1, maxItems: READINGS_PER_REQUEST })
}, { additionalProperties: false })
export type ReadingsRequest = Static<typeof ReadingsRequest>
