import { pageOf, type Samples } from '../adapters/prometheus/samples.ts'
import type { Clock } from '../application/ports.ts'

/** A worker that is busy for longer is left out: Prometheus takes what is missing for gone, and waits 10 s at most. */
const SAMPLED_MS = 1_500

export interface ScrapesParts {
  clock: Clock
  /** Of this process. */
  samples (): Promise<Samples>
  /** Asks each worker for its samples, under that number; which ones were asked. */
  ask (id: number): number[]
}

/** The metrics of all workers and of the process that looks after them. Those who ask at the same time get the same. */
export class Scrapes {
  readonly #parts: ScrapesParts
  #ids = 0
  #gathering: Promise<string> | null = null
  #took: (id: number, worker: number, samples: Samples) => void = () => {}

  constructor (parts: ScrapesParts) {
    this.#parts = parts
  }

  async page (): Promise<string> {
    return await (this.#gathering ??= this.#gather().finally(() => { this.#gathering = null }))
  }

  /** A worker answered; too late, if nobody asks under that number any more. */
  take (id: number, worker: number, samples: Samples): void {
    this.#took(id, worker, samples)
  }

  async #gather (): Promise<string> {
    const { clock, samples, ask } = this.#parts
    const id = ++this.#ids
    const known = new Map<number, Samples>()
    const all = new Promise<void>(resolve => {
      const cancel = clock.after(SAMPLED_MS, resolve)
      const asked = ask(id)
      this.#took = (answered, worker, given) => {
        if (answered !== id) return
        known.set(worker, given)
        if (known.size < asked.length) return
        cancel()
        resolve()
      }
    })
    const own = await samples()
    await all
    const workers = [...known].sort(([a], [b]) => a - b).map(([worker, given]) => [String(worker), given] as const)
    return await pageOf(new Map([['primary', own], ...workers]))
  }
}
