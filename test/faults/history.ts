import type { ClaimView } from '../../src/protocol/claim.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import type { Command } from '../../scripts/simulation/command.ts'

/** Milliseconds on this process's monotonic clock since the history began. */
export type Elapsed = number

/** What a client was told of one request. `unknown`: it may have been done, now or later, or never. */
export type Outcome =
  | { type: 'ok', status: number, claim: ClaimView, position: ClaimReply['position'], persisted: boolean }
  | { type: 'fail', code: string }
  | { type: 'unknown', why: string }

/** One request from beginning to end. Asking again is an operation of its own. */
export interface Operation {
  op: number
  client: number
  node: number
  /** Of the node's process. */
  pid: number
  command: Command
  /** Whose the claim is, and at what time of day it is: every claim keeps to one. */
  person: string
  slot: number
  invokedAt: Elapsed
  /** Null: nobody waits any more, and nobody has been told. */
  returnedAt: Elapsed | null
  outcome: Outcome
}

/** What happened beside the operations. */
export type Note =
  | { type: 'round', seed: number, setting: string, base: number }
  | { type: 'fault', fault: string, state: string }
  | { type: 'watcher', what: string }

/** A line of the file. An operation has two, so that one that is never answered is there as well. */
export type HistoryLine =
  | { at: Elapsed, type: 'invoke' } & Pick<Operation, 'op' | 'client' | 'node' | 'pid' | 'command' | 'person' | 'slot'>
  | { at: Elapsed, op: number } & Outcome
  | { at: Elapsed } & Note

/** What the requests of one round came to, in the order in which they were made. Every line is given to `write` as it happens. */
export class History {
  readonly operations: Operation[] = []
  readonly #began = performance.now()
  readonly #write: (line: HistoryLine) => void

  constructor (write: (line: HistoryLine) => void = () => {}) {
    this.#write = write
  }

  get now (): Elapsed {
    return performance.now() - this.#began
  }

  note (line: Note): void {
    this.#write({ at: this.now, ...line })
  }

  /** Gives the function that takes the outcome. Until then the operation counts as unknown. */
  invoke (asked: Pick<Operation, 'client' | 'node' | 'pid' | 'command' | 'person' | 'slot'>): (outcome: Outcome) => void {
    const op = this.operations.length
    const operation: Operation = { op, ...asked, invokedAt: this.now, returnedAt: null, outcome: { type: 'unknown', why: 'not answered yet' } }
    this.operations.push(operation)
    this.#write({ at: operation.invokedAt, type: 'invoke', op, ...asked })
    return outcome => {
      operation.returnedAt = this.now
      operation.outcome = outcome
      this.#write({ at: operation.returnedAt, op, ...outcome })
    }
  }
}
