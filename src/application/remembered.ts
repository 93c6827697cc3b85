import { LRUCache } from 'lru-cache'
import { PerchError } from '../domain/errors.ts'
import type { Clock } from './ports.ts'

/** From then on somebody's question has the answer read again, without waiting for it: what is asked for often never waits. */
const REFRESH_AFTER_MS = 30_000
/** No answer is older, as long as Postgres answers. */
export const REMEMBERED_MS = 60_000
/** While Postgres is away the old answer stands, and it is asked again this often. */
const RETRY_MS = 10_000

interface Entry<V> {
  value: Promise<V | null>
  readAt: number
  /** Being read again. */
  next: Promise<V | null> | null
}

/**
 * Answers of the directory, kept for a minute. Whoever asks for the same meanwhile shares one read; what is not there is not remembered. While Postgres is away
 * the last answer is given for as long as it takes: claims go on without it.
 */
export class Remembered<V extends object> {
  readonly #entries: LRUCache<string, Entry<V>>
  readonly #clock: Clock

  constructor (clock: Clock, limit: number) {
    this.#clock = clock
    this.#entries = new LRUCache({ max: limit })
  }

  get size (): number {
    return this.#entries.size
  }

  /** What is remembered, or what `read` gives. Not async: a hit costs no promise of its own. */
  get (key: string, read: () => Promise<V | null>): Promise<V | null> {
    const entry = this.#entries.get(key)
    if (entry === undefined) return this.#first(key, read)
    const age = this.#clock.monotonic() - entry.readAt
    if (age < REFRESH_AFTER_MS) return entry.value
    entry.next ??= this.#again(key, entry, read)
    return age < REMEMBERED_MS ? entry.value : entry.next
  }

  /** Read it again when next asked. A read that is under way is not remembered either: it may have begun before the change. */
  forget (key: string): void {
    this.#entries.delete(key)
  }

  forgetAll (prefix: string): void {
    for (const key of [...this.#entries.keys()]) if (key.startsWith(prefix)) this.#entries.delete(key)
  }

  #first (key: string, read: () => Promise<V | null>): Promise<V | null> {
    const entry: Entry<V> = { value: read(), readAt: this.#clock.monotonic(), next: null }
    this.#entries.set(key, entry)
    entry.value.then(found => { if (found === null) this.#drop(key, entry) }, () => this.#drop(key, entry))
    return entry.value
  }

  #again (key: string, entry: Entry<V>, read: () => Promise<V | null>): Promise<V | null> {
    const next = read().then(found => {
      if (found === null) this.#drop(key, entry)
      else if (this.#entries.peek(key) === entry) this.#entries.set(key, { value: Promise.resolve(found), readAt: this.#clock.monotonic(), next: null })
      return found
    }, (error: unknown) => {
      entry.next = null
      if (!(error instanceof PerchError) || error.code !== 'LEDGER_BEHIND') throw error
      entry.readAt = this.#clock.monotonic() - REFRESH_AFTER_MS + RETRY_MS
      return entry.value
    })
    // Nobody may be waiting for it; who waits is told.
    next.catch(() => {})
    return next
  }

  #drop (key: string, entry: Entry<V>): void {
    if (this.#entries.peek(key) === entry) this.#entries.delete(key)
  }
}
