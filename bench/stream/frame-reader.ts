/** RFC 6455, 5.2. */
export const OPCODES = { text: 1, close: 8, ping: 9, pong: 10 } as const

const FIN = 0x80
const MASKED = 0x80
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127

/** One message: its payload is `bytes` from `start` to `end`, which is somebody else's again when the call is over. */
export type OnMessage = (opcode: number, bytes: Buffer, start: number, end: number) => void

/**
 * Finds the messages in what a WebSocket server sends, whatever pieces it comes in. It keeps nothing but the piece of a message that is not all there yet, so that a load of
 * ten thousand sockets costs little beside the server that it measures.
 */
export class FrameReader {
  readonly #onMessage: OnMessage
  #rest: Buffer | null = null

  constructor (onMessage: OnMessage) {
    this.#onMessage = onMessage
  }

  /** The next bytes; they may be written to again after the call. @throws Error for what no server sends here: masked messages and those in fragments */
  read (bytes: Buffer): void {
    const whole = this.#rest === null ? bytes : Buffer.concat([this.#rest, bytes])
    let at = 0
    for (let end = endOfMessage(whole, at); end !== null; end = endOfMessage(whole, at)) {
      const opcode = (whole[at] ?? 0) & 0x0f
      this.#onMessage(opcode, whole, at + headerBytes(whole, at), end)
      at = end
    }
    if (at === whole.length) this.#rest = null
    else this.#rest = at === 0 && whole !== bytes ? whole : Buffer.from(whole.subarray(at))
  }
}

/** Null: it is not all there yet. */
function endOfMessage (bytes: Buffer, at: number): number | null {
  const there = bytes.length - at
  if (there < 2) return null
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]]
  if ((first & FIN) === 0 || (second & MASKED) !== 0) throw new Error('a message in fragments, or a masked one')
  const header = headerBytes(bytes, at)
  if (there < header) return null
  const length = header === 2 ? second : header === 4 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  return there < header + length ? null : at + header + length
}

function headerBytes (bytes: Buffer, at: number): number {
  const length = bytes[at + 1] ?? 0
  return length < LENGTH_IN_16_BITS ? 2 : length < LENGTH_IN_64_BITS ? 4 : 10
}
