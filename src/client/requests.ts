import type { Clock } from './clock.ts'
import { PerchError } from './error.ts'
import type { ReplyFrame, Request } from './frame.ts'

/** `lost`: the connection ended, or nothing came in time. Whether it was done is not known. */
export type Answer =
  | { state: 'ok', reply: Readonly<Record<string, unknown>> }
  | { state: 'refused', error: PerchError }
  | { state: 'lost' }

/** No answer within this long is none; a server waits at most 250 ms for its ledger. */
const ANSWER_MS = 10_000

/**
 * Requests of the connection that is open, and what is answered to them. Answers are told at once and not by a promise: frames that follow in the same breath count on what
 * the answer said.
 */
export class Requests {
  readonly #clock: Clock
  readonly #send: (frame: object) => void
  readonly #open = new Map<string, (answer: Answer) => void>()
  #last = 0

  constructor (clock: Clock, send: (frame: object) => void) {
    this.#clock = clock
    this.#send = send
  }

  /** `settle` runs once. Only while there is a connection. */
  ask (request: Request, settle: (answer: Answer) => void): void {
    const id = String(++this.#last)
    const cancel = this.#clock.after(ANSWER_MS, () => this.#settle(id, { state: 'lost' }))
    this.#open.set(id, answer => {
      cancel()
      settle(answer)
    })
    this.#send({ ...request, id })
  }

  answered (frame: ReplyFrame): void {
    this.#settle(frame.id, frame.ok ? { state: 'ok', reply: frame } : { state: 'refused', error: new PerchError(frame.error) })
  }

  /** The connection has ended. */
  lost (): void {
    for (const id of [...this.#open.keys()]) this.#settle(id, { state: 'lost' })
  }

  #settle (id: string, answer: Answer): void {
    const settle = this.#open.get(id)
    this.#open.delete(id)
    settle?.(answer)
  }
}
