/** Work in the order in which it came, at most so many pieces in one turn of the event loop: whatever else has to be done is done between them. */
export class LoopTurns {
  readonly #waiting: Array<() => void> = []
  readonly #each: number
  #left: number
  #armed = false

  /** @param each pieces in a turn */
  constructor (each: number) {
    this.#each = each
    this.#left = each
  }

  /** At once, where this turn has not had its pieces yet; else in one of the next. `piece` does not throw. */
  take (piece: () => void): void {
    if (this.#left > 0) this.#run(piece)
    else this.#waiting.push(piece)
    this.#arm()
  }

  #arm (): void {
    if (this.#armed) return
    this.#armed = true
    setImmediate(() => {
      this.#armed = false
      this.#left = this.#each
      for (const piece of this.#waiting.splice(0, this.#each)) this.#run(piece)
      if (this.#waiting.length > 0) this.#arm()
    })
  }

  #run (piece: () => void): void {
    this.#left--
    piece()
  }
}
