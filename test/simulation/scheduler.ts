import type { Millis } from '../../src/domain/time.ts'
import { seeded } from '../harness/random.ts'

/** Something that happens at a moment; cancelled once `run` is null. */
export interface Step {
  readonly at: number
  /** Decides between steps of the same moment. */
  readonly tie: number
  run: (() => void) | null
}

/** Monday, 2 March 2026, 08:00 UTC. */
const START = Date.UTC(2026, 2, 2, 8)

/**
 * Time, chance and the order of everything in one run. Whatever is asynchronous is a step here; between two steps every promise comes to rest, so that a run is a function of its
 * seed and of nothing else.
 */
export class Scheduler {
  /** Unix milliseconds, with fractions. */
  now = START
  /** Of everything that was noted so far: the same seed gives the same. */
  digest = 0x811c9dc5
  steps = 0
  readonly random: () => number
  /** Null: nobody will read it. */
  readonly #lines: string[] | null
  readonly #heap: Step[] = []

  constructor (seed: number, traced: boolean) {
    this.random = seeded(seed)
    this.#lines = traced ? [] : null
  }

  get elapsed (): Millis {
    return this.now - START
  }

  get waiting (): number {
    return this.#heap.length
  }

  get lines (): readonly string[] {
    return this.#lines ?? []
  }

  chance (of: number): boolean {
    return this.random() < of
  }

  /** A whole number from 0 on, below `limit`. */
  below (limit: number): number {
    return Math.floor(this.random() * limit)
  }

  between (from: number, to: number): number {
    return from + this.random() * (to - from)
  }

  one<T> (of: readonly T[]): T {
    const found = of[this.below(of.length)]
    if (found === undefined) throw new RangeError('nothing to choose from')
    return found
  }

  after (ms: number, run: () => void): Step {
    const step = { at: this.now + Math.max(0, ms), tie: this.random(), run }
    this.#push(step)
    return step
  }

  /** For the trace; `text` is only made when somebody reads it. */
  note (word: string, text: () => string = () => ''): void {
    let hash = this.digest
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193)
    this.digest = Math.imul(hash ^ Math.floor(this.elapsed * 1_000), 0x01000193) >>> 0
    this.#lines?.push(`${(this.elapsed / 1_000).toFixed(4).padStart(9)}  ${word}  ${text()}`)
  }

  /** Steps, until `over` or nothing is left. Rejects with what a step throws. */
  async run (over: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const turn = (): void => {
        try {
          const step = over() ? undefined : this.#pop()
          if (step === undefined) return resolve()
          this.now = Math.max(this.now, step.at)
          this.steps++
          step.run?.()
        } catch (error) {
          return reject(error)
        }
        rested(turn)
      }
      rested(turn)
    })
  }

  #push (step: Step): void {
    const heap = this.#heap
    let i = heap.push(step) - 1
    while (i > 0) {
      const up = (i - 1) >> 1
      const parent = heap[up]
      if (parent === undefined || !isBefore(step, parent)) break
      heap[i] = parent
      i = up
    }
    heap[i] = step
  }

  #pop (): Step | undefined {
    const heap = this.#heap
    const [first, last] = [heap[0], heap.pop()]
    if (last === undefined || first === last) return first
    let i = 0
    for (;;) {
      let down = 2 * i + 1
      const [left, right] = [heap[down], heap[down + 1]]
      if (left === undefined) break
      if (right !== undefined && isBefore(right, left)) down++
      const child = heap[down]
      if (child === undefined || !isBefore(child, last)) break
      heap[i] = child
      i = down
    }
    heap[i] = last
    return first
  }
}

function isBefore (a: Step, b: Step): boolean {
  return a.at < b.at || (a.at === b.at && a.tie < b.tie)
}

/**
 * Runs it when no promise has anything left to do: a tick that is queued by a microtask runs once the queue of microtasks is empty, however long it grew meanwhile. A fifth of
 * what setImmediate takes.
 */
function rested (run: () => void): void {
  queueMicrotask(() => process.nextTick(run))
}
