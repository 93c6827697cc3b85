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
