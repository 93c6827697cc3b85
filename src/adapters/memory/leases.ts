import type { Millis } from '../../domain/time.ts'

/** Names that somebody holds for a while. */
export class Leases {
  readonly #held = new Map<string, { holder: string, until: Millis }>()

  /** Take or prolong; false: somebody else holds it. */
  take (name: string, holder: string, now: Millis, ttlMs: number): boolean {
    const held = this.#held.get(name)
    if (held !== undefined && held.until > now && held.holder !== holder) return false
    this.#held.set(name, { holder, until: now + ttlMs })
    return true
  }

  /** Give back, if it is still this holder's. */
  end (name: string, holder: string): void {
    if (this.#held.get(name)?.holder === holder) this.#held.delete(name)
  }

  /** Names that are held, sorted; the others are forgotten. */
  names (now: Millis): string[] {
    for (const [name, { until }] of this.#held) {
      if (until <= now) this.#held.delete(name)
    }
    return [...this.#held.keys()].sort()
  }
}
