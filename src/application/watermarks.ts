import { SHARDS } from '../domain/ids.ts'
import { decodeWatermark } from './news.ts'
import type { Clock, Store } from './ports.ts'

/** Refused commits that are remembered per shard: each is an alarm of its own, so there are none but after a fault. */
const MOST_REFUSED = 1_000

interface Waiter {
  stream: number
  n: number
  done (persisted: boolean): void
}

interface Mark {
  stream: number
  n: number
  behind: boolean
  /** Of this stream; the latest ones: who asks, asks within a second. */
  refused: number[]
  waiters: Set<Waiter>
  subscribed: Promise<() => void> | null
}

/**
 * How far the ledger has come, by shard, as the keepers announce it: who waits for `persisted` waits here. An announcement that is lost costs a `persisted: false`,
 * never a wrong true.
 */
export class Watermarks {
  readonly #store: Store
  readonly #clock: Clock
  readonly #marks: Mark[] = Array.from({ length: SHARDS }, () => ({ stream: 0, n: 0, behind: false, refused: [], waiters: new Set(), subscribed: null }))
  readonly #mostWaiters: number
  readonly #onPassed: (shard: number, stream: number, n: number) => void

  /** `mostWaiters`: who comes later is not waited for and hears `persisted: false` at once (INV-8). `onPassed`: commits up to `n` of that epoch's stream are in Postgres. */
  constructor (store: Store, clock: Clock, mostWaiters = 50_000, onPassed: (shard: number, stream: number, n: number) => void = () => {}) {
    this.#store = store
    this.#clock = clock
    this.#mostWaiters = mostWaiters
    this.#onPassed = onPassed
  }

  /** The ledger said that it is not keeping up with the shard. */
  behind (shard: number): boolean {
    return this.#mark(shard).behind
  }

  /** Hear of a shard's announcements from now on; safe to repeat. */
  async listen (shard: number): Promise<void> {
    const mark = this.#mark(shard)
    mark.subscribed ??= this.#store.subscribe(shard, 'ledger', ({ body }) => this.#passed(shard, mark, body)).catch(error => {
      mark.subscribed = null
      throw error
    })
    await mark.subscribed
  }

  /** True once commit `n` of that epoch's stream is in Postgres; false after `ms` without word of it. */
  wait (shard: number, stream: number, n: number, ms: number): Promise<boolean> {
    const mark = this.#mark(shard)
    if (mark.stream === stream && mark.n >= n) return Promise.resolve(!mark.refused.includes(n))
    if (mark.waiters.size >= this.#mostWaiters) return Promise.resolve(false)
    return new Promise(resolve => {
      const waiter: Waiter = {
        stream,
        n,
        done (persisted) {
          cancel()
          resolve(persisted)
        }
      }
      const cancel = this.#clock.after(ms, () => {
        mark.waiters.delete(waiter)
        resolve(false)
      })
      mark.waiters.add(waiter)
    })
  }

  async close (): Promise<void> {
    for (const mark of this.#marks) {
      for (const waiter of mark.waiters) waiter.done(false)
      mark.waiters.clear()
      const end = await mark.subscribed?.catch(() => undefined)
      end?.()
    }
  }

  #passed (shard: number, mark: Mark, body: string): void {
    const { stream, n, behind, refused } = decodeWatermark(body)
    // An older keeper may still speak: its stream's number tells.
    if (stream < mark.stream) return
    mark.refused = (stream === mark.stream ? [...mark.refused, ...refused] : [...refused]).slice(-MOST_REFUSED)
    // Within a stream it never goes back: a keeper that cannot ask the ledger does not know how far it has come.
    mark.n = stream === mark.stream ? Math.max(mark.n, n) : n
    mark.stream = stream
    mark.behind = behind
    for (const waiter of mark.waiters) {
      if (waiter.stream > stream || (waiter.stream === stream && waiter.n > n)) continue
      mark.waiters.delete(waiter)
      // What waits in an older stream is decided by the recovery, not by this mark.
      waiter.done(waiter.stream === stream && !mark.refused.includes(waiter.n))
    }
    this.#onPassed(shard, stream, n)
  }

  #mark (shard: number): Mark {
    const mark = this.#marks[shard]
    if (mark === undefined) throw new RangeError(`no shard ${shard}`)
    return mark
  }
}
