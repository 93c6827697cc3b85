import { gridBox, inset, lineWidth, overlaps, type Grid } from './grid.ts'
import { Inks } from './inks.ts'
import type { Palette } from './palette.ts'
import type { Box, FloorShapes, SpaceShape } from './shapes.ts'
import { addSpace, type SpaceLook, type SpaceStyle } from './space-inks.ts'
import { structureOf } from './structure-inks.ts'
import { TextWidths } from './text-widths.ts'
import { entangled, tilesOf, type Tile } from './tile.ts'
import type { PlanView, Size } from './view.ts'

/** What the whole floor is painted with. */
export interface Picture {
  /** Snapped to the grid. */
  view: PlanView
  size: Size
  ratio: number
  palette: Palette
  /** CSS pixels of the smallest text; what has no room for it has none. */
  textPx: number
  look: (id: string) => SpaceLook
  /** Null: everything is looked for. */
  wanted: ReadonlySet<string> | null
  rings: readonly Ring[]
}

/** Around a space, for whoever it concerns. CSS pixels. */
export interface Ring {
  space: SpaceShape
  width: number
  /** From the space's edge. */
  away: number
  dash?: readonly number[]
}

const DIMMED = 0.22
/** Pixels that rings reach beyond a space, at most. */
export const REACH = 10

/** Puts a floor on a canvas: all of it, a part of it, or a space alone. */
export class FloorPainter {
  readonly #ctx: CanvasRenderingContext2D
  readonly #widths: TextWidths
  readonly #shapes: FloorShapes
  readonly #tiles: readonly Tile[]
  readonly #tileOf = new Map<string, Tile>()
  readonly #byId: ReadonlyMap<string, SpaceShape>
  readonly #entangled: ReadonlySet<string>
  /** Of spaces that are painted alone: one that fades is painted two dozen times as it was and as it is. */
  #alone = new WeakMap<SpaceLook, { space: SpaceShape, grid: Grid, inks: Inks }>()
  #structure: { grid: Grid, textPx: number, inks: Inks } | null = null

