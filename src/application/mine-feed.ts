import { isActive, type Claim } from '../domain/claim.ts'
import { PerchError } from '../domain/errors.ts'
import type { ClaimId } from '../domain/ids.ts'
import { claimView } from '../protocol/claim.ts'
import { backoffMs } from './backoff.ts'
import { Frame } from './frame.ts'
import type { Log } from './log.ts'
import type { Clock } from './ports.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { Turning } from './wheel.ts'

export interface MineFeedParts {
  clock: Clock
  limits: StreamLimits
  log: Log
  random (): number
}

/** idle -> reading -> resting -> reading | idle; any -> closed. `again`: something changed meanwhile. */
type Stage =
  | { stage: 'idle' }
  | { stage: 'closed' }
  | { stage: 'reading', again: boolean }
  | { stage: 'resting', again: boolean, cancel: () => void }

/** One person's claims, for all of their sockets: read when one of them changes, with a pause in which changes gather. */
export class MineFeed implements Turning {
  spoke: number | null = null
  readonly #parts: MineFeedParts
  /** Now and later, from the store. */
  readonly #read: () => Promise<Claim[]>
  readonly #listeners = new Set<(frame: Frame) => void>()
  readonly #lost = new Set<ClaimId>()
  #frame: Frame | null = null
  #stage: Stage = { stage: 'idle' }
  #failures = 0

  constructor (parts: MineFeedParts, read: () => Promise<Claim[]>) {
    this.#parts = parts
    this.#read = read
  }

  get listeners (): number {
    return this.#listeners.size
  }

  /** Hears the claims as they are, once that is known, and after every change. */
  listen (listener: (frame: Frame) => void): () => void {
    this.#listeners.add(listener)
    if (this.#frame !== null) listener(this.#frame)
    // Nobody was there to be told.
    if (this.#lost.size > 0) this.changed()
    return () => { this.#listeners.delete(listener) }
  }

  /** Read again. */
  changed (): void {
    switch (this.#stage.stage) {
      case 'idle': return this.#begin()
      case 'closed': return
      case 'reading':
      case 'resting': this.#stage.again = true
    }
  }

  /** A fault took these away; told once, with what is left, as soon as somebody listens. */
  lose (claims: readonly ClaimId[]): void {
    for (const claim of claims) this.#lost.add(claim)
    this.changed()
  }

  /** Should a message have been lost. */
  turn (): void {
    this.changed()
  }

  close (): void {
    if (this.#stage.stage === 'resting') this.#stage.cancel()
    this.#stage = { stage: 'closed' }
    this.#listeners.clear()
  }

  #begin (): void {
    this.#stage = { stage: 'reading', again: false }
    this.#read().then(claims => this.#tell(claims), error => this.#failed(error))
  }

  #tell (claims: readonly Claim[]): void {
    this.#failures = 0
    const views = claims.filter(isActive).map(claimView)
    const frame = Frame.of({ type: 'mine', claims: views })
    const lost = this.#listeners.size === 0 ? [] : [...this.#lost]
    if (lost.length > 0 || frame.text !== this.#frame?.text) {
      const told = lost.length === 0 ? frame : Frame.of({ type: 'mine', claims: views, lost })
      for (const claim of lost) this.#lost.delete(claim)
      this.#frame = frame
      for (const listener of this.#listeners) listener(told)
    }
    this.#rest(this.#parts.limits.mineRestMs, false)
  }

  #failed (error: unknown): void {
    const { limits, log, random } = this.#parts
    if (!(error instanceof PerchError)) log.error({ err: error }, 'stream: claims of a person could not be read')
    this.#rest(backoffMs(++this.#failures, limits.retryReadMs, random), true)
  }

  #rest (ms: number, retry: boolean): void {
    if (this.#stage.stage === 'closed') return
    // Nobody there any more: the next who comes has it read.
    const again = (this.#stage.stage === 'reading' && this.#stage.again) || (retry && this.#listeners.size > 0)
    const cancel = this.#parts.clock.after(ms, () => {
      const now = this.#stage
      this.#stage = { stage: 'idle' }
      if (now.stage === 'resting' && now.again) this.#begin()
    })
    this.#stage = { stage: 'resting', again, cancel }
  }
}
