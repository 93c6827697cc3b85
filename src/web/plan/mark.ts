import type { Status } from '../../domain/status.ts'
import type { Colour, Inks } from './inks.ts'

export interface MarkAt {
  x: number
  y: number
  /** CSS pixels. */
  radius: number
}

const ROUND = 2 * Math.PI

/** What stands for a status, told apart by shape first: ring, half disc, disc, cross, dotted ring. A claim that is not in the ledger yet has a dotted ring around it. */
export function addMark (inks: Inks, status: Status, at: MarkAt, provisional: boolean): void {
  const { x, y, radius } = at
  const width = Math.max(1.25, radius * 0.4)
  switch (status) {
    case 'free':
      circle(inks.stroke('mark', 'free', { width }), at)
      break
    case 'reserved': {
      circle(inks.stroke('mark', 'reserved', { width }), at)
      const half = inks.fill('mark', 'reserved')
      half.moveTo(x, y + radius)
      half.arc(x, y, radius, Math.PI / 2, 1.5 * Math.PI)
      half.closePath()
      break
    }
    case 'occupied':
      circle(inks.fill('mark', 'occupied'), { x, y, radius: radius * 1.15 })
      break
    case 'blocked': {
      const cross = inks.stroke('mark', 'blocked', { width })
      cross.moveTo(x - radius, y - radius)
      cross.lineTo(x + radius, y + radius)
      cross.moveTo(x + radius, y - radius)
      cross.lineTo(x - radius, y + radius)
      break
    }
    case 'unknown':
      dotted(inks, at, 'blocked')
      break
  }
  if (provisional) dotted(inks, { x, y, radius: radius * 1.8 }, 'ink')
}

function dotted (inks: Inks, at: MarkAt, colour: Colour): void {
  const dot = at.radius * Math.PI / 8
  circle(inks.stroke('mark', colour, { width: Math.max(1, at.radius * 0.3), dash: [dot, dot] }), at)
}

function circle (path: Path2D, { x, y, radius }: MarkAt): void {
  path.moveTo(x + radius, y)
  path.arc(x, y, radius, 0, ROUND)
}
