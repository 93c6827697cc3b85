/** All clients that watch one floor, and who of them has come how far. */
export class FloorCrowd {
  readonly floor: string
  /** Of each client, by its number here: the last seq it was told; -1: it has nothing yet. */
  readonly #seqs: number[] = []
  epoch = 0
  #awaited = Number.POSITIVE_INFINITY
  #missing = 0
  #reached: (() => void) | null = null

  constructor (floor: string) {
    this.floor = floor
  }

  get size (): number {
    return this.#seqs.length
  }

  /** Gives its number. */
  add (): number {
    return this.#seqs.push(-1) - 1
  }

  seqOf (client: number): number {
    return this.#seqs[client] ?? -1
  }

  moved (client: number, to: number): void {
    const before = this.#seqs[client] ?? -1
    this.#seqs[client] = to
    if (before >= this.#awaited || to < this.#awaited || --this.#missing > 0) return
    this.#awaited = Number.POSITIVE_INFINITY
    this.#reached?.()
  }

  /** Resolves once everybody is at least there. One at a time. */
  async reaches (seq: number): Promise<void> {
    this.#missing = this.#seqs.reduce((missing, at) => missing + (at < seq ? 1 : 0), 0)
    if (this.#missing === 0) return
    this.#awaited = seq
    await new Promise<void>(resolve => { this.#reached = resolve })
  }
}
