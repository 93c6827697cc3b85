import type { Frame } from '../../src/application/frame.ts'
import type { Socket } from '../../src/application/watcher.ts'
import type { CloseReason } from '../../src/protocol/close.ts'
import type { ServerFrame } from '../../src/protocol/frames.ts'

/** A connection that ends in the test: keeps what was sent, and is as slow as it is told to be. */
export class FakeSocket implements Socket {
  /** What a peer that does not read leaves behind; a test sets it. */
  backlog = 0
  closed: CloseReason | null = null
  readonly sent: Frame[] = []
  /** Runs for each frame, as it is sent. */
  onFrame: (frame: Frame) => void = () => {}
  /** Runs when the server closes it. */
  onClose: (reason: CloseReason) => void = () => {}

  send (frame: Frame): void {
    if (this.closed !== null) return
    this.sent.push(frame)
    this.onFrame(frame)
  }

  close (reason: CloseReason): void {
    if (this.closed !== null) return
    this.closed = reason
    this.onClose(reason)
  }

  /** Every frame as a client reads it, oldest first. */
  get frames (): ServerFrame[] {
    return this.sent.map(({ text }) => JSON.parse(text) as ServerFrame)
  }

  /** Those of one type. */
  of<T extends ServerFrame['type']> (type: T): Array<Extract<ServerFrame, { type: T }>> {
    return this.frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type)
  }

  /** Forget what was sent so far. */
  clear (): void {
    this.sent.length = 0
  }
}
