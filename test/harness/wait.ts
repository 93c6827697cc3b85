import { setTimeout as pause } from 'node:timers/promises'

export interface Wait {
  /** What is waited for, as it reads after "not within 10000 ms: ". */
  what: string
  /** Milliseconds until it is given up; 10,000 by default. */
  withinMs?: number
  /** Milliseconds between two looks; 5 by default. */
  everyMs?: number
}

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>
type Look<T> = { state: 'holds', value: Truthy<T> } | { state: 'not yet', cause: unknown }

/**
 * Looks until the condition holds, and gives what it gave. A condition that throws does not hold yet, so it may as well be made of
 * assertions. This is the one place of the tests with a timer: everything else waits for something that happens.
 * @throws Error with `what` when time is up, also when the condition never answers; its cause is what the condition threw or gave last
 */
export async function until<T> (condition: () => T | Promise<T>, { what, withinMs = 10_000, everyMs = 5 }: Wait): Promise<Truthy<T>> {
  const deadline = performance.now() + withinMs
  const done = new AbortController()
  const alarm = pause(withinMs, undefined, { signal: done.signal }).catch(() => undefined)
  let cause: unknown
  try {
    do {
      const answer = await Promise.race([look(condition), alarm])
      if (answer?.state === 'holds') return answer.value
      if (answer) cause = answer.cause
      await Promise.race([pause(everyMs), alarm])
    } while (performance.now() < deadline)
    throw new Error(`not within ${withinMs} ms: ${what}`, { cause })
  } finally {
    done.abort()
  }
}

async function look<T> (condition: () => T | Promise<T>): Promise<Look<T>> {
  const holds = (value: T): value is T & Truthy<T> => Boolean(value)
  try {
    const value = await condition()
    return holds(value) ? { state: 'holds', value } : { state: 'not yet', cause: value }
  } catch (cause) {
    return { state: 'not yet', cause }
  }
}
