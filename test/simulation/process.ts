import type { Clock } from '../../src/application/ports.ts'
import type { Scheduler } from './scheduler.ts'

/** One life of a node, from its start to its crash. Nothing happens in it after that, and nothing while it is paused. */
export class Process {
  readonly name: string
  readonly clock: Clock
  /** How far its clock is off. */
  readonly skewMs: number
  readonly #scheduler: Scheduler
  #alive = true
  #pausedUntil = 0
  readonly #onEnd = new Set<() => void>()

  constructor (scheduler: Scheduler, name: string, skewMs: number) {
    this.#scheduler = scheduler
    this.name = name
    this.skewMs = skewMs
    const booted = scheduler.now
    this.clock = {
      now: () => Math.floor(scheduler.now + skewMs),
      monotonic: () => scheduler.now - booted,
      after: (ms, run) => this.after(ms, run)
    }
  }

  get alive (): boolean {
    return this.#alive
  }

  get awake (): boolean {
    return this.#alive && this.#pausedUntil <= this.#scheduler.now
  }

  /** Runs in this process that much later, or when it wakes up; never after its end. */
  after (ms: number, run: () => void): () => void {
    let step = this.#scheduler.after(ms, () => this.#run(run, moved => { step = moved }))
    return () => { step.run = null }
  }

  #run (run: () => void, moved: (step: ReturnType<Scheduler['after']>) => void): void {
    if (!this.#alive) return
    if (this.awake) return run()
    moved(this.#scheduler.after(this.#pausedUntil - this.#scheduler.now, () => this.#run(run, moved)))
  }

  /** As a machine that swaps, or a virtual one that is moved: everything goes on afterwards as if nothing had been. */
  pause (ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#scheduler.now + ms)
  }

  onEnd (run: () => void): void {
    this.#onEnd.add(run)
  }

  end (): void {
    if (!this.#alive) return
    this.#alive = false
    for (const run of this.#onEnd) run()
  }
}
