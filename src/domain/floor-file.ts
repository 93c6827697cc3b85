import { isInDegrees, projection } from './degrees.ts'
import type { Floor, Plan, PlanFeature, PlanGeometry, PlanProperties, Point, Space, Zone } from './plan.ts'
import { extentOf } from './ring.ts'
import { mapPlan, pointsOf, shiftOnto, shiftToOrigin } from './shift-plan.ts'
import { SPACE_KINDS, type SpaceKind } from './space.ts'

/** Why a file is none that a floor can be read from. */
export type FloorFileFault =
  | { fault: 'not-json' }
  | { fault: 'not-a-plan' }
  /** It has none of the floors that was asked for. */
  | { fault: 'no-such-floor', floors: readonly string[] }
  | { fault: 'geometry', feature: number, type: string }

export type FloorFile =
  | { state: 'read', floor: Floor, degrees: boolean, size: { width: number, height: number }, revision: number | null }
  | { state: 'unreadable', fault: FloorFileFault }

/** What is known of the floor beside the file. */
export interface FloorAsked {
  id: string
  site: string
  name: string
  level: number
  /** Null: there is none yet. */
  before: Floor | null
}

class Unreadable extends Error {
  readonly fault: FloorFileFault

  constructor (fault: FloorFileFault) {
    super(fault.fault)
    this.fault = fault
  }
}

/**
 * A floor from the text of a file: a GeoJSON FeatureCollection, in metres or in degrees (WGS 84), whose features say by `space`, `zone` or `role` what they are; a floor as
 * GET /v1/floors/{floor} gives it; or a document of `perch import` that has it. What a collection does not say of a space (`label`, `kind`, `zone`, `features`) is as it was. Not checked: that is
 * checkPlan's.
 */
export function readFloorFile (text: string, asked: FloorAsked): FloorFile {
  try {
    const found = find(parsed(text), asked)
    const points = found.floor.plan.features.flatMap(({ geometry }) => pointsOf(geometry))
    const degrees = isInDegrees(points)
    const plan = degrees ? inMetres(found.floor.plan, points, asked.before) : found.floor.plan
    return { state: 'read', floor: { ...found.floor, plan }, degrees, size: extentOf(plan.features.flatMap(({ geometry }) => pointsOf(geometry))), revision: found.revision }
  } catch (error) {
    if (error instanceof Unreadable) return { state: 'unreadable', fault: error.fault }
    throw error
  }
}

/** Where the spaces that were there before stood, if there are any: screens and links know them by these places. */
function inMetres (plan: Plan, points: readonly Point[], before: Floor | null): Plan {
  const project = projection(points)
  const flat = mapPlan(plan, project)
  const [dx, dy] = (before === null ? null : shiftOnto(before, { plan: flat })) ?? shiftToOrigin(flat)
  return mapPlan(plan, point => {
    const [x, y] = project(point)
    return [x + dx, y + dy]
  })
}

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Unreadable({ fault: 'not-json' })
  }
}

function find (document: unknown, asked: FloorAsked): { floor: Floor, revision: number | null } {
  if (!isFields(document)) throw new Unreadable({ fault: 'not-a-plan' })
  if (document['type'] === 'FeatureCollection') return { floor: floorOfCollection(document, asked), revision: null }
  if (Array.isArray(document['floors'])) {
    const floors = document['floors'].filter(isFields)
    const floor = floors.find(({ id }) => id === asked.id) ?? (floors.length === 1 && floors[0]?.['id'] === undefined ? floors[0] : undefined)
    if (floor === undefined) throw new Unreadable({ fault: 'no-such-floor', floors: floors.map(({ id }) => String(id)) })
    return floorOfBody(floor, asked)
  }
  if (isFields(document['plan']) && Array.isArray(document['spaces'])) return floorOfBody(document, asked)
  throw new Unreadable({ fault: 'not-a-plan' })
}

function floorOfBody (body: Fields, asked: FloorAsked): { floor: Floor, revision: number | null } {
  const { id, name, level, zones, spaces, plan, revision } = body
  if (id !== undefined && id !== asked.id) throw new Unreadable({ fault: 'no-such-floor', floors: [String(id)] })
  if (!isFields(plan) || !Array.isArray(spaces)) throw new Unreadable({ fault: 'not-a-plan' })
  const known = new Map(asked.before?.spaces.map(space => [space.id, space]))
  return {
    floor: {
      id: asked.id,
      site: asked.site,
      name: textOf(name) ?? asked.name,
      level: typeof level === 'number' ? level : asked.level,
      zones: (Array.isArray(zones) ? zones : []).filter(isFields).map((zone): Zone => ({ id: String(zone['id']), name: textOf(zone['name']) ?? String(zone['id']), for: (zone['for'] ?? null) as Zone['for'] })),
      spaces: spaces.filter(isFields).map(fields => spaceOf(String(fields['id']), { sensorOnly: false, for: null, features: [], zone: null, ...fields }, known)),
      plan: { type: 'FeatureCollection', features: featuresOf(plan).map(({ geometry, properties }) => ({ type: 'Feature', geometry, properties: shownOf(properties) })) }
    },
    revision: typeof revision === 'number' ? revision : null
  }
}

