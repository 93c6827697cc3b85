import { gridBox, lineOffset, lineWidth, overlaps, snapped, type Grid } from './grid.ts'
import { Inks } from './inks.ts'
import type { Box, FloorShapes, NamedPlace, Path, SpaceShape } from './shapes.ts'
import { cut } from './space-text.ts'

export interface StructureStyle {
  grid: Grid
  textPx: number
  width: (text: string, px: number, weight: number) => number
}

/** Metres. Zones are drawn somewhat larger than what stands in them: their names line up with that. */
const ZONE_INSET_M = 0.9

/** Floor, walls, doors, cores and names: what never changes while the scale stays. */
export function structureOf (shapes: FloorShapes, style: StructureStyle): Inks {
  const inks = new Inks()
  const { grid } = style
  const width = lineWidth(Math.min(4, grid.scale * 0.12), grid.ratio)
  for (const path of shapes.outlines) {
    trace(inks.fill('floor', 'card'), path, grid, 0, true)
    trace(inks.stroke('wall', 'line', { width }), path, grid, width, true)
  }
  for (const { path } of shapes.cores) {
    trace(inks.fill('core', 'paper'), path, grid, 0, true)
    trace(inks.stroke('wall', 'line', { width }), path, grid, width, true)
  }
  for (const path of shapes.walls) trace(inks.stroke('wall', 'line', { width }), path, grid, width, false)
  // A door is where the wall is not.
  for (const path of shapes.doors) trace(inks.stroke('door', 'card', { width: lineWidth(width * 1.5, grid.ratio) }), path, grid, width, false)
  writeNames(inks, shapes, style)
  return inks
}

function trace (to: Path2D, path: Path, { scale, ratio }: Grid, width: number, closed: boolean): void {
  const off = lineOffset(width, ratio)
  for (let i = 0; i + 1 < path.length; i += 2) to[i === 0 ? 'moveTo' : 'lineTo'](snapped((path[i] ?? 0) * scale, ratio) + off, snapped((path[i + 1] ?? 0) * scale, ratio) + off)
  if (closed) to.closePath()
}

/** Zones first, then what else has a name; what would lie over a space or another name is left out, and comes when there is room. */
function writeNames (inks: Inks, shapes: FloorShapes, { grid, textPx, width }: StructureStyle): void {
  const { spaces, zones, cores, labels } = shapes
  const placed = [...shapes.outlines, ...shapes.walls].flatMap(path => linesOf(path, grid))
  const place = (text: string, box: Box, px: number, weight: 400 | 700, align: 'center' | 'left'): boolean => {
    if (text === '' || placed.some(other => overlaps(other, box)) || spaces.some(space => overlaps(gridBox(space.box, grid), box))) return false
    placed.push(box)
    inks.texts.push({ text, x: align === 'left' ? box.x : box.x + box.width / 2, y: box.y + box.height / 2, px, weight, colour: 'soft', align })
    return true
  }
  for (const zone of zones) {
    const large = Math.min(textPx * 1.7, Math.max(textPx * 1.2, grid.scale * 0.85))
    const { top, bottom } = reachOf(zone, spaces)
    const fits = (px: number): boolean => {
      const name = cut(zone.name, zone.box.width * grid.scale, text => width(text, px, 700))
      if (name === null || (px === large && name !== zone.name)) return false
      const box = { x: (zone.x + ZONE_INSET_M) * grid.scale, width: width(name, px, 700), height: px }
      return [top * grid.scale - px * 1.25, bottom * grid.scale + px * 0.25].some(y => place(name, { ...box, y }, px, 700, 'left'))
    }
    if (!fits(large)) fits(textPx)
  }
  for (const core of cores) {
    const size = { width: width(core.name, textPx, 400), height: textPx }
    if (size.width < core.box.width * grid.scale && size.height < core.box.height * grid.scale) place(core.name, around(core, size, grid), textPx, 400, 'center')
  }
  for (const label of labels) place(label.name, around(label, { width: width(label.name, textPx, 400), height: textPx }, grid), textPx, 400, 'center')
}

/** From where to where things stand in a zone: its name is above or below. An empty one has it where that would be. */
function reachOf ({ id, box }: FloorShapes['zones'][number], spaces: readonly SpaceShape[]): { top: number, bottom: number } {
  const inside = spaces.filter(({ zone }) => zone === id)
  if (inside.length === 0) return { top: box.y + ZONE_INSET_M, bottom: box.y + box.height }
  return { top: Math.min(...inside.map(space => space.box.y)), bottom: Math.max(...inside.map(space => space.box.y + space.box.height)) }
}

/** Each piece of a wall as a box, somewhat thicker than it is. */
function linesOf (path: Path, { scale }: Grid): Box[] {
  const boxes: Box[] = []
  for (let i = 0; i + 3 < path.length; i += 2) {
    const [x = 0, y = 0, toX = 0, toY = 0] = path.slice(i, i + 4).map(metres => metres * scale)
    boxes.push({ x: Math.min(x, toX) - 1, y: Math.min(y, toY) - 1, width: Math.abs(toX - x) + 2, height: Math.abs(toY - y) + 2 })
  }
  return boxes
}

function around ({ x, y }: NamedPlace, { width, height }: { width: number, height: number }, { scale }: Grid): Box {
  return { x: x * scale - width / 2, y: y * scale - height / 2, width, height }
}
