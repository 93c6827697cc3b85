import type { Plan, Point } from '../../domain/plan.ts'
import type { SpaceKind } from '../../domain/space.ts'

/** Of a floor as `GET /v1/floors/{floor}` has it, what is drawn. */
export interface FloorToDraw {
  id: string
  name: string
  zones: ReadonlyArray<{ id: string, name: string }>
  spaces: ReadonlyArray<{ id: string, label: string, kind: SpaceKind, zone?: string | null | undefined, features?: readonly string[] | undefined }>
  plan: Plan
}

/** In metres like the plan, but y grows downwards, as on a screen. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** x and y in turns. */
export type Path = readonly number[]

export interface SpaceShape {
  id: string
  label: string
  kind: SpaceKind
  zone: string | null
  features: readonly string[]
  box: Box
  /** Null: it is its box, as nearly every desk is. */
  path: Path | null
}

export interface NamedPlace {
  name: string
  x: number
  y: number
}

/** Everything of a floor that can be drawn, made once for each revision of its plan. */
export interface FloorShapes {
  id: string
  box: Box
  outlines: readonly Path[]
  walls: readonly Path[]
  doors: readonly Path[]
  cores: ReadonlyArray<NamedPlace & { path: Path, box: Box }>
  labels: readonly NamedPlace[]
  /** Where its name stands: at the upper left corner of the zone. */
  zones: ReadonlyArray<NamedPlace & { id: string, box: Box }>
  spaces: readonly SpaceShape[]
}

export function shapesOf (floor: FloorToDraw): FloorShapes {
  const spaces = new Map(floor.spaces.map(space => [space.id, space]))
  const zoneNames = new Map(floor.zones.map(({ id, name }) => [id, name]))
  const outlines: Path[] = []
  const walls: Path[] = []
  const doors: Path[] = []
  const cores: Array<FloorShapes['cores'][number]> = []
  const labels: NamedPlace[] = []
  const zones: Array<FloorShapes['zones'][number]> = []
  const shapes: SpaceShape[] = []
  for (const { geometry, properties: { space, zone, role, text = '' } } of floor.plan.features) {
    const path = pathOf(geometry)
    const box = boxOf(path)
    const known = space === undefined ? undefined : spaces.get(space)
    if (known !== undefined) {
      shapes.push({ id: known.id, label: known.label, kind: known.kind, zone: known.zone ?? null, features: known.features ?? [], box: atLeast(box), path: isBox(path, box) ? null : path })
    } else if (zone !== undefined) zones.push({ id: zone, name: zoneNames.get(zone) ?? '', x: box.x, y: box.y, box })
    else if (role === 'outline') outlines.push(path)
    else if (role === 'wall') walls.push(path)
    else if (role === 'door') doors.push(path)
    else if (role === 'core') cores.push({ name: text, ...centreOf(box), path, box })
    else if (role === 'label') labels.push({ name: text, ...centreOf(box) })
  }
  return { id: floor.id, box: boxAround([...outlines, ...walls, ...cores.map(({ path }) => path)], shapes), outlines, walls, doors, cores, labels, zones, spaces: shapes }
}

export function centreOf ({ x, y, width, height }: Box): { x: number, y: number } {
  return { x: x + width / 2, y: y + height / 2 }
}

/** A polygon's holes are left out: spaces and cores have none that matter. */
function pathOf (geometry: Plan['features'][number]['geometry']): Path {
  switch (geometry.type) {
    case 'Point':
      return flipped([geometry.coordinates])
    case 'LineString':
      return flipped(geometry.coordinates)
    case 'Polygon':
      return flipped(geometry.coordinates[0] ?? [])
  }
}

function flipped (points: readonly Point[]): Path {
  return points.flatMap(([x, y]) => [x, -y])
}

function boxOf (path: Path): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let i = 0; i + 1 < path.length; i += 2) {
    const [x = 0, y = 0] = [path[i], path[i + 1]]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return left === Infinity ? { x: 0, y: 0, width: 0, height: 0 } : { x: left, y: top, width: right - left, height: bottom - top }
}

/** Metres. A space may be drawn as a point; it can be seen and touched all the same. */
const SMALLEST_M = 0.6

function atLeast (box: Box): Box {
  const [width, height] = [Math.max(SMALLEST_M, box.width), Math.max(SMALLEST_M, box.height)]
  return { x: box.x - (width - box.width) / 2, y: box.y - (height - box.height) / 2, width, height }
}

/** Metres. Sums of centimetres end in tails. */
const SAME_M = 0.001

/** Every corner lies on a corner of the box; a point is one, too. */
function isBox (path: Path, { x, y, width, height }: Box): boolean {
  if (path.length > 10) return false
  for (let i = 0; i + 1 < path.length; i += 2) {
    const [px, py] = [path[i], path[i + 1]]
    if ((apart(px, x) && apart(px, x + width)) || (apart(py, y) && apart(py, y + height))) return false
  }
  return true
}

function apart (one = NaN, other = NaN): boolean {
  return !(Math.abs(one - other) < SAME_M)
}

function boxAround (paths: readonly Path[], spaces: readonly SpaceShape[]): Box {
  const boxes = [...paths.map(boxOf), ...spaces.map(({ box }) => box)]
  return boxOf(boxes.flatMap(({ x, y, width, height }) => [x, y, x + width, y + height]))
}
