import { constants, deflateRawSync } from 'node:zlib'
import type { Frame } from '../../application/frame.ts'

/** RFC 6455, 5.2: the last fragment of a text message. */
const FIN_TEXT = 0x81
/** RFC 7692, 6: this message is compressed. */
const COMPRESSED = 0x40
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127

/** A shorter frame stays as it is: a diff of one space becomes a third smaller, and costs its reader five times the CPU (bench/stream/bytes.ts). */
const WORTH_DEFLATING = 1_024
/** Of 9. It takes half the time of the default, on the event loop, for about the same size. */
const LEVEL = 3
/** RFC 7692, 7.2.1: what a flush ends with and no message carries. */
const TAIL = 4

/**
 * A frame as one whole WebSocket message of a server: unmasked, uncompressed. One buffer serves all sockets, as it is: it is neither pooled nor ever written to again,
 * since the kernel may still be reading from it.
 */
export function textMessage (frame: Frame): Buffer {
  const { bytes } = frame
  const message = Buffer.allocUnsafeSlow(headerBytes(bytes) + bytes)
  message.write(frame.text, putHeader(message, FIN_TEXT, bytes))
  return message
}

/**
 * The same for peers that take it deflated without context from one message to the next (RFC 7692): so this, too, is made once for all of them. Frames that gain little are
 * what they are for all others.
 */
export function deflatedMessage (frame: Frame): Buffer {
  const { bytes } = frame
  if (bytes < WORTH_DEFLATING) return textMessage(frame)
  const flushed = deflateRawSync(frame.text, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH })
  const length = flushed.length - TAIL
  if (length >= bytes) return textMessage(frame)
  const message = Buffer.allocUnsafeSlow(headerBytes(length) + length)
  flushed.copy(message, putHeader(message, FIN_TEXT | COMPRESSED, length), 0, length)
  return message
}

function headerBytes (length: number): number {
  return length < LENGTH_IN_16_BITS ? 2 : length <= 0xffff ? 4 : 10
}

/** How long the header is. */
function putHeader (message: Buffer, first: number, length: number): number {
  const header = headerBytes(length)
  message[0] = first
  if (header === 2) message[1] = length
  else if (header === 4) {
    message[1] = LENGTH_IN_16_BITS
    message.writeUInt16BE(length, 2)
  } else {
    message[1] = LENGTH_IN_64_BITS
    message.writeBigUInt64BE(BigInt(length), 2)
  }
  return header
}
