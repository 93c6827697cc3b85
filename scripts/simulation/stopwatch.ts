/** Each step of the scale is this much longer than the one before: what a percentile says is true to 5 %. */
const STEP = 1.05
const FIRST_MS = 0.05
const STEPS = 320

/** How long something took, many times: percentiles from a fixed number of counters, whatever the number of measurements. */
export class Stopwatch {
  readonly #counts = new Uint32Array(STEPS)
  #count = 0
  #longestMs = 0

  add (ms: number): void {
    const step = Math.ceil(Math.log(Math.max(ms, FIRST_MS) / FIRST_MS) / Math.log(STEP))
    const index = Math.min(STEPS - 1, step)
    this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#count++
    this.#longestMs = Math.max(this.#longestMs, ms)
  }

  get count (): number {
    return this.#count
  }

  get longestMs (): number {
    return this.#longestMs
  }

  /** Milliseconds that this share of the measurements did not exceed; 0 without any. */
  percentile (share: number): number {
    let left = Math.ceil(this.#count * share)
    if (left === 0) return 0
    for (const [step, count] of this.#counts.entries()) {
      left -= count
      if (left <= 0) return Math.min(this.#longestMs, FIRST_MS * STEP ** step)
    }
    return this.#longestMs
  }
}
