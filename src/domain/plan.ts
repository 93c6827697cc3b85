import type { FloorId, SiteId, SpaceId, ZoneId } from './ids.ts'
import type { Eligible, SpaceKind } from './space.ts'

/** Metres from the floor's own origin: x to the right, y up. */
export type Point = readonly [x: number, y: number]

export type PlanGeometry =
  | { type: 'Point', coordinates: Point }
  | { type: 'LineString', coordinates: readonly Point[] }
  | { type: 'Polygon', coordinates: ReadonlyArray<readonly Point[]> }

/** What a shape on the plan is: a space or zone of the floor by id, or something to draw (outline, wall, core, label). */
export interface PlanProperties {
  space?: SpaceId | undefined
  zone?: ZoneId | undefined
  role?: 'outline' | 'wall' | 'core' | 'door' | 'label' | undefined
  text?: string | undefined
}

export interface PlanFeature {
  type: 'Feature'
  geometry: PlanGeometry
  properties: PlanProperties
}

/** A GeoJSON FeatureCollection (RFC 7946) in floor-local metres instead of degrees. */
export interface Plan {
  type: 'FeatureCollection'
  features: readonly PlanFeature[]
}

export interface Zone {
  id: ZoneId
  name: string
  /** Who may claim spaces here; null: everybody. */
  for: Eligible | null
}

export interface Space {
  id: SpaceId
  label: string
  kind: SpaceKind
  zone: ZoneId | null
  features: readonly string[]
  for: Eligible | null
  /** Only a sensor tells of it: nobody claims it. */
  sensorOnly: boolean
}

/** One storey with all that stands on it. */
export interface Floor {
  id: FloorId
  site: SiteId
  name: string
  /** 0 is the ground floor. */
  level: number
  zones: readonly Zone[]
  spaces: readonly Space[]
  plan: Plan
}
