import type { DisplayOptions } from './options.ts'

export interface Turn {
  floor: string
  ms: number
}

/** Whoever stands before a screen mostly wants the floor that they stand on. */
const OWN_TURNS = 3

/** `floors`: those that there are, as they are listed. A floor of the address that is not among them has no turn. */
export function turnsOf (floors: readonly string[], own: string | null, { floors: asked, dwellMs }: Pick<DisplayOptions, 'floors' | 'dwellMs'>): Turn[] {
  if (asked !== null) return asked.filter(id => floors.includes(id)).map(floor => ({ floor, ms: dwellMs }))
  const others = floors.filter(id => id !== own).map(floor => ({ floor, ms: dwellMs }))
  return own !== null && floors.includes(own) ? [{ floor: own, ms: OWN_TURNS * dwellMs }, ...others] : others
}

/** Whose turn it is so long after the first began. Null: nobody has one. */
export function turnAt (turns: readonly Turn[], elapsedMs: number): string | null {
  const round = turns.reduce((sum, { ms }) => sum + ms, 0)
  if (round <= 0) return null
  let left = ((elapsedMs % round) + round) % round
  for (const { floor, ms } of turns) {
    if (left < ms) return floor
    left -= ms
  }
  return null
}