  constructor (ctx: CanvasRenderingContext2D, shapes: FloorShapes) {
    this.#ctx = ctx
    this.#shapes = shapes
    this.#widths = new TextWidths((text, font) => {
      ctx.font = font
      return ctx.measureText(text).width
    })
    this.#tiles = tilesOf(shapes)
    for (const tile of this.#tiles) for (const { id } of tile.spaces) this.#tileOf.set(id, tile)
    this.#byId = new Map(shapes.spaces.map(space => [space.id, space]))
    this.#entangled = entangled(this.#tiles)
  }

  space (id: string): SpaceShape | undefined {
    return this.#byId.get(id)
  }

  /** It can be painted anew without what is around it. */
  standsAlone (id: string): boolean {
    return this.#byId.has(id) && !this.#entangled.has(id)
  }

  spoil (id: string): void {
    this.#tileOf.get(id)?.spoil()
  }

  spoilAll (): void {
    this.#alone = new WeakMap()
    for (const tile of this.#tiles) tile.spoil()
  }

  /** Fonts are others now: what was measured with those before is wrong. */
  remeasure (): void {
    this.#widths.clear()
    this.#structure = null
    this.spoilAll()
  }

  /** `area`: in CSS pixels of the canvas, and nothing outside of it is touched; default all. */
  paint (picture: Picture, area: Box = { x: 0, y: 0, ...picture.size }): void {
    const ctx = this.#ctx
    const { view, palette } = picture
    const style = this.#style(picture)
    ctx.save()
    ctx.beginPath()
    ctx.rect(area.x, area.y, area.width, area.height)
    ctx.clip()
    ctx.clearRect(area.x, area.y, area.width, area.height)
    ctx.translate(view.x, view.y)
    ctx.lineCap = 'round'
    ctx.lineJoin = 'round'
    const structure = this.#structureOf(style)
    structure.paint(ctx, palette)
    ctx.lineCap = 'butt'
    for (const tile of this.#tiles) {
      if (!isSeen(tile.box, view, area)) continue
      const { clear, dimmed } = tile.inks({ style, look: picture.look, wanted: picture.wanted })
      ctx.globalAlpha = DIMMED
      dimmed.paint(ctx, palette)
      dimmed.write(ctx, palette)
      ctx.globalAlpha = 1
      clear.paint(ctx, palette)
      clear.write(ctx, palette)
    }
    structure.write(ctx, palette)
    for (const ring of picture.rings) if (isSeen(ring.space.box, view, inset(area, -REACH))) this.#ring(ring, picture)
    ctx.restore()
  }

  /** Moves what is painted by whole device pixels, and paints what comes into sight. */
  shift (picture: Picture, dx: number, dy: number): void {
    const ctx = this.#ctx
    const { size: { width, height }, ratio } = picture
    if (Math.abs(dx) >= width || Math.abs(dy) >= height) return this.paint(picture)
    ctx.save()
    ctx.setTransform(1, 0, 0, 1, 0, 0)
    ctx.globalCompositeOperation = 'copy'
    ctx.drawImage(ctx.canvas, Math.round(dx * ratio), Math.round(dy * ratio))
    ctx.restore()
    // A canvas whose size is no whole number of pixels has a rest at its edge.
    const rest = 1
    if (dx !== 0) this.paint(picture, { x: dx > 0 ? 0 : width + dx - rest, y: 0, width: Math.abs(dx) + rest, height: height + rest })
    if (dy !== 0) this.paint(picture, { x: 0, y: dy > 0 ? 0 : height + dy - rest, width: width + rest, height: Math.abs(dy) + rest })
  }

  /** One that stands alone, in place of what is there. `before`: how it looked, and how far that has faded. */
  paintSpace (space: SpaceShape, picture: Picture, before: { look: SpaceLook, faded: number } | null): void {
    const ctx = this.#ctx
    const { view, size, palette } = picture
    if (!isSeen(space.box, view, { x: 0, y: 0, ...size })) return
    const style = this.#style(picture)
    const box = gridBox(space.box, style.grid)
    const base = picture.wanted === null || picture.wanted.has(space.id) ? 1 : DIMMED
    ctx.save()
    ctx.translate(view.x, view.y)
    ctx.clearRect(box.x, box.y, box.width, box.height)
    if (this.#shapes.outlines.length > 0) {
      ctx.fillStyle = palette.card
      ctx.fillRect(box.x, box.y, box.width, box.height)
    }
    if (before !== null) this.#one(space, before.look, style, palette, base * (1 - before.faded))
    this.#one(space, picture.look(space.id), style, palette, base * (before?.faded ?? 1))
    ctx.restore()
  }

  /** Once more, over spaces that were painted since. */
  paintRings (picture: Picture): void {
    this.#ctx.save()
    this.#ctx.translate(picture.view.x, picture.view.y)
    for (const ring of picture.rings) this.#ring(ring, picture)
    this.#ctx.restore()
  }

  #ring ({ space, width: wanted, away, dash }: Ring, { view, ratio, palette }: Picture): void {
    const ctx = this.#ctx
    const width = lineWidth(wanted, ratio)
    const box = inset(gridBox(space.box, { scale: view.scale, ratio }), -away - width / 2)
    ctx.beginPath()
    ctx.roundRect(box.x, box.y, box.width, box.height, Math.min(10, Math.min(box.width, box.height) * 0.25))
    // A ground of its own between the ring and whatever colour lies beside it.
    ctx.strokeStyle = palette.card
    ctx.lineWidth = width + 1.5
    ctx.stroke()
    ctx.strokeStyle = palette.accent
    ctx.lineWidth = width
    if (dash !== undefined) ctx.setLineDash([...dash])
    ctx.stroke()
    ctx.setLineDash([])
  }

  #one (space: SpaceShape, look: SpaceLook, style: SpaceStyle, palette: Palette, alpha: number): void {
    const inks = this.#inksOf(space, look, style)
    this.#ctx.globalAlpha = alpha
    inks.paint(this.#ctx, palette)
    inks.write(this.#ctx, palette)
  }

  #inksOf (space: SpaceShape, look: SpaceLook, style: SpaceStyle): Inks {
    const { scale, ratio } = style.grid
    const known = this.#alone.get(look)
    if (known !== undefined && known.space === space && known.grid.scale === scale && known.grid.ratio === ratio) return known.inks
    const inks = new Inks()
    addSpace(inks, space, look, style)
    this.#alone.set(look, { space, grid: style.grid, inks })
    return inks
  }

  #style ({ view, ratio, palette, textPx }: Picture): SpaceStyle {
    return { grid: { scale: view.scale, ratio }, textPx, width: (text, px, weight) => this.#widths.of(text, px, weight, palette.font) }
  }

  #structureOf (style: SpaceStyle): Inks {
    const { grid, textPx } = style
    const known = this.#structure
    if (known !== null && known.grid.scale === grid.scale && known.grid.ratio === grid.ratio && known.textPx === textPx) return known.inks
    const inks = structureOf(this.#shapes, style)
    this.#structure = { grid, textPx, inks }
    return inks
  }
}

function isSeen (box: Box, { scale, x, y }: PlanView, area: Box): boolean {
  return overlaps({ x: box.x * scale + x, y: box.y * scale + y, width: box.width * scale, height: box.height * scale }, area)
}
