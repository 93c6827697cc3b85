/**
 * Who wants to be told. One that throws stops neither the others nor what they are told of: its error surfaces as that of a browser's listener does, outside of all calls.
 */
export class Listeners<Told extends unknown[]> {
  readonly #all = new Set<{ tell: (...told: Told) => void }>()

  get size (): number {
    return this.#all.size
  }

  /** The returned function ends it; safe to repeat. */
  add (tell: (...told: Told) => void): () => void {
    const entry = { tell }
    this.#all.add(entry)
    return () => { this.#all.delete(entry) }
  }

  tell (...told: Told): void {
    // A copy: who comes meanwhile has seen it already, who goes hears no more of it.
    for (const entry of [...this.#all]) {
      if (!this.#all.has(entry)) continue
      try {
        entry.tell(...told)
      } catch (error) {
        queueMicrotask(() => { throw error })
      }
    }
  }
}

/** By the name of what they want to be told of. */
export type EventListeners<Events> = { readonly [Name in keyof Events]: Listeners<[Events[Name]]> }
