/**
 * Numbers that look random and are the same for the same seed on every machine: mulberry32 (T. Ettinger, public domain), 32-bit integer arithmetic alone.
 * For demos and simulations; nothing secret may rest on it.
 */
export class Random {
  #state: number

  constructor (seed: number) {
    this.#state = seed >>> 0
  }

  /** In [0, 1). */
  next (): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000
  }

  /** A whole number from `least` to `most`, both included. */
  between (least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  chance (probability: number): boolean {
    return this.next() < probability
  }

  /** @throws RangeError for an empty list */
  pick<T> (from: readonly T[]): T {
    const found = from[this.between(0, from.length - 1)]
    if (found === undefined) throw new RangeError('there is nothing to pick from')
    return found
  }

  /** One of the entries, each as often as its weight says. @throws RangeError for an empty list */
  weighted<T> (from: ReadonlyArray<readonly [T, number]>): T {
    let left = this.next() * from.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [value, weight] of from) {
      left -= weight
      if (left < 0) return value
    }
    return this.pick(from)[0]
  }

  /** A new list in another order. */
  shuffled<T> (list: readonly T[]): T[] {
    const keyed = list.map(value => ({ value, at: this.next() }))
    return keyed.sort((a, b) => a.at - b.at).map(({ value }) => value)
  }

  /** Another source that depends on this one's seed and on `salt` only, so that drawing more here changes nothing there. */
  fork (salt: number): Random {
    return new Random(Math.imul(this.#state ^ Math.imul(salt + 1, 0x9e3779b1), 0x85ebca6b))
  }
}
