import Type, { type Static } from 'typebox'
import { ROLES } from '../domain/role.ts'
import { Id } from './ids.ts'
import { Moment } from './time.ts'

/** Longer is as good as for ever, and for ever can be had. */
export const LONGEST_KEY_DAYS = 3_650

const Site = Type.Union([Id, Type.Null()], { description: 'The one site that the role is for; left out or null: all of the org. A manager must have one' })

export const KeyBody = Type.Object({
  name: Id,
  role: Type.Enum([...ROLES]),
  site: Type.Optional(Site),
  expiresInDays: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_KEY_DAYS, description: 'Left out: it works until it is revoked' }))
}, { additionalProperties: false })
export type KeyBody = Static<typeof KeyBody>

export const KeyView = Type.Object({
  name: Id,
  role: Type.Enum([...ROLES]),
  site: Site,
  createdAt: Moment,
  expiresAt: Type.Union([Moment, Type.Null()], { description: 'Null: it works until it is revoked' }),
  lastUsedAt: Type.Union([Moment, Type.Null()], { description: 'The hour of it; null: never' })
})
export type KeyView = Static<typeof KeyView>

export const KeysReply = Type.Object({ keys: Type.Array(KeyView) })
export const KeyReply = Type.Object({ key: KeyView, token: Type.String({ description: 'Told this once: Perch keeps nothing that it could be made of' }) })