function floorOfCollection (collection: Fields, { id, site, name, level, before }: FloorAsked): Floor {
  const features = featuresOf(collection)
  const known = new Map(before?.spaces.map(space => [space.id, space]))
  const zoneNames = new Map(before?.zones.map(zone => [zone.id, zone]))
  const spaces = features.flatMap(({ properties }) => typeof properties['space'] === 'string' ? [spaceOf(properties['space'], properties, known)] : [])
  const drawn = features.filter(({ properties }) => properties['space'] === undefined && typeof properties['zone'] === 'string')
  const zones = new Map(drawn.map(({ properties }) => [String(properties['zone']), textOf(properties['name']) ?? textOf(properties['label'])]))
  // A zone that nobody has drawn, and that spaces are in, is there all the same.
  for (const { zone } of spaces) if (zone !== null && !zones.has(zone)) zones.set(zone, null)
  return {
    id,
    site,
    name,
    level,
    zones: [...zones].map(([zone, told]): Zone => ({ id: zone, name: told ?? zoneNames.get(zone)?.name ?? zone, for: zoneNames.get(zone)?.for ?? null })),
    spaces,
    plan: { type: 'FeatureCollection', features: features.map(({ geometry, properties }) => ({ type: 'Feature', geometry, properties: shownOf(properties) })) }
  }
}

function spaceOf (id: string, fields: Fields, known: ReadonlyMap<string, Space>): Space {
  const was = known.get(id)
  const kind = fields['kind']
  const { zone, features } = fields
  return {
    id,
    label: textOf(fields['label']) ?? textOf(fields['name']) ?? was?.label ?? id,
    kind: isKind(kind) ? kind : was?.kind ?? 'desk',
    zone: typeof zone === 'string' ? zone : zone === undefined ? was?.zone ?? null : null,
    features: Array.isArray(features) ? features.filter(feature => typeof feature === 'string') : was?.features ?? [],
    for: fields['for'] === undefined ? was?.for ?? null : fields['for'] as Space['for'],
    sensorOnly: typeof fields['sensorOnly'] === 'boolean' ? fields['sensorOnly'] : was?.sensorOnly ?? false
  }
}

const ROLES = ['outline', 'wall', 'core', 'door', 'label'] as const

/** What the plan itself keeps of a feature: which space or zone it is, or what it is drawn as. */
function shownOf ({ space, zone, role, text, name }: Fields): PlanProperties {
  if (typeof space === 'string') return { space }
  if (typeof zone === 'string') return { zone }
  const known = ROLES.find(one => one === role)
  const written = textOf(text) ?? textOf(name)
  return { ...known !== undefined && { role: known }, ...written !== null && { text: written } }
}

function featuresOf ({ features }: Fields): Array<{ geometry: PlanFeature['geometry'], properties: Fields }> {
  if (!Array.isArray(features)) throw new Unreadable({ fault: 'not-a-plan' })
  return features.map((feature: unknown, i) => {
    if (!isFields(feature) || !isFields(feature['geometry'])) throw new Unreadable({ fault: 'geometry', feature: i, type: 'null' })
    return { geometry: geometryOf(feature['geometry'], i), properties: isFields(feature['properties']) ? feature['properties'] : {} }
  })
}

/** A MultiPolygon of one is that one. Heights are left out. */
function geometryOf ({ type, coordinates }: Fields, feature: number): PlanGeometry {
  const fail = (): never => { throw new Unreadable({ fault: 'geometry', feature, type: String(type) }) }
  const list = (value: unknown): unknown[] => Array.isArray(value) ? value : fail()
  const point = (value: unknown): Point => {
    const [x, y] = list(value)
    return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y) ? [x, y] : fail()
  }
  const line = (value: unknown): Point[] => list(value).map(point)
  switch (type) {
    case 'Point': return { type, coordinates: point(coordinates) }
    case 'LineString': return { type, coordinates: line(coordinates) }
    case 'Polygon': return { type, coordinates: list(coordinates).map(line) }
    case 'MultiPolygon': return list(coordinates).length === 1 ? { type: 'Polygon', coordinates: list(list(coordinates)[0]).map(line) } : fail()
    default: return fail()
  }
}

function textOf (value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

function isKind (value: unknown): value is SpaceKind {
  return (SPACE_KINDS as readonly unknown[]).includes(value)
}
