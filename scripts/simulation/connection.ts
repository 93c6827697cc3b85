import type { Audience } from '../../src/domain/audience.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'
import type { Position } from './replica.ts'

export interface WatchOf {
  floor: string
  audience: Audience
  /** What the watcher has already; null: nothing. */
  position: Position | null
}

/** What a watcher hears of its connection. `closed` is the last of it, and comes once. */
export interface ConnectionEvents {
  opened (): void
  frame (frame: ServerFrame): void
  /** `why`: a close code or a word; `final`: coming back the same way would end the same way. */
  closed (why: string, final: boolean): void
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
