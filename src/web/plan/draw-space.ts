import type { Status } from '../../domain/status.ts'
import { drawMark } from './mark.ts'
import type { Palette } from './palette.ts'
import type { SpaceShape } from './shapes.ts'
import type { PlanView } from './view.ts'

/** How one space looks at this moment. */
export interface SpaceLook {
  /** Null: nothing is known of it yet. */
  status: Status | null
  /** What it was before, and how far that has faded: 1 is gone. */
  before: { status: Status | null, faded: number } | null
  provisional: boolean
  /** Who is there, where that may be shown. */
  occupant?: string | undefined
  /** Of whoever looks at it. */
  mine: boolean
  chosen: boolean
  /** Not what is looked for. */
  dimmed: boolean
}

export interface SpaceStyle {
  view: PlanView
  palette: Palette
  /** CSS pixels of a label. */
  textPx: number
}

/** Pixels. A mark that is smaller says nothing, and one that is larger shouts. */
const SMALLEST_MARK = 1.5
const LARGEST_MARK = 0.5
const DIMMED = 0.22

/** One space with its ground, outline, mark and, where there is room for it, its label. */
export function drawSpace (ctx: CanvasRenderingContext2D, space: SpaceShape, look: SpaceLook, style: SpaceStyle): void {
  const base = look.dimmed ? DIMMED : 1
  const { before } = look
  if (before !== null) {
    ctx.globalAlpha = base * (1 - before.faded)
    drawStatus(ctx, space, { status: before.status, provisional: false }, style)
  }
  ctx.globalAlpha = base * (before?.faded ?? 1)
  drawStatus(ctx, space, look, style)
  ctx.globalAlpha = 1
  if (look.mine || look.chosen) drawChoice(ctx, space, look, style)
}

function drawStatus (ctx: CanvasRenderingContext2D, space: SpaceShape, { status, provisional, occupant }: Pick<SpaceLook, 'status' | 'provisional' | 'occupant'>, style: SpaceStyle): void {
  const { palette, view: { scale } } = style
  const isRoom = space.kind === 'room' || space.kind === 'booth'
  trace(ctx, space, style, isRoom ? 0 : gap(space, scale))
  const ground = groundOf(status, palette)
  if (ground !== null) {
    ctx.fillStyle = ground
    ctx.fill()
  }
  outline(ctx, status, isRoom, space, style)
  if (status === null) return
  const box = onCanvas(space, style)
  const short = Math.min(box.width, box.height)
  const name = occupant === undefined ? null : nameOf(ctx, occupant, box, style)
  // Whoever sits there says more than what the place is called.
  const text = name ?? labelOf(ctx, space, box, isRoom, style)
  const radius = Math.min(short * (isRoom ? 0.12 : 0.24), style.textPx * LARGEST_MARK)
  const x = box.x + box.width / 2
  const y = box.y + box.height / 2
  if (text !== null) {
    ctx.fillStyle = palette.ink
    ctx.fillText(text, x, y - style.textPx * 0.62)
  }
  if (radius >= SMALLEST_MARK) drawMark(ctx, status, { x, y: text === null ? y : y + style.textPx * 0.72, radius }, palette, provisional)
}

/** Null: there is no room for it. */
function labelOf (ctx: CanvasRenderingContext2D, space: SpaceShape, box: { width: number, height: number }, isRoom: boolean, { textPx }: SpaceStyle): string | null {
  if (space.label === '' || box.height < textPx * (isRoom ? 2.6 : 2.3)) return null
  return ctx.measureText(space.label).width <= box.width - textPx * 0.5 ? space.label : null
}

/** The whole name, or the first of it with an initial; null: there is no room for either. */
function nameOf (ctx: CanvasRenderingContext2D, name: string, box: { width: number, height: number }, { textPx }: SpaceStyle): string | null {
  if (box.height < textPx * 2.3) return null
  const [first = '', ...rest] = name.split(/\s+/)
  const short = rest.length === 0 ? first : `${first} ${rest.at(-1)?.slice(0, 1) ?? ''}.`
  return [name, short].find(text => ctx.measureText(text).width <= box.width - textPx * 0.5) ?? null
}

function groundOf (status: Status | null, palette: Palette): string | null {
  switch (status) {
    case 'free':
      return palette.freeGround
    case 'reserved':
      return palette.reservedGround
    case 'occupied':
      return palette.occupiedGround
    case 'blocked':
    case 'unknown':
      return null
    case null:
      return palette.paper
  }
}

function outline (ctx: CanvasRenderingContext2D, status: Status | null, isRoom: boolean, space: SpaceShape, { palette, view: { scale } }: SpaceStyle): void {
  if (isRoom) {
    ctx.strokeStyle = palette.line
    ctx.lineWidth = lineOf(scale)
    ctx.stroke()
    return
  }
  if (status === 'free') {
    ctx.strokeStyle = palette.free
    ctx.lineWidth = Math.max(1, Math.min(3, Math.min(space.box.width, space.box.height) * scale * 0.1))
    ctx.stroke()
  } else if (status === 'blocked' || status === 'unknown') {
    ctx.strokeStyle = palette.blocked
    ctx.lineWidth = Math.max(0.75, lineOf(scale) * 0.75)
    ctx.setLineDash(status === 'blocked' ? [scale * 0.2, scale * 0.14] : [scale * 0.08, scale * 0.1])
    ctx.stroke()
    ctx.setLineDash([])
  }
}

function drawChoice (ctx: CanvasRenderingContext2D, space: SpaceShape, { chosen }: SpaceLook, style: SpaceStyle): void {
  const { palette, view: { scale } } = style
  trace(ctx, space, style, -Math.max(2, scale * 0.06))
  ctx.strokeStyle = palette.accent
  ctx.lineWidth = Math.max(2, Math.min(5, scale * 0.12)) * (chosen ? 1.4 : 1)
  ctx.stroke()
}

/** Width of a wall or hairline in pixels, at that scale. */
export function lineOf (scale: number): number {
  return Math.max(1, Math.min(4, scale * 0.12))
}

/** Pixels that neighbours leave between each other. */
function gap ({ box }: SpaceShape, scale: number): number {
  return Math.min(2, Math.min(box.width, box.height) * scale * 0.06)
}

function onCanvas ({ box }: SpaceShape, { view }: SpaceStyle): { x: number, y: number, width: number, height: number } {
  return { x: box.x * view.scale + view.x, y: box.y * view.scale + view.y, width: box.width * view.scale, height: box.height * view.scale }
}

function trace (ctx: CanvasRenderingContext2D, space: SpaceShape, style: SpaceStyle, inset: number): void {
  const { scale, x, y } = style.view
  ctx.beginPath()
  if (space.path !== null) {
    for (let i = 0; i + 1 < space.path.length; i += 2) ctx.lineTo((space.path[i] ?? 0) * scale + x, (space.path[i + 1] ?? 0) * scale + y)
    ctx.closePath()
    return
  }
  const box = onCanvas(space, style)
  const [width, height] = [box.width - 2 * inset, box.height - 2 * inset]
  const isRoom = space.kind === 'room' || space.kind === 'booth'
  if (isRoom) ctx.rect(box.x + inset, box.y + inset, width, height)
  else ctx.roundRect(box.x + inset, box.y + inset, width, height, Math.max(0, Math.min(8, Math.min(width, height) * 0.2)))
}
