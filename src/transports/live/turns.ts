/** Work in the order in which it came, a few pieces in each turn of the event loop: whatever else has to be done is done between them. */
export class Turns {
  readonly #waiting: Array<() => void> = []
  readonly #each: number
  #due = false

  /** @param each pieces in a turn */
  constructor (each: number) {
    this.#each = each
  }

  /** Soon, and never before this returns. `piece` does not throw. */
  take (piece: () => void): void {
    this.#waiting.push(piece)
    this.#wake()
  }

  #wake (): void {
    if (this.#due || this.#waiting.length === 0) return
    this.#due = true
    setImmediate(() => {
      this.#due = false
      for (const piece of this.#waiting.splice(0, this.#each)) piece()
      this.#wake()
    })
  }
}
