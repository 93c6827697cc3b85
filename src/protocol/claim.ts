import Type, { type Static } from 'typebox'
import type { Claim } from '../domain/claim.ts'
import { SPACE_KINDS } from '../domain/space.ts'
import { ClaimIdText, Id } from './ids.ts'
import { Moment, toMoment } from './time.ts'

/** A claim on the wire, for its holder and for who may manage it: never part of a floor's frames. */
export const ClaimView = Type.Object({
  id: ClaimIdText,
  space: Id,
  floor: Id,
  kind: Type.Enum([...SPACE_KINDS]),
  person: Type.String({ description: 'An id; `-` once nobody may know any more whose it was' }),
  by: Type.String({ description: 'Who made it: the person, or who acted for them' }),
  from: Moment,
  to: Moment,
  createdAt: Moment,
  state: Type.Enum(['booked', 'present', 'ended']),
  releaseAt: Type.Optional(Type.String({ format: 'date-time', description: 'Released then unless checked in' })),
  checkedInAt: Type.Optional(Moment),
  endedAt: Type.Optional(Moment),
  why: Type.Optional(Type.Enum(['released', 'no-show', 'over', 'vacant', 'revoked', 'removed'], { description: 'Why it ended' }))
})
export type ClaimView = Static<typeof ClaimView>

export function claimView (claim: Claim): ClaimView {
  const { id, space, floor, kind, person, by, life } = claim
  const view: ClaimView = {
    id, space, floor, kind, person, by, from: toMoment(claim.from), to: toMoment(claim.to), createdAt: toMoment(claim.createdAt), state: life.state
  }
  switch (life.state) {
    case 'booked':
      return life.releaseAt === null ? view : { ...view, releaseAt: toMoment(life.releaseAt) }
    case 'present':
      return { ...view, checkedInAt: toMoment(life.since) }
    case 'ended':
      return { ...view, endedAt: toMoment(life.at), why: life.why }
  }
}
