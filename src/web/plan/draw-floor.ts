import { drawSpace, lineOf, type SpaceLook } from './draw-space.ts'
import { placeLabel } from './here-label.ts'
import type { Palette } from './palette.ts'
import type { FloorShapes, NamedPlace, Path, SpaceShape } from './shapes.ts'
import type { PlanView, Size } from './view.ts'

export interface FloorPicture {
  shapes: FloorShapes
  view: PlanView
  size: Size
  palette: Palette
  /** Null: nothing is drawn of that space. */
  look: (id: string) => SpaceLook | null
  /** CSS pixels of the smallest text; what has no room for it has none. */
  textPx: number
  /** Where whoever reads it stands, and what is written beside. */
  here: NamedPlace | null
}

/** Draws all of it anew: 2,000 spaces take less time than keeping track of what would not have to be. */
export function drawFloor (ctx: CanvasRenderingContext2D, picture: FloorPicture): void {
  const { shapes, view, size, palette, look, textPx, here } = picture
  ctx.clearRect(0, 0, size.width, size.height)
  ctx.lineCap = 'round'
  ctx.lineJoin = 'round'
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  drawStructure(ctx, picture)
  ctx.lineCap = 'butt'
  ctx.font = `600 ${textPx}px ${palette.font}`
  for (const space of shapes.spaces) {
    if (!isSeen(space, view, size)) continue
    const looks = look(space.id)
    if (looks !== null) drawSpace(ctx, space, looks, { view, palette, textPx })
  }
  drawNames(ctx, picture)
  if (here !== null) drawHere(ctx, here, picture)
}

function isSeen ({ box }: SpaceShape, { scale, x, y }: PlanView, size: Size): boolean {
  return box.x * scale + x < size.width && (box.x + box.width) * scale + x > 0 && box.y * scale + y < size.height && (box.y + box.height) * scale + y > 0
}

function drawStructure (ctx: CanvasRenderingContext2D, { shapes, view, palette }: FloorPicture): void {
  ctx.lineWidth = lineOf(view.scale)
  ctx.strokeStyle = palette.line
  for (const path of shapes.outlines) {
    tracePath(ctx, path, view)
    ctx.closePath()
    ctx.fillStyle = palette.card
    ctx.fill()
    ctx.stroke()
  }
  for (const { path } of shapes.cores) {
    tracePath(ctx, path, view)
    ctx.closePath()
    ctx.fillStyle = palette.paper
    ctx.fill()
    ctx.stroke()
  }
  for (const path of shapes.walls) {
    tracePath(ctx, path, view)
    ctx.stroke()
  }
  // A door is where the wall is not.
  ctx.strokeStyle = palette.card
  ctx.lineWidth = lineOf(view.scale) * 1.5
  for (const path of shapes.doors) {
    tracePath(ctx, path, view)
    ctx.stroke()
  }
}

function drawNames (ctx: CanvasRenderingContext2D, { shapes, view, palette, textPx }: FloorPicture): void {
  ctx.fillStyle = palette.soft
  ctx.font = `400 ${textPx}px ${palette.font}`
  for (const core of shapes.cores) {
    if (ctx.measureText(core.name).width < core.box.width * view.scale) writeAt(ctx, core, view)
  }
  for (const label of shapes.labels) writeAt(ctx, label, view)
  ctx.textAlign = 'left'
  ctx.textBaseline = 'bottom'
  ctx.font = `700 ${textPx * 1.2}px ${palette.font}`
  for (const zone of shapes.zones) {
    const name = shortened(ctx, zone.name, zone.box.width * view.scale)
    if (name !== null) ctx.fillText(name, (zone.x + ZONE_INSET_M) * view.scale + view.x, (zone.y + ZONE_INSET_M) * view.scale + view.y)
  }
}

/** As much of a name as there is room for. Null: too little to say anything. */
function shortened (ctx: CanvasRenderingContext2D, name: string, width: number): string | null {
  for (let length = name.length; length >= SHORTEST_NAME; length--) {
    const text = length === name.length ? name : `${name.slice(0, length).trimEnd()}…`
    if (ctx.measureText(text).width < width) return text
  }
  return null
}

/** Letters. */
const SHORTEST_NAME = 4

/** Metres. Zones are drawn somewhat larger than what stands in them: their names line up with that, and end above it however small all is drawn. */
const ZONE_INSET_M = 0.9

function drawHere (ctx: CanvasRenderingContext2D, here: NamedPlace, { shapes, view, palette, textPx, size }: FloorPicture): void {
  const [x, y] = [here.x * view.scale + view.x, here.y * view.scale + view.y]
  const radius = textPx * 0.55
  ctx.fillStyle = palette.card
  ctx.beginPath()
  ctx.arc(x, y, radius * 1.5, 0, 2 * Math.PI)
  ctx.fill()
  ctx.fillStyle = palette.accent
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.fill()
  ctx.textBaseline = 'middle'
  ctx.font = `700 ${textPx}px ${palette.font}`
  ctx.textAlign = 'left'
  const label = placeLabel({ x, y }, { width: ctx.measureText(here.name).width, height: textPx * 1.2 }, radius * 2, { spaces: shapes.spaces, view, size })
  ctx.strokeStyle = palette.card
  ctx.lineWidth = textPx * 0.3
  ctx.strokeText(here.name, label.x, label.y)
  ctx.fillText(here.name, label.x, label.y)
}

function writeAt (ctx: CanvasRenderingContext2D, { name, x, y }: NamedPlace, view: PlanView): void {
  ctx.fillText(name, x * view.scale + view.x, y * view.scale + view.y)
}

function tracePath (ctx: CanvasRenderingContext2D, path: Path, { scale, x, y }: PlanView): void {
  ctx.beginPath()
  for (let i = 0; i + 1 < path.length; i += 2) ctx.lineTo((path[i] ?? 0) * scale + x, (path[i + 1] ?? 0) * scale + y)
}
