import { residentBytes } from './settled-memory.ts'

const EVERY_MS = 250

/** The most resident memory of a process, from now on. */
export class PeakMemory {
  readonly #before: number
  readonly #timer: NodeJS.Timeout
  #most = 0

  constructor (pid: number) {
    this.#before = residentBytes(pid)
    this.#timer = setInterval(() => {
      try {
        this.#most = Math.max(this.#most, residentBytes(pid))
      } catch {
        // It has ended: whoever waits for its answers says so.
        clearInterval(this.#timer)
      }
    }, EVERY_MS)
  }

  /** Ends it: how many bytes more than at the beginning. */
  end (): number {
    clearInterval(this.#timer)
    return Math.max(0, this.#most - this.#before)
  }
}
