import type { PerchError } from './error.ts'

/**
 * How far to trust what a floor shows. `catching-up`: it was confirmed within the last 10 s or only just asked for, and something may be missing. `stale`: nothing was confirmed for
 * 10 s; say so on the screen, and since when. `refused`: it may not be watched, or is no more, and nothing of it is kept.
 */
export type Freshness =
  | { readonly state: 'live' }
  | { readonly state: 'catching-up' }
  | { readonly state: 'stale', readonly since: Date }
  | { readonly state: 'refused', readonly error: PerchError }

/**
 * The same of the connection: `live` while the server is heard. `closed`: it will not come back by itself, because of `error`; `perch.reconnect()` tries again, unless this
 * client was closed.
 */
export type Connection =
  | { readonly state: 'live' }
  | { readonly state: 'catching-up' }
  | { readonly state: 'stale', readonly since: Date }
  | { readonly state: 'closed', readonly error: PerchError }

/** Whether nothing has to be told. */
export function isSame (one: Freshness | Connection, other: Freshness | Connection): boolean {
  if (one.state === 'stale' && other.state === 'stale') return Number(one.since) === Number(other.since)
  return one.state === other.state
}

export const LIVE = { state: 'live' } as const
export const CATCHING_UP = { state: 'catching-up' } as const
