import Type, { type Static } from 'typebox'
import { ROLES } from '../domain/role.ts'
import { Id } from './ids.ts'
import { Pin } from './requests.ts'
import { Name } from './site.ts'
import { Moment } from './time.ts'

/** People in one request. */
export const PEOPLE_PER_REQUEST = 1_000
export const GROUPS_PER_REQUEST = 1_000

const members = {
  name: Name,
  visibility: Type.Optional(Type.Enum(['everyone', 'hidden'], {
    description: 'Whether colleagues see the name on screens. Left out: as it was; of somebody new as the policy says'
  })),
  groups: Type.Optional(Type.Array(Id, { maxItems: 100 })),
  badges: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
    maxItems: 10,
    description: 'What a reader reads of each badge; kept as a keyed hash. Left out: as they were'
  }))
}

export const PersonBody = Type.Object({ id: Type.Optional(Id), ...members }, { additionalProperties: false })
export type PersonBody = Static<typeof PersonBody>

export const PeopleBody = Type.Object({
  people: Type.Array(Type.Object({ id: Id, ...members }, { additionalProperties: false }), { minItems: 1, maxItems: PEOPLE_PER_REQUEST })
}, { additionalProperties: false })
export type PeopleBody = Static<typeof PeopleBody>

export const PersonView = Type.Object({
  id: Id,
  name: Type.String(),
  visibility: Type.Enum(['everyone', 'hidden']),
  groups: Type.Array(Id),
  badges: Type.Integer({ description: 'How many; what is on them is not kept' })
})
export type PersonView = Static<typeof PersonView>

/** As whom a request came in: what pages need to know of whoever signed in. */
export const WhoView = Type.Object({
  id: Type.String({ description: 'As in the audit' }),
  role: Type.Enum([...ROLES]),
  site: Type.Union([Id, Type.Null()], { description: 'The one that the role is for; null: all' }),
  person: Type.Union([Id, Type.Null()], { description: 'Null: no person' }),
  name: Type.Union([Type.String(), Type.Null()], { description: 'Null: no person that the directory knows' }),
  expiresAt: Type.Union([Moment, Type.Null()], { description: 'When the credentials end; null: never' })
})
export type WhoView = Static<typeof WhoView>

/** What a person says of themselves. */
export const MeBody = Type.Object({ visibility: Type.Enum(['everyone', 'hidden']) }, { additionalProperties: false })
export type MeBody = Static<typeof MeBody>

export const PinBody = Type.Object({ pin: Pin }, { additionalProperties: false })

/** Hits of one search. */
export const MOST_FOUND = 5

export const FoundPerson = Type.Object({
  id: Id,
  name: Type.String(),
  groups: Type.Optional(Type.Array(Type.String(), { description: 'Where two of the hits have the same name: the names of their groups' }))
}, { additionalProperties: false })
export type FoundPerson = Static<typeof FoundPerson>

export const GroupView = Type.Object({ id: Id, name: Name }, { additionalProperties: false })
export type GroupView = Static<typeof GroupView>

export const GroupsBody = Type.Object({ groups: Type.Array(GroupView, { minItems: 1, maxItems: GROUPS_PER_REQUEST }) }, { additionalProperties: false })
export type GroupsBody = Static<typeof GroupsBody>
