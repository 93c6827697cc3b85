import { quantile } from '../rate.ts'

/** When each change was asked for, and when each client had it. One clock: both are the same process. */
export class Latencies {
  readonly #madeAt = new Map<number, number>()
  /** Three numbers each: from, to, when. */
  #arrivals = new Float64Array(3 * 65_536)
  #length = 0
  /** The highest seq that was made. */
  last = 0

  made (seq: number, calledAt: number): void {
    this.#madeAt.set(seq, calledAt)
    this.last = Math.max(this.last, seq)
  }

  arrived (from: number, to: number): void {
    if (this.#length === this.#arrivals.length) {
      const more = new Float64Array(2 * this.#length)
      more.set(this.#arrivals)
      this.#arrivals = more
    }
    this.#arrivals[this.#length++] = from
    this.#arrivals[this.#length++] = to
    this.#arrivals[this.#length++] = performance.now()
  }

  /** @throws Error when a client did not get every change */
  quantiles (clients: number): { changes: number, p50Ms: number, p99Ms: number, mostMs: number } {
    const took: number[] = []
    for (let i = 0; i < this.#length; i += 3) {
      const [from = 0, to = 0, at = 0] = this.#arrivals.subarray(i, i + 3)
      for (let seq = from + 1; seq <= to; seq++) {
        const madeAt = this.#madeAt.get(seq)
        if (madeAt === undefined) throw new Error(`nobody made change ${seq}`)
        took.push(at - madeAt)
      }
    }
    const changes = this.#madeAt.size
    if (took.length !== changes * clients) throw new Error(`${changes} changes came to ${clients} clients ${took.length} times`)
    return { changes, p50Ms: quantile(took, 0.5), p99Ms: quantile(took, 0.99), mostMs: quantile(took, 1) }
  }
}
