import type { Box } from './shapes.ts'

/** How the plan lies on the canvas, in CSS pixels: a metre is `scale` of them, and the plan's origin is at (`x`, `y`). */
export interface PlanView {
  scale: number
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

/** The whole box, in the middle, with `margin` pixels around it. */
export function viewOf (box: Box, size: Size, margin = 0): PlanView {
  const [width, height] = [Math.max(1, size.width - 2 * margin), Math.max(1, size.height - 2 * margin)]
  const scale = Math.min(width / Math.max(1, box.width), height / Math.max(1, box.height))
  return { scale, x: size.width / 2 - (box.x + box.width / 2) * scale, y: size.height / 2 - (box.y + box.height / 2) * scale }
}

/** From the canvas to the plan. */
export function toPlan ({ scale, x, y }: PlanView, at: { x: number, y: number }): { x: number, y: number } {
  return { x: (at.x - x) / scale, y: (at.y - y) / scale }
}

/** A point of the plan in the middle of the canvas. */
export function centredOn (at: { x: number, y: number }, scale: number, { width, height }: Size): PlanView {
  return { scale, x: width / 2 - at.x * scale, y: height / 2 - at.y * scale }
}

/** Pixels a metre, for a beginning: with `enough` the whole floor is shown, else it is drawn at least `readable` and at most `large`. */
export interface StartScales {
  enough: number
  readable: number
  large: number
}

/** Where somebody begins: the whole floor where it can be made out, else as much of it as fills the canvas the better way, from where reading begins. */
export function startOf (box: Box, size: Size, margin: number, { enough, readable, large }: StartScales): PlanView {
  const whole = viewOf(box, size, margin)
  if (whole.scale >= enough) return whole
  const height = Math.max(1, size.height - 2 * margin) / Math.max(1, box.height)
  const width = Math.max(1, size.width - 2 * margin) / Math.max(1, box.width)
  const scale = Math.max(readable, Math.min(large, Math.max(height, width)))
  const along = (from: number, length: number, room: number): number => length * scale + 2 * margin > room ? margin - from * scale : room / 2 - (from + length / 2) * scale
  return { scale, x: along(box.x, box.width, size.width), y: along(box.y, box.height, size.height) }
}

/** Whether the box lies on the canvas, `margin` pixels from its edges. */
export function isInSight (box: Box, { scale, x, y }: PlanView, { width, height }: Size, margin: number): boolean {
  return box.x * scale + x >= margin && (box.x + box.width) * scale + x <= width - margin && box.y * scale + y >= margin && (box.y + box.height) * scale + y <= height - margin
}

/** Moved by no more than it takes to have the box on the canvas, `margin` pixels from its edges; one that is larger than that lies in the middle. */
export function broughtInSight (box: Box, { scale, x, y }: PlanView, { width, height }: Size, margin: number): PlanView {
  const into = (from: number, length: number, room: number): number => {
    const to = from + length
    if (length > room - 2 * margin) return room / 2 - (from + to) / 2
    return from < margin ? margin - from : Math.min(0, room - margin - to)
  }
  return { scale, x: x + into(box.x * scale + x, box.width * scale, width), y: y + into(box.y * scale + y, box.height * scale, height) }
}
