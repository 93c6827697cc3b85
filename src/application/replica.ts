import { PerchError } from '../domain/errors.ts'
import { shardOf, type FloorId, type OrgId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import { backoffMs } from './backoff.ts'
import { reaches, type FloorPosition, type FloorState } from './floor-state.ts'
import type { Log } from './log.ts'
import type { Clock, Listener, Store } from './ports.ts'
import { floorMessage, readPages, settlePages, type FloorMessage } from './read-floor.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { StreamMetrics } from './stream-metrics.ts'

export interface ReplicaParts {
  store: Store
  clock: Clock
  limits: StreamLimits
  metrics: StreamMetrics
  log: Log
  /** In [0, 1), for jitter. */
  random (): number
}

/** The store said, when asked at `at` (this node's clock), that nothing after `seq` existed in that epoch. */
export interface Confirmation extends FloorPosition {
  at: Millis
}

/** Tries of `open` before it gives up: each fails only when messages are lost or the plan changes while it reads. */
const OPENING_TRIES = 8

/** Reads that did not fit together, before the subscription itself is doubted. */
const TRIES_PER_SUBSCRIPTION = 3

/**
 * This node's copy of one floor: subscribed, then read, then kept by the commits' messages. A gap, a later epoch or a position that the store has and this does
 * not means read again; until that is done the old state stays, and is not confirmed. Listeners run when `state` has moved.
 */
export class Replica {
  readonly org: OrgId
  readonly floor: FloorId
  readonly #parts: ReplicaParts
  readonly #listeners = new Set<() => void>()
  #state: FloorState | null = null
  #confirmed: Confirmation | null = null
  #unsubscribe: (() => void) | null = null
  /** Heard while a read is under way; null: none is. */
  #buffer: FloorMessage[] | null = null
  /** A read waits for the message of this seq. */
  #awaited: { seq: number, come (): void } | null = null
  #reading: Promise<void> | null = null
  /** What the state lacks. `none`: nothing known. `read`: read again. `subscribe`: messages do not arrive any more, subscribe anew as well. */
  #lack: 'none' | 'read' | 'subscribe' = 'none'
  #mending = false
  #closed = false
  readonly #cancels = new Set<() => void>()

  constructor (parts: ReplicaParts, org: OrgId, floor: FloorId) {
    this.#parts = parts
    this.org = org
    this.floor = floor
  }

  /** Null until `open` has resolved. */
  get state (): FloorState | null {
    return this.#state
  }

  get confirmed (): Confirmation | null {
    return this.#confirmed
  }

  listen (listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  /** Resolves once there is a state. @throws FLOOR_UNKNOWN, RECOVERING; then it is closed */
  async open (): Promise<void> {
    try {
      await this.#subscribe()
      for (let tries = 0; this.#state === null; tries++) {
        if (tries === OPENING_TRIES || this.#closed) throw new PerchError('RECOVERING')
        if (tries > 0) await this.#pause(tries)
        await this.#read().catch(error => { if (!(error instanceof Torn)) throw error })
      }
      if (this.#lack !== 'none') this.#mend(this.#lack)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Resolves once this replica is at `wanted` or later. @throws RECOVERING when the store itself is not, or cannot say */
  async readAtLeast (wanted: FloorPosition): Promise<void> {
    if (this.#has(wanted)) return
    const { store } = this.#parts
    const { epoch, seqs } = await store.read(this.org, [], [this.floor])
    // Somebody's position is ahead of the store's: the store has lost something that it does not know of yet, or the position was made up.
    if (!reaches({ epoch, seq: seqs.get(this.floor) ?? 0 }, wanted)) throw new PerchError('RECOVERING')
    for (let tries = 0; !this.#has(wanted); tries++) {
      if (tries === OPENING_TRIES || this.#closed) throw new PerchError('RECOVERING')
      await this.#read().catch(error => { if (!(error instanceof Torn)) throw error })
    }
  }

  /** The store was asked at `at`, and answered with this position. */
  checked (position: FloorPosition, at: Millis): void {
    if (this.#closed || this.#state === null) return
    if (this.#has(position)) return this.#confirm({ ...position, at })
    // What the store has written may still be on its way here.
    this.#after(this.#parts.limits.inFlightMs, () => {
      if (this.#has(position)) return this.#confirm({ ...position, at })
      if (this.#lack === 'none') this.#parts.metrics.gap()
      this.#mend('subscribe')
    })
  }

  /** Safe to repeat. */
  close (): void {
    this.#closed = true
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#listeners.clear()
    for (const cancel of this.#cancels) cancel()
    this.#cancels.clear()
  }

  #has (wanted: FloorPosition): boolean {
    return this.#state !== null && this.#lack === 'none' && reaches(this.#state, wanted)
  }

  #confirm (confirmation: Confirmation): void {
    if (this.#confirmed === null || confirmation.at >= this.#confirmed.at) this.#confirmed = confirmation
  }

  async #subscribe (): Promise<void> {
    const { org, floor } = this
    const listener: Listener = message => this.#receive(message)
    // First away with the old one: while a topic has a listener, an adapter may take the next for granted.
    this.#unsubscribe?.()
    this.#unsubscribe = null
    this.#unsubscribe = await this.#parts.store.subscribe(shardOf(org), `floor/${org}/${floor}`, listener)
    if (this.#closed) this.close()
  }

  #receive (message: Parameters<Listener>[0]): void {
    try {
      this.#hear(floorMessage(message))
    } catch (error) {
      this.#parts.log.error({ err: error, org: this.org, floor: this.floor, seq: message.seq }, 'stream: a message could not be applied; reading the floor again')
      this.#mend('read')
    }
  }

  #hear (message: FloorMessage): void {
    if (this.#closed) return
    const { limits, metrics } = this.#parts
    // More than fits is a gap like any other: it shows when the read is settled.
    if (this.#buffer !== null && this.#buffer.length < limits.messagesBuffered) this.#buffer.push(message)
    if (this.#awaited !== null && message.seq >= this.#awaited.seq) this.#awaited.come()
    const state = this.#state
    if (state === null || message.epoch < state.epoch || (message.epoch === state.epoch && message.seq <= state.seq)) return
    if (message.epoch === state.epoch && message.seq === state.seq + 1) {
      if (state.apply(message.seq, message.news) === 'incomplete') this.#mend('read')
      this.#tell()
    } else if (this.#lack === 'none') {
      metrics.gap()
      this.#mend('read')
    }
  }

  /** One read at a time; who asks while one is under way gets that one. @throws Torn, FLOOR_UNKNOWN, RECOVERING */
  async #read (): Promise<void> {
    this.#reading ??= this.#readOnce().finally(() => {
      this.#reading = null
      this.#buffer = null
    })
    await this.#reading
  }

  async #readOnce (): Promise<void> {
    const { store, clock, limits, metrics } = this.#parts
    if (this.#lack === 'subscribe') await this.#subscribe()
    this.#buffer = []
    const at = clock.now()
    const pages = await readPages(store, this.org, this.floor, limits.pageSpaces)
    if (pages === null) throw new Torn()
    if (settlePages(pages, this.#buffer) === null) await this.#arrival(pages.to)
    const state = settlePages(pages, this.#buffer)
    if (state === null || this.#closed) throw new Torn()
    if (this.#state !== null && !reaches(state, this.#state)) throw new Torn()
    metrics.floorRead()
    this.#state = state
    this.#lack = 'none'
    this.#confirm({ epoch: state.epoch, seq: pages.from, at })
    const later = this.#buffer
    this.#buffer = null
    for (const message of later) this.#hear(message)
    this.#tell()
  }

  /** Until that message has come or, on its way, must be taken for lost. */
  async #arrival (seq: number): Promise<void> {
    await new Promise<void>(resolve => {
      this.#awaited = { seq, come: resolve }
      this.#after(this.#parts.limits.inFlightMs, resolve, resolve)
    })
    this.#awaited = null
  }

  /** Reads again, until it is done. */
  #mend (lack: 'read' | 'subscribe'): void {
    if (this.#lack !== 'subscribe') this.#lack = lack
    if (this.#mending || this.#closed) return
    this.#mending = true
    this.#mendAll().finally(() => { this.#mending = false })
  }

  async #mendAll (): Promise<void> {
    const { log } = this.#parts
    for (let tries = 0; this.#lack !== 'none' && !this.#closed; tries++) {
      if (tries > 0) await this.#pause(tries)
      if (tries === TRIES_PER_SUBSCRIPTION) this.#lack = 'subscribe'
      try {
        await this.#read()
      } catch (error) {
        if (!(error instanceof Torn) && tries === 0) log.warn({ err: error, org: this.org, floor: this.floor }, 'stream: a floor could not be read again; trying on')
      }
    }
  }

  async #pause (tries: number): Promise<void> {
    const { limits, random } = this.#parts
    await new Promise<void>(resolve => this.#after(backoffMs(tries, limits.retryReadMs, random), resolve, resolve))
  }

  /** `orElse` runs in its place when the replica is closed before. */
  #after (ms: number, run: () => void, orElse: () => void = () => {}): void {
    if (this.#closed) return orElse()
    const cancel = this.#parts.clock.after(ms, () => {
      this.#cancels.delete(cancelled)
      run()
    })
    const cancelled = () => {
      cancel()
      orElse()
    }
    this.#cancels.add(cancelled)
  }

  #tell (): void {
    for (const listener of this.#listeners) listener()
  }
}

/** What was read does not fit together: messages were lost or the plan changed while reading. */
class Torn extends Error {}
