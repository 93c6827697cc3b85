import type { Position } from '../../src/client/replica.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'

export interface WatchOf {
  floor: string
  audience: Audience
  /** What the watcher has already; null: nothing. */
  position: Position | null
}

export interface Ending {
  /** A close code or a word. */
  why: string
  /** Coming back the same way would end the same way. */
  final: boolean
  /** Seconds, as a refusal said; null: none did. */
  retryAfterS: number | null
}

/** What a watcher hears of its connection. `closed` is the last of it, and comes once. */
export interface ConnectionEvents {
  opened (): void
  frame (frame: ServerFrame): void
  closed (ending: Ending): void
}

/** One connection of one watcher, whatever carries it. */
export interface Connection {
  /** Watch a floor, or again from that position. */
  watch (of: WatchOf): void
  /** A command; only where `commands` is true. */
  send (frame: ClientFrame): void
  readonly commands: boolean
  /** Ends it without a word, as a cut line would. `closed` is told. */
  drop (): void
}

/** Begins to connect. */
export type Connect = (events: ConnectionEvents) => Connection

/** By the codes' meaning: 4100 to 4199 do not come back. */
export function isFinal (code: number): boolean {
  return code >= 4100 && code < 4200
}

/** What an answer over HTTP in place of a connection comes to; `retryAfter`: that header. */
export function refusal (status: number, retryAfter: string | null | undefined): Ending {
  const seconds = Number(retryAfter ?? Number.NaN)
  return { why: `HTTP ${status}`, final: status >= 400 && status < 500 && status !== 429, retryAfterS: Number.isFinite(seconds) ? seconds : null }
}

export function ended (why: string, final = false): Ending {
  return { why, final, retryAfterS: null }
}
