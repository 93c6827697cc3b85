import type { ChangeSource } from './changes.ts'
import type { RetryWindow, Target } from './crowd.ts'

/** One change, or several at once, over and over: the next when all clients have the last one. */
export interface RoundsAsked {
  rounds: number
  changes: number
  /** Whether the server is told of all changes at once; Perch gathers them by itself. */
  together: boolean
  seed: number
}

export interface Load {
  /** Microseconds of CPU that the load itself took. */
  cpuMicros: number
  wallMs: number
}

export interface RoundsDone extends Load {
  /** Diffs that arrived, at all clients. */
  frames: number
  bytes: number
}

/** Changes at moments that nobody can foresee, whether the last one has arrived or not. */
export interface ArrivalsAsked {
  perSecond: number
  ms: number
  seed: number
}

export interface ArrivalsDone extends Load {
  changes: number
  frames: number
  /** From before the request of a change until a client has it, of every change at every client. */
  p50Ms: number
  p99Ms: number
  mostMs: number
}

/** All clients lose their connection at once; meanwhile so many changes are made. */
export interface StormAsked {
  window: RetryWindow
  changes: number
  seed: number
}

/** From the loss until a client has what the server has. */
export interface StormDone extends Load {
  p50Ms: number
  p99Ms: number
  mostMs: number
}

/** What the load can be told to do, and what it says when it is done. Clients and changes are there until `close`. */
export interface LoadCalls {
  open: { asked: { target: Target, source: ChangeSource, clients: number }, done: null }
  /** So many more clients. */
  more: { asked: { clients: number }, done: null }
  rounds: { asked: RoundsAsked, done: RoundsDone }
  arrivals: { asked: ArrivalsAsked, done: ArrivalsDone }
  storm: { asked: StormAsked, done: StormDone }
  close: { asked: null, done: null }
}

export type LoadCall = { [K in keyof LoadCalls]: { id: number, call: K, asked: LoadCalls[K]['asked'] } }[keyof LoadCalls]
export type LoadAnswer = { id: number, result: unknown } | { id: number, error: string }
