import { overlaps, type Grid } from './grid.ts'
import { Inks } from './inks.ts'
import type { Box, FloorShapes, SpaceShape } from './shapes.ts'
import { addSpace, hasWalls, type SpaceLook, type SpaceStyle } from './space-inks.ts'

/** Metres. A change makes one tile anew, a whole floor of 2,000 spaces has about forty. */
const SIDE_M = 12

/** What a tile is drawn from. `wanted` null: all of it. */
export interface TileLooks {
  style: SpaceStyle
  look: (id: string) => SpaceLook
  wanted: ReadonlySet<string> | null
}

/** Some spaces that lie together, gathered by how they look. */
export class Tile {
  readonly spaces: readonly SpaceShape[]
  /** Around all of them, in metres. */
  readonly box: Box
  readonly walls: boolean
  #made: { grid: Grid, clear: Inks, dimmed: Inks } | null = null

  constructor (spaces: readonly SpaceShape[]) {
    this.spaces = spaces
    this.walls = spaces.some(hasWalls)
    const [left, top] = [Math.min(...spaces.map(({ box }) => box.x)), Math.min(...spaces.map(({ box }) => box.y))]
    const [right, bottom] = [Math.max(...spaces.map(({ box }) => box.x + box.width)), Math.max(...spaces.map(({ box }) => box.y + box.height))]
    this.box = { x: left, y: top, width: right - left, height: bottom - top }
  }

  /** One of its spaces looks different now. */
  spoil (): void {
    this.#made = null
  }

  inks ({ style, look, wanted }: TileLooks): { clear: Inks, dimmed: Inks } {
    const { grid } = style
    if (this.#made !== null && this.#made.grid.scale === grid.scale && this.#made.grid.ratio === grid.ratio) return this.#made
    const made = { grid, clear: new Inks(), dimmed: new Inks() }
    for (const space of this.spaces) addSpace(wanted === null || wanted.has(space.id) ? made.clear : made.dimmed, space, look(space.id), style)
    this.#made = made
    return made
  }
}

/** Rooms before furniture: where one stands in the other, it stands on it. */
export function tilesOf ({ spaces }: Pick<FloorShapes, 'spaces'>): Tile[] {
  const cells = new Map<string, SpaceShape[]>()
  for (const space of spaces) {
    const key = `${hasWalls(space) ? 0 : 1} ${Math.floor(space.box.x / SIDE_M)} ${Math.floor(space.box.y / SIDE_M)}`
    cells.set(key, [...cells.get(key) ?? [], space])
  }
  return [...cells.values()].map(cell => new Tile(cell)).sort((a, b) => Number(b.walls) - Number(a.walls))
}

/** Spaces that lie over others, or whose edges are not straight: they cannot be painted without what is around them. */
export function entangled (tiles: readonly Tile[]): ReadonlySet<string> {
  const found = new Set<string>()
  const all = tiles.flatMap(tile => tile.spaces.map(space => ({ space, tile })))
  for (const { space } of all) {
    if (space.path !== null) found.add(space.id)
    // Neighbours share an edge, and that is not lying over one another.
    const inner = { x: space.box.x + 0.01, y: space.box.y + 0.01, width: space.box.width - 0.02, height: space.box.height - 0.02 }
    for (const tile of tiles) {
      if (!overlaps(tile.box, inner)) continue
      if (tile.spaces.some(other => other.id !== space.id && overlaps(other.box, inner))) found.add(space.id)
    }
  }
  return found
}
