import { centreOf, type SpaceShape } from '../plan/shapes.ts'

export type Direction = 'left' | 'right' | 'up' | 'down'

/** How much more a step to the side costs than one ahead: a row is followed to its end before another one is taken. */
const ASIDE = 2.5

/** The space that lies next in that direction; null: there is none. */
export function nextIn (spaces: readonly SpaceShape[], from: SpaceShape, direction: Direction): SpaceShape | null {
  const here = centreOf(from.box)
  let nearest: { space: SpaceShape, cost: number } | null = null
  for (const space of spaces) {
    if (space.id === from.id) continue
    const there = centreOf(space.box)
    const [ahead, aside] = along(direction, there.x - here.x, there.y - here.y)
    // Beyond 60 degrees it lies beside and not ahead.
    if (ahead <= 0.01 || aside > ahead * 1.75) continue
    const cost = ahead + aside * ASIDE
    if (nearest === null || cost < nearest.cost) nearest = { space, cost }
  }
  return nearest?.space ?? null
}

function along (direction: Direction, dx: number, dy: number): [ahead: number, aside: number] {
  switch (direction) {
    case 'left':
      return [-dx, Math.abs(dy)]
    case 'right':
      return [dx, Math.abs(dy)]
    case 'up':
      return [-dy, Math.abs(dx)]
    case 'down':
      return [dy, Math.abs(dx)]
  }
}

/** Where reading begins: whoever comes to the plan by keyboard starts there. */
export function firstOf (spaces: readonly SpaceShape[]): SpaceShape | null {
  return spaces.reduce<SpaceShape | null>((first, space) => first === null || space.box.y + space.box.x * 0.5 < first.box.y + first.box.x * 0.5 ? space : first, null)
}
