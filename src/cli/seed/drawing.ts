import type { Floor, Plan, PlanFeature, PlanProperties, Point, Space, Zone } from '../../domain/plan.ts'

/** Metres: lower left corner, width and height. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A floor while it is being drawn: each space and zone is put down together with its shape. */
export class Drawing {
  readonly id: string
  /** What labels on this floor begin with. */
  readonly sign: string
  readonly #floor: Pick<Floor, 'site' | 'name' | 'level'>
  readonly #zones: Zone[] = []
  readonly #spaces: Space[] = []
  readonly #features: PlanFeature[] = []
  readonly #counts = new Map<string, number>()

  constructor (floor: Pick<Floor, 'id' | 'site' | 'name' | 'level'>, sign: string, outline: readonly Point[]) {
    this.id = floor.id
    this.sign = sign
    this.#floor = floor
    this.#add({ type: 'Polygon', coordinates: [ring(outline)] }, { role: 'outline' })
  }

  /** The next number of that name, from 1: `d` gives the floor's desks their ids. */
  number (name: string): number {
    const next = (this.#counts.get(name) ?? 0) + 1
    this.#counts.set(name, next)
    return next
  }

  /** The id is the floor's and `letter` with the next number. */
  space (letter: string, box: Box, space: Omit<Space, 'id'>): void {
    const id = `${this.id}-${letter}${this.number(letter)}`
    this.#spaces.push({ id, ...space })
    this.#add(boxShape(box), { space: id })
  }

  zone (box: Box, zone: Zone): void {
    this.#zones.push(zone)
    this.#add(boxShape(box), { zone: zone.id })
  }

  core (box: Box, text: string): void {
    this.#add(boxShape(box), { role: 'core', text })
  }

  wall (points: readonly Point[]): void {
    this.#add({ type: 'LineString', coordinates: points.map(centimetres) }, { role: 'wall' })
  }

  door (from: Point, to: Point): void {
    this.#add({ type: 'LineString', coordinates: [centimetres(from), centimetres(to)] }, { role: 'door' })
  }

  label (at: Point, text: string): void {
    this.#add({ type: 'Point', coordinates: centimetres(at) }, { role: 'label', text })
  }

  finished (): Floor {
    const plan: Plan = { type: 'FeatureCollection', features: this.#features }
    return { id: this.id, site: this.#floor.site, name: this.#floor.name, level: this.#floor.level, zones: this.#zones, spaces: this.#spaces, plan }
  }

  #add (geometry: PlanFeature['geometry'], properties: PlanProperties): void {
    this.#features.push({ type: 'Feature', geometry, properties })
  }
}

function boxShape ({ x, y, width, height }: Box): PlanFeature['geometry'] {
  return { type: 'Polygon', coordinates: [ring([[x, y], [x + width, y], [x + width, y + height], [x, y + height]])] }
}

/** Closed: the first point stands at the end again. */
function ring (points: readonly Point[]): Point[] {
  return [...points, ...points.slice(0, 1)].map(centimetres)
}

/** Sums of tenths leave tails behind the comma that would stand in every plan. */
function centimetres ([x, y]: Point): Point {
  return [Math.round(x * 100) / 100, Math.round(y * 100) / 100]
}
