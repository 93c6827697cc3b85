import type { Status } from '../../domain/status.ts'
import { gridBox, inset, lineOffset, lineWidth, type Grid } from './grid.ts'
import type { Colour, Inks } from './inks.ts'
import { addMark } from './mark.ts'
import type { Box, SpaceShape } from './shapes.ts'
import { spaceText } from './space-text.ts'

/** How one space looks. */
export interface SpaceLook {
  /** Null: nothing is known of it yet. */
  status: Status | null
  provisional: boolean
  /** Who is seen to sit there. */
  name: string | null
}

export interface SpaceStyle {
  grid: Grid
  /** CSS pixels of a label. */
  textPx: number
  width: (text: string, px: number, weight: number) => number
}

/** Pixels of the short side. Below, a mark would be a speck: the space itself takes its shape, hollow, half or with a core. */
export const SMALLEST_MARKED = 9
const GROUNDS: Readonly<Record<Status, Colour | null>> = { free: 'freeGround', reserved: 'reservedGround', occupied: 'occupiedGround', blocked: null, unknown: null }

/** Room and booth have walls, and are told by their ground; all else is furniture. */
export function hasWalls ({ kind }: SpaceShape): boolean {
  return kind === 'room' || kind === 'booth'
}

/** Adds a space with its ground, outline, mark and, where there is room for them, its label and who sits there. */
export function addSpace (inks: Inks, space: SpaceShape, { status, provisional, name }: SpaceLook, style: SpaceStyle): void {
  const { grid, textPx } = style
  const walls = hasWalls(space)
  const outer = gridBox(space.box, grid)
  // Not of the snapped box: desks of one size have lines of one width.
  const short = Math.min(space.box.width, space.box.height) * grid.scale
  const box = walls ? outer : inset(outer, short * grid.ratio < 4 ? 0 : lineWidth(Math.min(2, short * 0.06), grid.ratio))
  const ground = status === null ? 'paper' : GROUNDS[status]
  if (ground !== null) trace(inks.fill(walls ? 'room' : 'ground', ground), space, box, grid)
  if (walls) addWalls(inks, space, box, grid)
  else if (status !== null) addOutline(inks, space, status, box, short, grid)
  if (status === null) return
  if (short < SMALLEST_MARKED && !walls) return addSmall(inks, status, box)
  const text = spaceText({ label: space.label, name, box, px: textPx, isRoom: walls, width: line => style.width(line, textPx, 600) })
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
  for (const line of text.lines) inks.texts.push({ text: line.text, x, y: y + line.y, px: textPx, weight: line.soft ? 400 : 600, colour: 'ink', align: 'center' })
  const radius = Math.min(short * (walls ? 0.12 : 0.24), textPx * 0.5)
  addMark(inks, status, { x, y: y + text.markY, radius: Math.max(1.5, radius) }, provisional)
}

function addWalls (inks: Inks, space: SpaceShape, box: Box, { scale, ratio }: Grid): void {
  const width = lineWidth(Math.min(4, scale * 0.12), ratio)
  const off = lineOffset(width, ratio)
  trace(inks.stroke('roomWall', 'line', { width }), space, { ...box, x: box.x + off, y: box.y + off }, { scale, ratio })
}

function addOutline (inks: Inks, space: SpaceShape, status: Status, box: Box, short: number, grid: Grid): void {
  if (status === 'free') {
    const width = lineWidth(Math.max(1, Math.min(3, short * 0.1)), grid.ratio)
    trace(inks.stroke('outline', 'free', { width }), space, inset(box, width / 2), grid)
  } else if (status === 'blocked' || status === 'unknown') {
    const width = lineWidth(Math.max(1, Math.min(2, short * 0.06)), grid.ratio)
    const dash = status === 'blocked' ? [Math.max(2, short * 0.24), Math.max(1.5, short * 0.16)] : [Math.max(1, short * 0.1), Math.max(1.5, short * 0.12)]
    trace(inks.stroke('outline', 'blocked', { width, dash }), space, inset(box, width / 2), grid)
  }
}

/** Like the marks: nothing in a free one, half of a reserved one, the core of an occupied one, a stroke through what is out of service. */
function addSmall (inks: Inks, status: Status, box: Box): void {
  const { x, y, width, height } = box
  switch (status) {
    case 'reserved':
      inks.fill('mark', 'reserved').rect(x, y, width / 2, height)
      break
    case 'occupied': {
      const core = Math.max(1.5, Math.min(width, height) * 0.5)
      inks.fill('mark', 'occupied').rect(x + width / 2 - core * 0.7, y + height / 2 - core / 2, core * 1.4, core)
      break
    }
    case 'blocked': {
      const path = inks.stroke('mark', 'blocked', { width: 1 })
      path.moveTo(x + width * 0.3, y + height)
      path.lineTo(x + width * 0.7, y)
      break
    }
    case 'free':
    case 'unknown':
  }
}

/** A bay and a locker have corners; a desk is round enough to be told from them. */
function trace (path: Path2D, { kind, path: own }: SpaceShape, box: Box, { scale }: Grid): void {
  if (own !== null) {
    for (let i = 0; i + 1 < own.length; i += 2) path[i === 0 ? 'moveTo' : 'lineTo']((own[i] ?? 0) * scale, (own[i + 1] ?? 0) * scale)
    return path.closePath()
  }
  const radius = kind === 'desk' ? Math.min(8, Math.min(box.width, box.height) * 0.2) : 0
  if (radius < 1) path.rect(box.x, box.y, box.width, box.height)
  else path.roundRect(box.x, box.y, box.width, box.height, radius)
}
