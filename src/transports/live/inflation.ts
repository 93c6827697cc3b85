import { constants, inflateRawSync } from 'node:zlib'
import type { WebSocket } from 'ws'

export const PER_MESSAGE_DEFLATE = 'permessage-deflate'

/** RFC 7692, 7.2.2: a message comes without the end of its last block. */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff])
const NOTHING = Buffer.alloc(0)
const WINDOW_BITS = 15
/** RFC 6455, 7.4.1. */
const CLOSE_CODES = { invalid: 1007, tooBig: 1009 } as const

/** What `ws` asks of an extension that inflates. */
interface Inflating {
  decompress (data: Buffer, fin: boolean, done: (error: Error | null, inflated: Buffer) => void): void
  cleanup (): void
}

/** What `ws` made of the handshake, as its own extension. */
interface Negotiated {
  params: { server_max_window_bits?: number }
}

/**
 * Inflates the messages of one peer that deflates each by itself. The library would keep an inflater for each connection, of some 40 KB (zlib.h, inflateInit2); a peer's frames are few and small, so one is
 * made for each message and gone when it is read. Nothing is inflated beyond the largest message that is taken.
 */
export class Inflation implements Inflating {
  readonly #websocket: WebSocket
  readonly #maxBytes: number
  #parts: Buffer[] | null = null

  /**
   * Takes the place of the library's own extension, if the handshake agreed on it. True: the peer takes deflated messages with a window of 32 KB, as they are made for all.
   * test/transports/live/ws-internals.test.ts guards this reach into `ws`.
   */
  static takeOver (websocket: WebSocket, maxBytes: number): boolean {
    const { _extensions: extensions } = websocket as unknown as { _extensions: Record<string, Negotiated | Inflating> }
    const negotiated = extensions[PER_MESSAGE_DEFLATE]
    if (negotiated === undefined || !('params' in negotiated)) return false
    extensions[PER_MESSAGE_DEFLATE] = new Inflation(websocket, maxBytes)
    return (negotiated.params.server_max_window_bits ?? WINDOW_BITS) === WINDOW_BITS
  }

  constructor (websocket: WebSocket, maxBytes: number) {
    this.#websocket = websocket
    this.#maxBytes = maxBytes
  }

  /** Of a message in fragments the whole comes with the last. The library bounds how many there are, and their bytes. */
  decompress (data: Buffer, fin: boolean, done: (error: Error | null, inflated: Buffer) => void): void {
    if (!fin) {
      this.#parts = [...this.#parts ?? [], data]
      // The library does not expect an answer before it has asked.
      return process.nextTick(done, null, NOTHING)
    }
    const parts = this.#parts ?? []
    this.#parts = null
    try {
      const inflated = inflateRawSync(Buffer.concat([...parts, data, TAIL]), { maxOutputLength: this.#maxBytes, finishFlush: constants.Z_SYNC_FLUSH })
      process.nextTick(done, null, inflated)
    } catch (error) {
      const failure = error as NodeJS.ErrnoException
      this.#websocket.close(failure.code === 'ERR_BUFFER_TOO_LARGE' ? CLOSE_CODES.tooBig : CLOSE_CODES.invalid)
      process.nextTick(done, failure)
    }
  }

  cleanup (): void {
    this.#parts = null
  }
}
