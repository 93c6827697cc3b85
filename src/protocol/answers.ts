import Type, { type Static } from 'typebox'
import { ClaimView } from './claim.ts'
import { ErrorView } from './error.ts'
import { ClaimIdText, Id } from './ids.ts'
import { FoundPerson, GroupView, MOST_FOUND, PersonView } from './people.ts'
import { FloorSummaryView } from './plan.ts'
import { SiteView } from './site.ts'
import { Moment } from './time.ts'

export const PositionView = Type.Object({ floor: Id, epoch: Type.Integer(), seq: Type.Integer() }, {
  description: 'Where the floor was afterwards: a watcher who is there or farther has seen it'
})

export const ClaimReply = Type.Object({
  claim: ClaimView,
  position: PositionView,
  persisted: Type.Boolean({ description: 'It is stored for good; false: not yet, or not known, so a failover may still revoke it' })
})
export type ClaimReply = Static<typeof ClaimReply>

export const VisitReply = Type.Object({
  ...ClaimReply.properties,
  claims: Type.Array(ClaimView, { minItems: 1, description: 'All that it was about, by `from`; `claim` is the first' })
})
export type VisitReply = Static<typeof VisitReply>

export const ClaimsReply = Type.Object({ claims: Type.Array(ClaimView) })

export const IdentifiedReply = Type.Object({
  person: Type.Object({ id: Id, name: Type.String() }),
  claims: Type.Array(ClaimView, { description: 'By `from`: those that have begun, and those that begin until midnight of the site' })
})

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
export const FoundReply = Type.Object({ found: Type.Array(FoundPerson, { maxItems: MOST_FOUND, description: 'By name' }) })
export const AuditEntryView = Type.Object({
  at: Moment,
  by: Type.String({ description: 'Who did it: `person:<id>`, `device:<id>`, `key:<name>`, `perch`; `person` once nobody may know any more who that was' }),
  action: Type.String(),
  person: Type.Union([Id, Type.Null()], { description: 'To or about whom; null: nobody, or not to be known any more' }),
  claim: Type.Union([ClaimIdText, Type.Null()]),
  space: Type.Union([Id, Type.Null()]),
  floor: Type.Union([Id, Type.Null()]),
  what: Type.Union([Type.String(), Type.Null()], { description: 'The id of a site, floor, group, device or key' }),
  detail: Type.Unsafe<Readonly<Record<string, unknown>>>(Type.Object({}, { additionalProperties: true }))
})
export type AuditEntryView = Static<typeof AuditEntryView>
export const AuditReply = Type.Object({ entries: Type.Array(AuditEntryView), next: Type.Union([Type.String(), Type.Null()], { description: 'Goes into `after` for the next page; null: that was the last' }) })
export type AuditReply = Static<typeof AuditReply>

const Rows = Type.Integer({ minimum: 0 })
const forgotten = {
  subjects: Type.Integer({ minimum: 0, description: 'Random names of events and audit of which nobody can say any more whose they are' }), claims: Rows, events: Rows, quarantined: Rows
}
export const RetainReply = Type.Object({ ...forgotten, until: Moment }, { description: 'Rows that were made anonymous' })
export const EraseReply = Type.Object({
  ...forgotten,
  person: Id,
  released: Type.Integer({ minimum: 0, description: 'Claims that were ended' }),
  floors: Type.Array(Id, { description: 'Floors whose plan named them among those who may claim something' }),
  files: Type.Object({
    state: Type.Enum(['none', 'done', 'under-way', 'refused'], { description: 'Whether the files of the live state were written anew' }),
    replicas: Type.Optional(Type.Integer({ description: 'They have files of their own' })),
    reason: Type.Optional(Type.String())
  })
})
export const ExportReply = Type.Object({
  exportedAt: Moment,
  person: Type.Union([PersonView, Type.Null()]),
  claims: Type.Array(ClaimView),
  audit: Type.Array(AuditEntryView),
  more: Type.Boolean({ description: 'There is more than the 10,000 newest claims and entries' })
})

export const PeoplePutReply = Type.Object({ created: Type.Integer(), changed: Type.Integer() })
export const GroupsReply = Type.Object({ groups: Type.Array(GroupView) })
