import type { ChangeSource } from './changes.ts'
import type { RetryWindow, Target } from './crowd.ts'

/** One change, or several at once, over and over: the next when all clients have the last one. */
export interface RoundsAsked {
  rounds: number
  changes: number
  /** Whether the server is told of all changes at once; Perch gathers them by itself. */
  together: boolean
  /** Every floor has its change in each round; else the floors take turns. */
  everyFloor?: boolean
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
  /** Until they notice: what the loss costs a server is over by then. */
  noticeMs: number
  window: RetryWindow
  changes: number
  seed: number
}

/** From the notice until a client has what the server has; `mostMs`: until the last one has all the changes as well. */
export interface StormDone extends Load {
  p50Ms: number
  p99Ms: number
  mostMs: number
}

/** No client reads while changes come as a Poisson process; afterwards all must come to what the server has. */
export interface StallAsked {
  /** False: they read on, all the same else. */
  stalling: boolean
  perSecond: number
  ms: number
  window: RetryWindow
  seed: number
}

export interface StallDone extends Load {
  changes: number
  /** That arrived, at all clients together. */
  bytes: number
  /** Of connections that the server ended, by the code that it said. */
  ends: Readonly<Record<string, number>>
  /** What the first client made of all its frames: JSON of its views, by id, and of the counts. */
  shown: { views: string, counts: string }
}

/** All clients ask anew, over and over, on the connections that they have. */
export interface WatchAgainAsked {
  times: number
  /** Changes that they have missed; null: they have nothing. */
  behind: number | null
}

/** What the load can be told to do, and what it says when it is done. Clients and changes are there until `close`. */
export interface LoadCalls {
  open: { asked: { target: Target, source: ChangeSource, clients: number }, done: null }
  /** So many more clients. */
  more: { asked: { clients: number }, done: null }
  rounds: { asked: RoundsAsked, done: RoundsDone }
  arrivals: { asked: ArrivalsAsked, done: ArrivalsDone }
  storm: { asked: StormAsked, done: StormDone }
  stall: { asked: StallAsked, done: StallDone }
  watchAgain: { asked: WatchAgainAsked, done: Load & { bytes: number } }
  close: { asked: null, done: null }
}

export type LoadCall = { [K in keyof LoadCalls]: { id: number, call: K, asked: LoadCalls[K]['asked'] } }[keyof LoadCalls]
export type LoadAnswer = { id: number, result: unknown } | { id: number, error: string }
