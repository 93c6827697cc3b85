import type { Clock } from './clock.ts'
import type { Requests } from './requests.ts'
import type { ServerTime } from './server-time.ts'

export interface RenewalParts {
  clock: Clock
  random: () => number
  time: ServerTime
  requests: Requests
  token: () => Promise<string | null>
}

/** A token is renewed when between these shares of what is left of its life have gone by: a crowd that came together does not renew together. */
const EARLIEST = 0.7
const LATEST = 0.9
/** Not more often, however short the tokens are. */
const LEAST_MS = 1_000

/** Gives the connection a fresh token before the old one expires. Should that fail, the server ends the connection, and the next one is made with a fresh token. */
export class Renewal {
  readonly #parts: RenewalParts
  #cancel: () => void = () => {}
  /** Of the connection: what belongs to an earlier one comes to nothing. */
  #round = 0

  constructor (parts: RenewalParts) {
    this.#parts = parts
  }

  /** A connection was opened with a token that ends then; undefined: never. */
  begin (expiresAt: unknown): void {
    this.end()
    this.#plan(momentOf(expiresAt))
  }

  /** The connection has ended. */
  end (): void {
    this.#round++
    this.#cancel()
  }

  /** `until`: when the token ends, in Unix milliseconds of the server; null: never, as far as anybody says. */
  #plan (until: number | null): void {
    if (until === null) return
    const { clock, random, time } = this.#parts
    const leftMs = until - time.now()
    if (leftMs < LEAST_MS) return
    this.#cancel = clock.after(Math.max(LEAST_MS, leftMs * (EARLIEST + random() * (LATEST - EARLIEST))), () => this.#renew(until))
  }

  #renew (until: number): void {
    const { requests, token } = this.#parts
    const round = this.#round
    const renewWith = (fresh: string | null): void => {
      if (round !== this.#round) return
      if (fresh === null) return this.#plan(until)
      requests.ask({ type: 'renew', token: fresh }, answer => {
        if (round === this.#round) this.#plan(answer.state === 'ok' ? momentOf(answer.reply['expiresAt']) : until)
      })
    }
    // A provider that fails now may work at the next try.
    token().then(renewWith, () => renewWith(null))
  }
}

/** Null: the server did not say so. */
function momentOf (text: unknown): number | null {
  return typeof text === 'string' ? Date.parse(text) : null
}
