import type { Guard, Held } from '../../application/ports.ts'

interface Lock {
  expiresAt: number
}

/**
 * Guards the claims of one process.
 *
 * @param now a clock in milliseconds that never goes back, such as `performance.now`
 */
export function memoryGuard (now: () => number): Guard {
  /** In the order they were taken. A lock stands under each of its names. */
  const locks = new Map<string, Lock>()

  /** Locks that nobody released leave from the oldest end, so the map holds no more than was taken within the longest ttl (INV-8). */
  function dropExpired (at: number): void {
    for (const [name, lock] of locks) {
      if (lock.expiresAt > at) return
      locks.delete(name)
    }
  }

  function free (name: string, at: number): boolean {
    const lock = locks.get(name)
    return lock === undefined || lock.expiresAt <= at
  }

  function take (names: readonly string[], expiresAt: number): Held {
    const lock = { expiresAt }
    for (const name of names) {
      locks.delete(name) // an expired one: the new one goes to the end of the order
      locks.set(name, lock)
    }
    return {
      state: 'held',
      release () {
        // A rival may have taken a name since this lock ran out: only what is still its own goes.
        for (const name of names) if (locks.get(name) === lock) locks.delete(name)
      }
    }
  }

  return {
    async hold (names, ttlMs) {
      const at = now()
      dropExpired(at)
      return names.every(name => free(name, at)) ? take(names, at + ttlMs) : { state: 'busy' }
    },
    async close () {
      locks.clear()
    }
  }
}
