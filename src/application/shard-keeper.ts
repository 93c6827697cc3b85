import { PerchError } from '../domain/errors.ts'
import { encodeWatermark } from './news.ts'
import type { Clock, Store } from './ports.ts'
import { Deadlines, type DeadlineParts } from './deadlines.ts'
import { BEHIND_MS, Recorder, type RecorderParts } from './recorder.ts'
import { recover, type RecoveryParts } from './recovery.ts'

/** How long a dead keeper's shards stay with it; with the keeper's round, takeover is done within 10 s. */
export const LEASE_MS = 6_000
const FIRST_RETRY_MS = 100
const LAST_RETRY_MS = 2_000

export interface ShardKeeperParts {
  store: Store
  clock: Clock
  recorder: RecorderParts
  deadlines: DeadlineParts
  recovery: RecoveryParts
  /** The shard lives and this keeper has just taken it: what a predecessor left half done is finished here. */
  onTaken (shard: number): Promise<void>
  onTrouble? (shard: number, error: unknown): void
}

/**
 * Looks after one shard for as long as this node holds its lease.
 * opening (recovers if it must) -> keeping (recorder and deadlines run) -> opening (the epoch went away, or the ledger moved on) ; any -> stopped.
 */
export class ShardKeeper {
  readonly #parts: ShardKeeperParts
  readonly #shard: number
  #recorder: Recorder | null = null
  #deadlines: Deadlines | null = null
  /** In which it keeps; null while it does not. */
  #epoch: number | null = null
  #unsubscribe: (() => void) | null = null
  #opening: Promise<void> | null = null
  /** Ends the pause before the next try to open; null while there is none. */
  #tryNow: (() => void) | null = null
  /** Its recorder has ended. */
  #relieved = false
  /** The outbox has a gap: the shard lives, and has to be recovered all the same. */
  #gap = false
  #stopped = false

  constructor (parts: ShardKeeperParts, shard: number) {
    this.#parts = parts
    this.#shard = shard
    this.#open()
  }

  /** The shard lives and is being kept. */
  get keeping (): boolean {
    return this.#recorder !== null
  }

  /** Called every few seconds: a wake-up or an epoch that was lost silently is noticed here. */
  async check (): Promise<void> {
    // The store answers: a pause that grew while it did not has no more point.
    this.#tryNow?.()
    if (this.#opening !== null || this.#stopped) return
    const state = await this.#parts.store.state(this.#shard)
    // Live in another epoch: somebody recovered it while this keeper slept. Its recorder would wait for ever at a stream that nobody writes to any more (INV-5).
    if (state.state !== 'live' || state.epoch !== this.#epoch) return await this.#reopen()
    this.#recorder?.check()
    this.#deadlines?.wake()
  }

  /** Whatever is in the outbox goes to the ledger first, so that a clean shutdown leaves nothing behind. */
  async drain (): Promise<void> {
    await this.#recorder?.drain()
  }

  async stop (): Promise<void> {
    this.#stopped = true
    this.#tryNow?.()
    await this.#opening
    await this.#close()
  }

  async #reopen (): Promise<void> {
    if (this.#opening !== null || this.#stopped) return
    await this.#close()
    this.#open()
  }

  #reopenSoon (): void {
    this.#reopen().catch((error: unknown) => this.#parts.onTrouble?.(this.#shard, error))
  }

  #open (): void {
    this.#opening ??= this.#tryToOpen().finally(() => {
      this.#opening = null
      // It may have been relieved while it was still opening, when nothing can begin anew: without this nobody would record any more.
      if (this.#relieved) this.#reopenSoon()
    })
  }

  async #tryToOpen (): Promise<void> {
    let retryMs = FIRST_RETRY_MS
    const since = this.#parts.clock.monotonic()
    while (!this.#stopped) {
      try {
        return await this.#begin()
      } catch (error) {
        this.#parts.onTrouble?.(this.#shard, error)
        // What it had begun already would be begun a second time.
        await this.#close()
        if (error instanceof PerchError && error.code === 'LEDGER_BEHIND' && this.#parts.clock.monotonic() - since > BEHIND_MS) await this.#sayBehind()
        await this.#pause(retryMs)
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)
      }
    }
  }

  async #pause (ms: number): Promise<void> {
    await new Promise<void>(resolve => {
      const cancel = this.#parts.clock.after(ms, resolve)
      this.#tryNow = () => {
        cancel()
        resolve()
      }
    })
    this.#tryNow = null
  }

  /** Where the shard lives claims are granted, and nobody records them: screens are to say so. */
  async #sayBehind (): Promise<void> {
    const { store, onTrouble } = this.#parts
    try {
      const state = await store.state(this.#shard)
      if (state.state === 'live') await store.announce(this.#shard, 'ledger', state.epoch, encodeWatermark({ stream: state.epoch, n: 0, behind: true, refused: [] }))
    } catch (error) {
      onTrouble?.(this.#shard, error)
    }
  }

  async #begin (): Promise<void> {
    const { store, recovery, recorder, deadlines } = this.#parts
    const state = await store.state(this.#shard)
    const cursor = await recovery.ledger.lastingCursor(this.#shard)
    // A ledger in another epoch than the store: the one was restored, or the other rolled back.
    if (this.#gap || state.state !== 'live' || state.epoch !== cursor.epoch || cursor.stream !== cursor.epoch) {
      await this.#proveToWrite()
      const recovered = await recover(recovery, this.#shard, state)
      if (recovered.state === 'superseded') throw new PerchError('RECOVERING')
      this.#gap = false
      return await this.#begin()
    }
    this.#relieved = false
    this.#recorder = new Recorder(recorder, this.#shard, cursor, why => {
      this.#relieved = true
      this.#gap = why === 'gap'
      this.#reopenSoon()
    })
    this.#deadlines = new Deadlines(deadlines, this.#shard)
    this.#epoch = cursor.epoch
    this.#unsubscribe = await store.subscribe(this.#shard, 'keeper', ({ body }) => {
      if (body === 'outbox') this.#recorder?.wake()
      else this.#deadlines?.wake()
    })
    // Where the outbox is full nothing can be brought in line until the recorder has made room.
    this.#recorder.wake()
    await this.#parts.onTaken(this.#shard)
    this.#deadlines.wake()
  }

  /**
   * An epoch that is raised stops whoever keeps the shard on another server. So a keeper whose own server takes no writes (a primary without its replicas, or one that was replaced), or
   * whose lease another one has, raises none. @throws RECOVERING
   */
  async #proveToWrite (): Promise<void> {
    const { store, recovery } = this.#parts
    if (!await store.lease(this.#shard, recovery.keeper, LEASE_MS)) throw new PerchError('RECOVERING')
  }

  async #close (): Promise<void> {
    this.#unsubscribe?.()
    this.#unsubscribe = null
    const [recorder, deadlines] = [this.#recorder, this.#deadlines]
    this.#recorder = null
    this.#deadlines = null
    this.#epoch = null
    await Promise.all([recorder?.stop(), deadlines?.stop()])
  }
}
