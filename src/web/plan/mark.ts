import type { Status } from '../../domain/status.ts'
import type { Palette } from './palette.ts'

export interface MarkAt {
  x: number
  y: number
  /** CSS pixels. */
  radius: number
}

/** What stands for a status, told apart by shape first: ring, half disc, disc, cross, dotted ring. A claim that is not in the ledger yet has a dotted ring around it. */
export function drawMark (ctx: CanvasRenderingContext2D, status: Status, { x, y, radius }: MarkAt, palette: Palette, provisional = false): void {
  ctx.lineWidth = Math.max(1.25, radius * 0.4)
  ctx.beginPath()
  switch (status) {
    case 'free':
      ctx.strokeStyle = palette.free
      ctx.arc(x, y, radius, 0, 2 * Math.PI)
      ctx.stroke()
      break
    case 'reserved':
      ctx.strokeStyle = ctx.fillStyle = palette.reserved
      ctx.arc(x, y, radius, 0, 2 * Math.PI)
      ctx.stroke()
      ctx.beginPath()
      ctx.arc(x, y, radius, Math.PI / 2, 1.5 * Math.PI)
      ctx.fill()
      break
    case 'occupied':
      ctx.fillStyle = palette.occupied
      ctx.arc(x, y, radius * 1.15, 0, 2 * Math.PI)
      ctx.fill()
      break
    case 'blocked':
      ctx.strokeStyle = palette.blocked
      ctx.moveTo(x - radius, y - radius)
      ctx.lineTo(x + radius, y + radius)
      ctx.moveTo(x + radius, y - radius)
      ctx.lineTo(x - radius, y + radius)
      ctx.stroke()
      break
    case 'unknown':
      dottedRing(ctx, { x, y, radius }, palette.blocked)
      break
  }
  if (provisional) dottedRing(ctx, { x, y, radius: radius * 1.8 }, palette.ink)
}

function dottedRing (ctx: CanvasRenderingContext2D, { x, y, radius }: MarkAt, colour: string): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = Math.max(1, radius * 0.3)
  const dot = radius * Math.PI / 8
  ctx.setLineDash([dot, dot])
  ctx.beginPath()
  ctx.arc(x, y, radius, 0, 2 * Math.PI)
  ctx.stroke()
  ctx.setLineDash([])
}
