/** At most so many at a time; the others wait in line. */
export class Permits {
  #free: number
  readonly #waiting: Array<() => void> = []

  constructor (count: number) {
    this.#free = count
  }

  async run<T> (work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#free++
      else next()
    }
  }
}

/** Every item, at most `atOnce` at a time; results in the items' order. */
export async function eachOf<T, R> (items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const permits = new Permits(atOnce)
  return await Promise.all(items.map(async item => await permits.run(async () => await work(item))))
}
