import { Redis } from 'ioredis'

/**
 * The client, with one difference: what is sent within one turn of the event loop leaves in one write. A write is a call of the kernel, and the answers to many claims come
 * in one read, so the next commands of all of them are sent in the same turn (bench/claims).
 */
export class OneWriteRedis extends Redis {
  override sendCommand (...words: Parameters<Redis['sendCommand']>): unknown {
    const { stream } = this
    // There is none before the first connection. A corked one has its uncorking under way.
    if (stream !== undefined && stream.writableCorked === 0) {
      stream.cork()
      process.nextTick(() => stream.uncork())
    }
    return super.sendCommand(...words)
  }
}
