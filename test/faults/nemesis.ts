import { setTimeout as pause } from 'node:timers/promises'
import type { History, Elapsed } from './history.ts'
import type { Installation } from './installation.ts'

/** What a fault befalls: two of the same are never under way at once. */
export type Target = 'node' | 'store' | 'ledger' | 'locks'

/** One kind of trouble, from its beginning to its end. */
export interface Fault {
  target: Target
  /** Whether it can be had here. */
  fits (installation: Installation): boolean
  /** While it lasts, and until the store has settled, two servers may take themselves for the primary. */
  splits? (installation: Installation): boolean
  run (scene: Scene): Promise<void>
}

/** What a fault is given. */
export interface Scene {
  installation: Installation
  random (): number
  /** One of them. */
  any<T> (list: readonly T[]): T
  /** So long, at random between these. */
  last (fromMs: number, toMs: number): Promise<void>
  /** So many processes were ended with SIGKILL. */
  killed (processes: number): void
  /** A word on what exactly is done, for the history. */
  say (what: string): void
}

export interface NemesisParts {
  installation: Installation
  history: History
  faults: Readonly<Record<string, Fault>>
  random (): number
}

/** Between two batches, at most. */
const BREATH_MS = 1_500
/** Of batches: two faults at once. */
const TWO = 0.35

/** Brings about one fault after the other, or two at once, as a seed says. */
export class Nemesis {
  kills = 0
  readonly done = new Map<string, number>()
  /** When two servers may have taken themselves for the primary; the last is open until the store has settled. */
  readonly split: Array<{ from: Elapsed, to: Elapsed }> = []
  readonly #parts: NemesisParts

  constructor (parts: NemesisParts) {
    this.#parts = parts
  }

  /** Until that much time is over; what has begun then is brought to its end. `script`: these in their order, again and again, in place of any; `A + B` are at once. */
  async rage (ms: number, script: readonly string[] | null = null): Promise<void> {
    const endAt = performance.now() + ms
    for (let turn = 0; performance.now() < endAt; turn++) {
      const names = script === null ? this.#choose() : script[turn % script.length]?.split(' + ') ?? []
      await Promise.all(names.map(async name => { await this.#bring(name) }))
      await pause(this.#parts.random() * BREATH_MS)
    }
  }

  async #bring (name: string): Promise<void> {
    const { installation, history, faults, random } = this.#parts
    const fault = faults[name]
    if (fault === undefined) throw new Error(`there is no fault called ${name}`)
    history.note({ type: 'fault', fault: name, state: 'begins' })
    if (fault.splits?.(installation) === true) this.split.push({ from: history.now, to: Infinity })
    await fault.run({
      installation,
      random,
      any: list => {
        const one = list[Math.floor(random() * list.length)]
        if (one === undefined) throw new Error(`${name} has nothing to choose from`)
        return one
      },
      last: async (fromMs, toMs) => { await pause(fromMs + random() * (toMs - fromMs)) },
      killed: processes => { this.kills += processes },
      say: what => history.note({ type: 'fault', fault: name, state: what })
    })
    this.done.set(name, (this.done.get(name) ?? 0) + 1)
    history.note({ type: 'fault', fault: name, state: 'ends' })
  }

  /** The store has settled. */
  settled (): void {
    for (const span of this.split) if (span.to === Infinity) span.to = this.#parts.history.now
  }

  #choose (): string[] {
    const { installation, faults, random } = this.#parts
    const fitting = Object.entries(faults).filter(([, fault]) => fault.fits(installation))
    const [first] = pick(fitting, random)
    const others = fitting.filter(([, { target }]) => target !== faults[first]?.target)
    return random() < TWO && others.length > 0 ? [first, pick(others, random)[0]] : [first]
  }
}

function pick<T> (list: readonly T[], random: () => number): T {
  const one = list[Math.floor(random() * list.length)]
  if (one === undefined) throw new Error('no fault fits here')
  return one
}
