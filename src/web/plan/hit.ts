import type { SpaceShape } from './shapes.ts'

/** The space at a point of the plan, or the nearest one that is no more than `most` metres away. Of those that lie over one another it is the smallest. */
export function spaceNear (spaces: readonly SpaceShape[], { x, y }: { x: number, y: number }, most: number): SpaceShape | null {
  let found: { space: SpaceShape, away: number, size: number } | null = null
  for (const space of spaces) {
    const { box } = space
    const away = Math.hypot(Math.max(box.x - x, 0, x - box.x - box.width), Math.max(box.y - y, 0, y - box.y - box.height))
    const size = box.width * box.height
    if (away > most) continue
    if (found === null || away < found.away || (away === found.away && size < found.size)) found = { space, away, size }
  }
  return found?.space ?? null
}
