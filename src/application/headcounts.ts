import type { Clock } from './ports.ts'

/** What a node that is silent for so long had said counts no more. */
const HEARD_MS = 5_000
/** A name that has this part of what it may have is told to other nodes. */
const NOTABLE = 0.1
/** Nodes listened to; of more than that the newest are not counted. */
const NODES = 1_000

interface Heard {
  at: number
  counts: ReadonlyMap<string, number>
}

/** How many of something each name has, here and on the nodes that have told. Bounded by what is counted: a name with none is forgotten. */
export class Headcounts {
  readonly #clock: Clock
  readonly #most: number
  readonly #here = new Map<string, number>()
  readonly #notable = new Set<string>()
  readonly #elsewhere = new Map<string, Heard>()

  /** `most`: of one name, on all nodes together. */
  constructor (clock: Clock, most: number) {
    this.#clock = clock
    this.#most = most
  }

  get size (): number {
    return this.#here.size
  }

  hasRoom (name: string, weight = 1): boolean {
    let count = (this.#here.get(name) ?? 0) + weight
    if (this.#elsewhere.size > 0) {
      const since = this.#clock.monotonic() - HEARD_MS
      for (const [node, { at, counts }] of this.#elsewhere) {
        if (at < since) this.#elsewhere.delete(node)
        else count += counts.get(name) ?? 0
      }
    }
    return count <= this.#most
  }

  enter (name: string, weight = 1): void {
    this.#put(name, (this.#here.get(name) ?? 0) + weight)
  }

  leave (name: string, weight = 1): void {
    this.#put(name, (this.#here.get(name) ?? 0) - weight)
  }

  /** All that others should know; each time anew, and the most notable are not picked out: who is left out is counted by each node for itself. */
  tell (most: number): Array<[name: string, count: number]> {
    return [...this.#notable].slice(0, most).map(name => [name, this.#here.get(name) ?? 0])
  }

  /** In place of whatever that node had told before. */
  heard (node: string, counts: ReadonlyArray<readonly [string, number]>): void {
    if (counts.length === 0) this.#elsewhere.delete(node)
    else if (this.#elsewhere.size < NODES || this.#elsewhere.has(node)) this.#elsewhere.set(node, { at: this.#clock.monotonic(), counts: new Map(counts) })
  }

  #put (name: string, count: number): void {
    if (count > 0) this.#here.set(name, count)
    else this.#here.delete(name)
    if (count >= this.#most * NOTABLE) this.#notable.add(name)
    else this.#notable.delete(name)
  }
}
