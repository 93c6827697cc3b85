import type { CloseReason } from '../protocol/close.ts'
import type { FloorPosition } from './floor-state.ts'
import type { Frame } from './frame.ts'

/** What a session needs of a connection. */
export interface Socket {
  /** Queue one frame; a closed socket drops it. Never throws. */
  send (frame: Frame): void
  /** Bytes queued in this process and not yet taken by the kernel. */
  readonly backlog: number
  /** Say why and end. Safe to repeat. */
  close (reason: CloseReason): void
}

/** Who is behind a watcher: closed when its socket cannot keep up. */
export interface WatcherOwner {
  readonly socket: Socket
  close (reason: CloseReason): void
}

/** A position before every other: whoever has it needs a snapshot. */
export const NOWHERE: FloorPosition = { epoch: -1, seq: 0 }

/** One socket's watch of one floor. All that is owed to a slow one is this position. */
export class Watcher implements FloorPosition {
  readonly owner: WatcherOwner
  /** The owner's, at hand: it is asked at every change. */
  readonly socket: Socket
  /** What was sent, not what was received. */
  epoch: number
  seq: number
  /** Since when it is passed by, on the monotonic clock; null: it is not. */
  behindSince: number | null = null

  constructor (owner: WatcherOwner, { epoch, seq }: FloorPosition) {
    this.owner = owner
    this.socket = owner.socket
    this.epoch = epoch
    this.seq = seq
  }
}
