import type { Clock } from '../../src/application/ports.ts'

interface Timer {
  at: number
  run (): void
}

/** A clock that stands until it is told to go on; timers run on the way, in their order. */
export class HandClock implements Clock {
  #ms: number
  readonly #timers = new Set<Timer>()

  constructor (start = Date.UTC(2026, 2, 2, 8)) {
    this.#ms = start
  }

  /** How many are still to run. */
  get timers (): number {
    return this.#timers.size
  }

  now (): number {
    return this.#ms
  }

  monotonic (): number {
    return this.#ms
  }

  after (ms: number, run: () => void): () => void {
    const timer = { at: this.#ms + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  pass (ms: number): void {
    const end = this.#ms + ms
    for (;;) {
      const next = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#timers.delete(next)
      this.#ms = next.at
      next.run()
    }
    this.#ms = end
  }
}
