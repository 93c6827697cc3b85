/** Full jitter: a random time up to a bound that doubles with each try, so that nodes that lost the same thing do not come back together. */
export function backoffMs (tries: number, { first, most }: { first: number, most: number }, random: () => number): number {
  return Math.ceil(random() * Math.min(most, first * 2 ** tries))
}
