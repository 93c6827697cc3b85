import type { RetryWindow } from '../protocol/frames.ts'

/** The end of a retry window does not grow beyond this. */
const MOST_MS = 30_000

/** Until a server has told its own. */
export const FIRST_WINDOW: RetryWindow = { minMs: 250, maxMs: 3_000 }

/**
 * How long to wait before a live connection is made again, as PROTOCOL.md asks of every client ("Coming back"). `failed`: attempts since the last that was welcomed;
 * `retryAfterS`: what a refusal said, which goes before the window. Milliseconds.
 */
export function comeBackMs ({ minMs, maxMs }: RetryWindow, failed: number, retryAfterS: number | null, random: () => number = Math.random): number {
  if (retryAfterS !== null) return 1_000 * (retryAfterS + random())
  const endMs = Math.max(maxMs, Math.min(MOST_MS, maxMs * 2 ** failed))
  return minMs + random() * (endMs - minMs)
}
