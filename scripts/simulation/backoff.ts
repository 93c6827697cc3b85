import type { RetryWindow } from '../../src/protocol/frames.ts'

/** The end of a retry window does not grow beyond this. */
const MOST_MS = 30_000

/** The whole wait is random, from nothing up to a bound that doubles with each attempt: whoever was refused together does not come back together. Milliseconds. */
export function fullJitter (attempt: number, firstMs: number, mostMs: number): number {
  return Math.random() * Math.min(mostMs, firstMs * 2 ** attempt)
}

/**
 * How long to wait before a live connection is made again, as PROTOCOL.md asks of every client ("Coming back"). `failed`: attempts since the last that was welcomed;
 * `retryAfterS`: what a refusal said, which goes before the window. Milliseconds.
 */
export function comeBackMs ({ minMs, maxMs }: RetryWindow, failed: number, retryAfterS: number | null, random: () => number = Math.random): number {
  if (retryAfterS !== null) return 1_000 * (retryAfterS + random())
  const endMs = Math.max(maxMs, Math.min(MOST_MS, maxMs * 2 ** failed))
  return minMs + random() * (endMs - minMs)
}
