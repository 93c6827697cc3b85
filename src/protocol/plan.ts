import Type, { type Static } from 'typebox'
import { SPACES_PER_FLOOR } from '../domain/limits.ts'
import type { Plan } from '../domain/plan.ts'
import { SPACE_KINDS } from '../domain/space.ts'
import { Id } from './ids.ts'
import { Name } from './site.ts'

/** Shapes on one plan: each space has one, and there are walls and labels. */
export const FEATURES_PER_PLAN = 3 * SPACES_PER_FLOOR
/** Corners of one ring or line. */
export const POINTS_PER_LINE = 2_000
export const ZONES_PER_FLOOR = 100

const Point = Type.Unsafe<readonly [x: number, y: number]>(Type.Array(Type.Number(), {
  minItems: 2,
  maxItems: 2,
  description: '[x, y] in metres from the floor\'s own origin; x to the right, y up'
}))
const Line = Type.Array(Point, { minItems: 2, maxItems: POINTS_PER_LINE })
const Ring = Type.Array(Point, { minItems: 4, maxItems: POINTS_PER_LINE })
const closed = { additionalProperties: false }

const Geometry = Type.Union([
  Type.Object({ type: Type.Literal('Point'), coordinates: Point }, closed),
  Type.Object({ type: Type.Literal('LineString'), coordinates: Line }, closed),
  Type.Object({ type: Type.Literal('Polygon'), coordinates: Type.Array(Ring, { minItems: 1, maxItems: 50 }) }, closed)
])

export const PlanBody = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(Type.Object({
    type: Type.Literal('Feature'),
    geometry: Geometry,
    properties: Type.Object({
      space: Type.Optional(Id),
      zone: Type.Optional(Id),
      role: Type.Optional(Type.Enum(['outline', 'wall', 'core', 'door', 'label'])),
      text: Type.Optional(Type.String({ maxLength: 120 }))
    }, closed)
  }, closed), { maxItems: FEATURES_PER_PLAN })
}, { ...closed, description: 'GeoJSON (RFC 7946) in floor-local metres instead of degrees' })

const Eligible = Type.Union([
  Type.Object({
    people: Type.Optional(Type.Array(Id, { maxItems: 500 })),
    groups: Type.Optional(Type.Array(Id, { maxItems: 100 }))
  }, closed),
  Type.Null()
], { description: 'Who may claim it; left out or null: everybody' })
export type EligibleBody = Static<typeof Eligible>

const ZoneBody = Type.Object({ id: Id, name: Name, for: Type.Optional(Eligible) }, closed)

const SpaceBody = Type.Object({
  id: Id,
  label: Type.String({ minLength: 1, maxLength: 60 }),
  kind: Type.Enum([...SPACE_KINDS]),
  zone: Type.Optional(Type.Union([Id, Type.Null()])),
  features: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { maxItems: 20 })),
  for: Type.Optional(Eligible),
  sensorOnly: Type.Optional(Type.Boolean({ description: 'Only a sensor tells of it: nobody claims it' }))
}, closed)
export type SpaceBody = Static<typeof SpaceBody>

export const FloorBody = Type.Object({
  id: Type.Optional(Id),
  site: Id,
  name: Name,
  level: Type.Integer({ minimum: -50, maximum: 300, description: '0 is the ground floor' }),
  zones: Type.Optional(Type.Array(ZoneBody, { maxItems: ZONES_PER_FLOOR })),
  // More than checkPlan allows, so that a plan that is somewhat too big is told so by PLAN_INVALID, in its words.
  spaces: Type.Array(SpaceBody, { maxItems: 2 * SPACES_PER_FLOOR }),
  plan: PlanBody,
  revision: Type.Optional(Type.Integer({ minimum: 0, description: 'The revision that the change was made from, 0 for a new floor: PLAN_CHANGED if it is another one by now' }))
}, closed)
export type FloorBody = Static<typeof FloorBody>

export const FloorSummaryView = Type.Object({ id: Id, site: Id, name: Type.String(), level: Type.Integer(), revision: Type.Integer(), spaces: Type.Integer({ description: 'How many' }) })
export type FloorSummaryView = Static<typeof FloorSummaryView>

/** As PUT takes it, with every member. */
export const FloorView = Type.Object({
  id: Id,
  site: Id,
  name: Type.String(),
  level: Type.Integer(),
  zones: Type.Array(ZoneBody),
  spaces: Type.Array(SpaceBody),
  plan: Type.Unsafe<Plan>(PlanBody),
  revision: Type.Integer()
})
export type FloorView = Static<typeof FloorView>
