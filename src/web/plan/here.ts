import type { Palette } from './palette.ts'
import type { NamedPlace } from './shapes.ts'
import type { PlanView, Size } from './view.ts'

/** Where whoever reads the plan stands, with what is written beside. */
export function drawHere (ctx: CanvasRenderingContext2D, here: NamedPlace, { view, palette, textPx, size }: { view: PlanView, palette: Palette, textPx: number, size: Size }): void {
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
  const fits = x + radius * 2 + ctx.measureText(here.name).width < size.width
  ctx.textAlign = fits ? 'left' : 'right'
  const at = fits ? x + radius * 2 : x - radius * 2
  ctx.lineJoin = 'round'
  ctx.strokeStyle = palette.card
  ctx.lineWidth = textPx * 0.3
  ctx.strokeText(here.name, at, y)
  ctx.fillText(here.name, at, y)
}
