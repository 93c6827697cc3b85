import type { ClaimView } from '../protocol/claim.ts'
import type { Command } from './command.ts'

/** Enough of a claim to guess what a command on it will do. */
export interface KnownClaim {
  space: string
  /** Null: not told yet. */
  floor: string | null
  /** Unix milliseconds. */
  from: number
  to: string | undefined
  /** Checked in. */
  present: boolean
}

/** More are forgotten, the oldest first: then there is nothing to guess from, and the screen shows what the server says when it says it. */
const MOST = 500

/** Claims that this client made or was told of. */
export class KnownClaims {
  readonly #claims = new Map<string, KnownClaim>()

  get (claim: string): KnownClaim | undefined {
    return this.#claims.get(claim)
  }

  /** As the server tells it. */
  told ({ id, space, floor, from, to, state }: ClaimView): void {
    if (state === 'ended') this.#claims.delete(id)
    else this.#put(id, { space, floor, from: Date.parse(from), to, present: state === 'present' })
  }

  /** It is being asked for, so that a check-in may follow at once. */
  asked (command: Command, now: number): void {
    if (command.type !== 'claim' || this.#claims.has(command.claim.id)) return
    const { id, space, from, to, checkIn = false } = command.claim
    this.#put(id, { space, floor: null, from: from === undefined ? now : Date.parse(from), to, present: checkIn })
  }

  #put (id: string, claim: KnownClaim): void {
    this.#claims.delete(id)
    this.#claims.set(id, claim)
    for (const oldest of this.#claims.keys()) {
      if (this.#claims.size <= MOST) break
      this.#claims.delete(oldest)
    }
  }
}
