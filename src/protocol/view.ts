import Type, { type Static } from 'typebox'
import type { Audience } from '../domain/audience.ts'
import type { FloorCounts, Recount } from '../domain/counts.ts'
import type { SpaceRecord } from '../domain/space.ts'
import { STATUSES, statusOf } from '../domain/status.ts'
import type { Millis } from '../domain/time.ts'
import { Id } from './ids.ts'
import { Moment, toMoment } from './time.ts'

/** A space as an audience sees it. Members that say nothing are left out. */
export const View = Type.Object({
  id: Id,
  status: Type.Enum([...STATUSES]),
  since: Moment,
  until: Type.Optional(Type.String({ format: 'date-time', description: 'When the claim or block behind the status ends' })),
  by: Type.Optional(Type.Literal('reading', { description: 'Occupied, but a sensor alone tells so: without it a claim does' })),
  brief: Type.Optional(Type.Literal(true, { description: 'Free, but the next claim begins sooner than the shortest stay' })),
  provisional: Type.Optional(Type.Literal(true, { description: 'Not yet in the ledger: a failover may revoke it' })),
  next: Type.Optional(Type.String({ format: 'date-time', description: 'When the next claim of the day begins' })),
  occupant: Type.Optional(Type.Object({ id: Id, name: Type.String() }))
})
export type View = Static<typeof View>

const countsOf = Object.fromEntries([...STATUSES, 'freeBriefly'].map(name => [name, Type.Integer({ minimum: 0 })])) as
  Record<typeof STATUSES[number] | 'freeBriefly', ReturnType<typeof Type.Integer>>

export const CountsView = Type.Object({ ...countsOf, zones: Type.Record(Id, Type.Object(countsOf)) })
export type CountsView = FloorCounts

const changedOf = Object.fromEntries(Object.entries(countsOf).map(([name, count]) => [name, Type.Optional(count)])) as
  Record<keyof typeof countsOf, Type.TOptional<ReturnType<typeof Type.Integer>>>

/** Counts that changed; those that are left out did not. */
export const RecountView = Type.Object({ ...changedOf, zones: Type.Optional(Type.Record(Id, Type.Object(changedOf))) })
export type RecountView = Recount

/**
 * What an audience may see of a space: a function of its record and of nothing else. People leave here, before anything is encoded (INV-7).
 * The `counts` audience sees no spaces at all.
 */
export function viewOf (id: string, space: SpaceRecord, audience: Exclude<Audience, 'counts'>): View {
  const { status, by } = statusOf(space)
  const view: View = { id, status, since: toMoment(space.since) }
  const until = untilOf(space, by)
  if (until !== null) view.until = toMoment(until)
  if (by === 'reading') view.by = by
  if (status === 'free' && space.brief) view.brief = true
  if (space.current?.provisional === true) view.provisional = true
  if (space.next !== null) view.next = toMoment(space.next.claim.from)
  if (audience === 'named' && space.current !== null && space.current.name !== null) {
    view.occupant = { id: space.current.claim.person, name: space.current.name }
  }
  return view
}

function untilOf (space: SpaceRecord, by: ReturnType<typeof statusOf>['by']): Millis | null {
  if (by === 'block') return space.block?.until ?? null
  return space.current?.claim.to ?? null
}
