import type { Listener, Topic } from '../../application/ports.ts'

type Told = Parameters<Listener>[0]

/** Who listens to what. Messages arrive after the call that sent them, in the order of sending. */
export class Topics {
  readonly #listeners = new Map<string, Set<Listener>>()
  #waiting: Array<{ listeners: Set<Listener>, message: Told }> = []
  readonly #soon: (run: () => void) => void

  constructor (soon: (run: () => void) => void) {
    this.#soon = soon
  }

  subscribe (shard: number, topic: Topic, listener: Listener): () => void {
    const name = `${shard}/${topic}`
    // The same function may listen twice; each time is its own.
    const own: Listener = message => listener(message)
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(own))
    return () => {
      listeners.delete(own)
      if (listeners.size === 0 && this.#listeners.get(name) === listeners) this.#listeners.delete(name)
    }
  }

  publish (shard: number, topic: Topic, message: Told): void {
    const listeners = this.#listeners.get(`${shard}/${topic}`)
    if (listeners === undefined) return
    if (this.#waiting.length === 0) this.#soon(() => this.#deliver())
    this.#waiting.push({ listeners, message })
  }

  close (): void {
    this.#listeners.clear()
    this.#waiting = []
  }

  #deliver (): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { listeners, message } of waiting) {
      for (const listener of [...listeners]) listener(message)
    }
  }
}
