import type { Claim } from '../../client/index.ts'
import type { Problem } from './problem.ts'
import type { Spot } from './spot.ts'

/** Somebody who stands here. No more of them than has to be on the screen. */
export interface Visitor {
  id: string
  name: string
}

/** A hit of a search: `groups` where two have the same name. */
export interface Found extends Visitor {
  groups?: string[] | undefined
}

/** What they came for. `greet`: they have not said. */
export type Wish = 'greet' | 'desk' | 'leave'

/** What a visitor has today. */
export interface Held {
  claim: Claim
  spot: Spot
}

/** A desk that is offered. `distance` in metres; `next`: when somebody else's claim begins, as the wire has it. */
export interface Offer {
  spot: Spot
  distance: number | null
  next: string | null
}

/** What can be asked for without knowing who it is, until there is a connection again. */
export type Later = 'arrive' | 'leave' | 'desk'

/**
 * What the kiosk shows. idle -> badge | name | waiting; badge -> name | waiting; name -> pin -> waiting; waiting -> person | done | noted | away | pin | sorry; person -> waiting;
 * away -> noted. A badge that is read leads to `waiting` from anywhere, and everything back to `idle` when nobody touches it. Whoever has left is in none of them.
 */
export type Step =
  | { at: 'idle' }
  /** Waits for a badge. */
  | { at: 'badge', wish: Exclude<Wish, 'greet'> }
  | { at: 'name', wish: Wish }
  | { at: 'pin', who: Found, wish: Wish, problem: Problem | null }
  | { at: 'waiting' }
  /** `offers` null: the nearest ones that are free now. */
  | { at: 'person', person: Visitor, held: readonly Held[], offers: readonly Offer[] | null, problem: Problem | null }
  /** `released` null: all that they had here. `persisted`: it is in the ledger. */
  | { at: 'done', person: Visitor, done: { what: 'checked-in', claim: Claim, spot: Spot, persisted: boolean } | { what: 'released', spot: Spot | null } }
  /** The server was not reached, so nobody knows whose the badge is. */
  | { at: 'away', badge: string }
  /** Kept until there is a connection. `since` as Unix milliseconds. */
  | { at: 'noted', what: Later | 'release', spot: Spot | null, since: number }
  | { at: 'sorry', problem: Problem }
