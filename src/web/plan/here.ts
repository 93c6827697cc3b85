import type { Palette } from './palette.ts'
import { placeLabel } from './here-label.ts'
import type { FloorShapes, NamedPlace } from './shapes.ts'
import type { PlanView, Size } from './view.ts'

/** Where whoever reads the plan stands, with what is written beside. */
export function drawHere (ctx: CanvasRenderingContext2D, here: NamedPlace, { shapes, view, palette, textPx, size }: { shapes: FloorShapes, view: PlanView, palette: Palette, textPx: number, size: Size }): void {
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
  ctx.lineJoin = 'round'
  ctx.strokeStyle = palette.card
  ctx.lineWidth = textPx * 0.3
  ctx.strokeText(here.name, label.x, label.y)
  ctx.fillText(here.name, label.x, label.y)
}
