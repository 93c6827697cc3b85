import { PerchError } from '../../client/index.ts'

/** Milliseconds. The first wait is up to the one, and none is longer than the other: a server that is back after a night is found within a minute. */
const FIRST_MS = 1_000
const LONGEST_MS = 60_000

/** How long to wait after so many attempts in vain: a random part, for all screens of a house lose the same server at once. */
export function waitMs (failed: number, random: () => number = Math.random): number {
  return FIRST_MS / 2 + random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failed)
}

/**
 * Does it again and again until it works, or the signal ends it. `onFail` hears of each attempt in vain.
 * @throws what another attempt would not change: an error that is not the server's, or that it says not to try again; the signal's reason
 */
export async function insist<Answer> (task: () => Promise<Answer>, signal: AbortSignal, onFail: () => void = () => {}): Promise<Answer> {
  for (let failed = 0; ; failed++) {
    signal.throwIfAborted()
    try {
      return await task()
    } catch (error) {
      if (!(error instanceof PerchError) || !error.retry) throw error
      onFail()
      await pause(waitMs(failed), signal)
    }
  }
}

/** @throws the signal's reason */
export async function pause (ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end)
      resolve()
    }, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
