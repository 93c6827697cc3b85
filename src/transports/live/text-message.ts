import type { Frame } from '../../application/frame.ts'

/** RFC 6455, 5.2: the last fragment of a text message. */
const FIN_TEXT = 0x81
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127

/**
 * A frame as one whole WebSocket message of a server: unmasked, uncompressed. One buffer serves all sockets, as it is: it is neither pooled nor ever written to again,
 * since the kernel may still be reading from it.
 */
export function textMessage (frame: Frame): Buffer {
  const { bytes } = frame
  const header = bytes < LENGTH_IN_16_BITS ? 2 : bytes <= 0xffff ? 4 : 10
  const message = Buffer.allocUnsafeSlow(header + bytes)
  message[0] = FIN_TEXT
  if (header === 2) message[1] = bytes
  else if (header === 4) {
    message[1] = LENGTH_IN_16_BITS
    message.writeUInt16BE(bytes, 2)
  } else {
    message[1] = LENGTH_IN_64_BITS
    message.writeBigUInt64BE(BigInt(bytes), 2)
  }
  message.write(frame.text, header)
  return message
}
