/** The whole wait is random, from nothing up to a bound that doubles with each attempt: whoever was refused together does not come back together. Milliseconds. */
export function fullJitter (attempt: number, firstMs: number, mostMs: number): number {
  return Math.random() * Math.min(mostMs, firstMs * 2 ** attempt)
}
