import { LRUCache } from 'lru-cache'
import type { Clock } from './ports.ts'

export interface Allowance {
  perSecond: number
  /** What somebody who was idle may spend at once. */
  atOnce: number
}

interface Purse {
  /** Below zero: a debt, from what was spent elsewhere. */
  left: number
  at: number
  /** Spent here, and not yet told to other nodes. */
  untold: number
}

/** Names remembered, about 200 bytes each. Whoever is forgotten has a full purse again; who has not come for longest goes first. */
const NAMES = 50_000
/** What is told to other nodes is at least this part of what may be spent at once: whoever keeps well within it is nobody's business. */
const NOTABLE = 0.1
/** How deep others can put somebody into debt, in `atOnce`: so many nodes can be spent at in the same moment without one of them being forgotten. */
const DEEPEST_DEBT = 10

/** A token bucket for each name. What a name spends on other nodes is taken off here as well, once it is told. */
export class Allowances {
  readonly #clock: Clock
  readonly #allowance: Allowance
  readonly #purses = new LRUCache<string, Purse>({ max: NAMES, dispose: (_, name) => this.#notable.delete(name) })
  /** Who has spent here what others should know. */
  readonly #notable = new Set<string>()

  constructor (clock: Clock, allowance: Allowance) {
    this.#clock = clock
    this.#allowance = allowance
  }

  get size (): number {
    return this.#purses.size
  }

  /** Milliseconds until there is enough; 0: it is spent now. A refusal costs nothing. */
  take (name: string, cost = 1): number {
    const purse = this.#purseOf(name)
    if (purse.left < cost) return this.#untilThereIs(purse, cost)
    purse.left -= cost
    purse.untold += cost
    if (purse.untold >= this.#allowance.atOnce * NOTABLE) this.#notable.add(name)
    return 0
  }

  /** The same, and nothing is spent. */
  wait (name: string, cost = 1): number {
    const purse = this.#purses.get(name)
    if (purse === undefined) return 0
    this.#fill(purse)
    return purse.left < cost ? this.#untilThereIs(purse, cost) : 0
  }

  /** What was taken should not have been. */
  giveBack (name: string, cost = 1): void {
    const purse = this.#purses.get(name)
    if (purse === undefined) return
    purse.left = Math.min(purse.left + cost, this.#allowance.atOnce)
    purse.untold = Math.max(purse.untold - cost, 0)
  }

  spentElsewhere (name: string, amount: number): void {
    const purse = this.#purseOf(name)
    purse.left = Math.max(purse.left - amount, -DEEPEST_DEBT * this.#allowance.atOnce)
  }

  /** What others should know, told once: at most so many names, the rest the next time. */
  tell (most: number): Array<[name: string, spent: number]> {
    const told: Array<[string, number]> = []
    for (const name of this.#notable) {
      if (told.length === most) break
      this.#notable.delete(name)
      const purse = this.#purses.get(name)
      if (purse === undefined || purse.untold === 0) continue
      told.push([name, purse.untold])
      purse.untold = 0
    }
    return told
  }

  #purseOf (name: string): Purse {
    const known = this.#purses.get(name)
    if (known !== undefined) return this.#fill(known)
    const purse = { left: this.#allowance.atOnce, at: this.#clock.monotonic(), untold: 0 }
    this.#purses.set(name, purse)
    return purse
  }

  #fill (purse: Purse): Purse {
    const { perSecond, atOnce } = this.#allowance
    const now = this.#clock.monotonic()
    purse.left = Math.min(purse.left + (now - purse.at) / 1000 * perSecond, atOnce)
    purse.at = now
    // What was spent is earned again: nobody need hear of it.
    if (purse.left === atOnce) purse.untold = 0
    return purse
  }

  #untilThereIs (purse: Purse, cost: number): number {
    return Math.ceil((cost - purse.left) / this.#allowance.perSecond * 1000)
  }
}
