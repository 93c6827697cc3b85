import type { SpaceKind } from '../../src/domain/space.ts'

/** What a holder does with a claim; `at` and `to` are minutes of the simulation. */
export type Turn =
  | { turn: 'check-in', at: number }
  | { turn: 'extend', at: number, to: number }
  | { turn: 'shorten', at: number, to: number }
  | { turn: 'move', at: number }
  | { turn: 'release', at: number }

/**
 * One claim that somebody is going to make, and what becomes of it. `booked`: asked for at `asksAt`, to begin later; without a check-in among its turns they never come.
 * `walk-in` and `badge` (at a kiosk) begin there and then. Without a release it runs until `to`.
 */
export interface Stay {
  kind: SpaceKind
  how: 'booked' | 'walk-in' | 'badge'
  asksAt: number
  from: number
  to: number
  /** In the order of their `at`. */
  turns: readonly Turn[]
}
