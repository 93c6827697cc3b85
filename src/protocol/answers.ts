import Type, { type Static } from 'typebox'
import { ClaimView } from './claim.ts'
import { ErrorView } from './error.ts'
import { Id } from './ids.ts'
import { GroupView, PersonView } from './people.ts'
import { FloorSummaryView } from './plan.ts'
import { SiteView } from './site.ts'

export const PositionView = Type.Object({ floor: Id, epoch: Type.Integer(), seq: Type.Integer() }, {
  description: 'Where the floor was afterwards: a watcher who is there or farther has seen it'
})

export const ClaimReply = Type.Object({
  claim: ClaimView,
  position: PositionView,
  persisted: Type.Boolean({ description: 'It is stored for good; false: not yet, or not known, so a failover may still revoke it' })
})
export type ClaimReply = Static<typeof ClaimReply>

export const ClaimsReply = Type.Object({ claims: Type.Array(ClaimView) })

export const BlockReply = Type.Object({ position: PositionView })

export const ReadingsReply = Type.Object({
  answers: Type.Array(Type.Object({
    space: Id,
    result: Type.Enum(['applied', 'late', 'same', 'refused'], { description: '`late` and `same` changed nothing, as it should be' }),
    error: Type.Optional(ErrorView)
  }), { description: 'One for each reading, in the same order' })
})

export const FloorsReply = Type.Object({ floors: Type.Array(FloorSummaryView) })
export const FloorReply = Type.Object({ floor: FloorSummaryView, removed: Type.Array(Id, { description: 'Spaces that this change took off' }) })
export const SitesReply = Type.Object({ sites: Type.Array(SiteView) })
export const PeopleReply = Type.Object({ people: Type.Array(PersonView), next: Type.Union([Id, Type.Null()], { description: 'Goes into `after` for the next page; null: that was the last' }) })
export const PeoplePutReply = Type.Object({ created: Type.Integer(), changed: Type.Integer() })
export const GroupsReply = Type.Object({ groups: Type.Array(GroupView) })
