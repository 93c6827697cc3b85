import type { Millis } from '../../domain/time.ts'

export interface Deadline {
  name: string
  at: Millis
}

/** Deadlines by name, kept in the order of their moments, equal moments by name. */
export class Deadlines {
  readonly #at = new Map<string, Millis>()
  readonly #sorted: Deadline[] = []

  /** Null: there is none. */
  get first (): Deadline | null {
    return this.#sorted[0] ?? null
  }

  set (name: string, at: Millis): void {
    this.delete(name)
    this.#at.set(name, at)
    this.#sorted.splice(this.#placeOf(name, at), 0, { name, at })
  }

  delete (name: string): void {
    const at = this.#at.get(name)
    if (at === undefined) return
    this.#at.delete(name)
    this.#sorted.splice(this.#placeOf(name, at), 1)
  }

  /** Those at or before `now`, at most `limit`, and the moment of the first one behind them (null: none). */
  until (now: Millis, limit: number): { names: Deadline[], next: Millis | null } {
    const names: Deadline[] = []
    for (const deadline of this.#sorted) {
      if (deadline.at > now || names.length >= limit) return { names, next: deadline.at }
      names.push(deadline)
    }
    return { names, next: null }
  }

  /** The names of those at exactly that moment, at most `limit`. */
  at (at: Millis, limit: number): string[] {
    const first = this.#placeOf('', at)
    return this.#sorted.slice(first, first + limit).filter(deadline => deadline.at === at).map(({ name }) => name)
  }

  clear (): void {
    this.#at.clear()
    this.#sorted.length = 0
  }

  /** Where it stands, or would. */
  #placeOf (name: string, at: Millis): number {
    let [low, high] = [0, this.#sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#sorted[middle]
      if (other !== undefined && (other.at < at || (other.at === at && other.name < name))) low = middle + 1
      else high = middle
    }
    return low
  }
}
