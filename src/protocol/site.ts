import Type, { type Static } from 'typebox'
import { Id } from './ids.ts'
import { PolicyBody, PolicyView, SitePolicyBody } from './policy.ts'

export const Name = Type.String({ minLength: 1, maxLength: 120, pattern: '\\S' })

/** Local time of day; closing at midnight is `24:00`. */
const LocalTime = Type.String({ pattern: '^(?:[01]\\d|2[0-3]):[0-5]\\d$|^24:00$', maxLength: 5, examples: ['07:30'] })

export const Opening = Type.Object({ opens: LocalTime, closes: LocalTime }, { additionalProperties: false })

/** By ISO weekday, 1 Monday to 7 Sunday. */
export const Hours = Type.Object({
  1: Type.Optional(Opening),
  2: Type.Optional(Opening),
  3: Type.Optional(Opening),
  4: Type.Optional(Opening),
  5: Type.Optional(Opening),
  6: Type.Optional(Opening),
  7: Type.Optional(Opening)
}, { additionalProperties: false, description: 'By ISO weekday, 1 Monday to 7 Sunday; a day that is missing is closed' })

export const SiteBody = Type.Object({
  id: Type.Optional(Id),
  name: Name,
  zone: Type.String({ minLength: 1, maxLength: 64, description: 'IANA time zone', examples: ['Europe/Berlin'] }),
  hours: Type.Optional(Type.Union([Hours, Type.Null()], { description: 'Left out or null: always open' })),
  policy: Type.Optional(SitePolicyBody)
}, { additionalProperties: false })
export type SiteBody = Static<typeof SiteBody>

export const SiteView = Type.Object({
  id: Id,
  name: Type.String(),
  zone: Type.String(),
  hours: Type.Union([Hours, Type.Null()]),
  policy: PolicyView
})
export type SiteView = Static<typeof SiteView>

export const OrgBody = Type.Object({ id: Type.Optional(Id), name: Name, policy: Type.Optional(PolicyBody) }, { additionalProperties: false })
export type OrgBody = Static<typeof OrgBody>

export const OrgView = Type.Object({ id: Id, name: Type.String(), policy: PolicyView })
export type OrgView = Static<typeof OrgView>
