import { PerchError } from '../domain/errors.ts'
import type { Clock, Guard, Held } from './ports.ts'

/** When the guard is asked: before every claim, only after a first conflict, or never. */
export const GUARD_MODES = ['always', 'contended', 'off'] as const
export type GuardMode = typeof GUARD_MODES[number]

/** How long a lock lives when its holder dies. A claim takes milliseconds; the commit does not depend on it. */
const TTL_MS = 2_000
/** Asked again while somebody else holds a name: most claims are done within one such wait. */
const TRIES = 5
const WAIT_MS = 8

/** What runs under the guard. */
export interface Guarded<T> {
  names: readonly string[]
  /** Gets a function to call after its first conflict. */
  work (onConflict: () => Promise<void>): Promise<T>
  /** Throws when the work would be refused as things are: whoever lost a race hears so at once instead of queueing for the lock. */
  stillWanted (): Promise<unknown>
}

/**
 * Runs work under the guard as the mode says.
 * @throws BUSY when others hold a name for longer than the tries last, or what `stillWanted` throws
 */
export function guarding (guard: Guard, mode: GuardMode, clock: Clock, random: () => number = Math.random) {
  const take = async ({ names, stillWanted }: Guarded<unknown>): Promise<Held> => {
    for (let tries = 0; tries < TRIES; tries++) {
      const held = await guard.hold(names, TTL_MS)
      if (held.state !== 'busy') return held
      await new Promise<void>(resolve => { clock.after(WAIT_MS * (1 + tries) * (0.5 + random()), resolve) })
      await stillWanted()
    }
    throw new PerchError('BUSY')
  }
  return async <T>(guarded: Guarded<T>): Promise<T> => {
    let held: Held | null = mode === 'always' ? await take(guarded) : null
    try {
      return await guarded.work(async () => {
        if (mode === 'contended') held ??= await take(guarded)
      })
    } finally {
      if (held?.state === 'held') held.release()
    }
  }
}

export type Guarding = ReturnType<typeof guarding>
