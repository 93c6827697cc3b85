import type { Box } from './shapes.ts'
import type { PlanView } from './view.ts'

/** How metres become pixels. Everything that is straight ends between two device pixels, so that no line is blurred, whatever the screen's ratio. */
export interface Grid {
  /** CSS pixels a metre. */
  scale: number
  /** Device pixels a CSS pixel. */
  ratio: number
}

/** The nearest edge between two device pixels. */
export function snapped (px: number, ratio: number): number {
  return Math.round(px * ratio) / ratio
}

/** In CSS pixels from the plan's origin; at least one device pixel each way. */
export function gridBox ({ x, y, width, height }: Box, { scale, ratio }: Grid): Box {
  const [left, top] = [snapped(x * scale, ratio), snapped(y * scale, ratio)]
  return {
    x: left,
    y: top,
    width: Math.max(1 / ratio, snapped((x + width) * scale, ratio) - left),
    height: Math.max(1 / ratio, snapped((y + height) * scale, ratio) - top)
  }
}

/** A whole number of device pixels, one at least. */
export function lineWidth (px: number, ratio: number): number {
  return Math.max(1, Math.round(px * ratio)) / ratio
}

/** What the centre of a line of that width is moved by, so that its sides lie between pixels. */
export function lineOffset (width: number, ratio: number): number {
  return Math.round(width * ratio) % 2 === 1 ? 0.5 / ratio : 0
}

/** The view moved by less than a device pixel: what was drawn once can be moved with it. */
export function snappedView ({ scale, x, y }: PlanView, ratio: number): PlanView {
  return { scale, x: snapped(x, ratio), y: snapped(y, ratio) }
}

export function inset ({ x, y, width, height }: Box, by: number): Box {
  return { x: x + by, y: y + by, width: Math.max(0, width - 2 * by), height: Math.max(0, height - 2 * by) }
}

export function overlaps (one: Box, other: Box): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height && other.y < one.y + one.height
}
