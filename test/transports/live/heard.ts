import type { ServerFrame } from '../../../src/protocol/frames.ts'

/** What one client heard, over whatever transport. */
export class Heard {
  readonly frames: ServerFrame[] = []
  /** As the server said why; null: it has not, or not yet. */
  closed: { code: number, reason: string } | null = null
  /** The connection is gone. */
  gone = false

  /** Those of one type, oldest first. */
  of<T extends ServerFrame['type']> (type: T): Array<Extract<ServerFrame, { type: T }>> {
    return this.frames.filter((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type)
  }

  /** The reply to that request; undefined: none yet. */
  reply (id: string) {
    return this.of('reply').find(reply => reply.id === id)
  }

  /** The code of the refusal of that request. */
  refusal (id: string): string | undefined {
    const reply = this.reply(id)
    return reply === undefined || reply.ok ? undefined : reply.error.code
  }
}
