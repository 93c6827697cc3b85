/** How often each of a few words was said. */
export class Tally {
  readonly #counts = new Map<string, number>()

  add (word: string): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1)
  }

  /** The most frequent first. */
  get entries (): Array<[word: string, count: number]> {
    return [...this.#counts].sort((a, b) => b[1] - a[1])
  }

  get total (): number {
    return this.entries.reduce((sum, [, count]) => sum + count, 0)
  }
}
