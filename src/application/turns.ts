/** So many at a time, in the order in which they came. */
export class Turns {
  #free: number
  readonly #waiting: Array<() => void> = []

  constructor (most: number) {
    this.#free = most
  }

  async take<T> (run: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}
