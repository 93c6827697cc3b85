import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { Cleanup } from '../../harness/cleanup.ts'
import { until } from '../../harness/wait.ts'

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface RawFrame {
  opcode: number
  payload: Buffer
  fin?: boolean
  masked?: boolean
  /** The three reserved bits: 4, 2, 1. */
  reserved?: number
}

/** A frame of a client, well formed or not (RFC 6455, 5.2). */
export function clientFrame ({ opcode, payload, fin = true, masked = true, reserved = 0 }: RawFrame): Buffer {
  const long = payload.length > 0xffff ? 127 : payload.length > 125 ? 126 : payload.length
  const length = Buffer.alloc(long === 127 ? 8 : long === 126 ? 2 : 0)
  if (long === 127) length.writeBigUInt64BE(BigInt(payload.length))
  else if (long === 126) length.writeUInt16BE(payload.length)
  const head = Buffer.from([(fin ? 0x80 : 0) | (reserved << 4) | opcode, (masked ? 0x80 : 0) | long])
  if (!masked) return Buffer.concat([head, length, payload])
  const mask = randomBytes(4)
  return Buffer.concat([head, length, mask, payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))])
}

/** A TCP connection that asks for an upgrade and shows every byte. It does not answer anything by itself. */
export class RawSocket {
  readonly tcp: Socket
  #received = Buffer.alloc(0)
  #chunks: Buffer[] = []
  closed = false
  error: Error | null = null

  /** `from`: the address of this machine that it comes from. */
  constructor (t: Cleanup, port: number, from = '127.0.0.1') {
    this.tcp = connect({ port, host: '127.0.0.1', localAddress: from })
    this.tcp.on('data', chunk => { this.#chunks.push(chunk) })
    this.tcp.on('close', () => { this.closed = true }).on('error', error => { this.error = error })
    t.after(() => this.tcp.destroy())
  }

  /** An upgrade to WebSocket, and its answer's head. */
  static async upgraded (t: Cleanup, port: number, path = '/v1/live', headers: readonly string[] = []): Promise<RawSocket> {
    const socket = new RawSocket(t, port)
    socket.tcp.write(upgradeRequest(path, headers))
    await until(() => socket.head !== '', { what: 'an answer to the upgrade' })
    if (!socket.head.startsWith('HTTP/1.1 101 ')) throw new Error(`no upgrade: ${socket.head}`)
    return socket
  }

  /** Every byte so far. */
  get received (): Buffer {
    if (this.#chunks.length > 0) {
      this.#received = Buffer.concat([this.#received, ...this.#chunks])
      this.#chunks = []
    }
    return this.#received
  }

  /** Of the answer; empty until it is there. */
  get head (): string {
    const end = this.received.indexOf('\r\n\r\n')
    return end < 0 ? '' : this.received.subarray(0, end).toString('latin1')
  }

  get body (): Buffer {
    const end = this.received.indexOf('\r\n\r\n')
    return end < 0 ? Buffer.alloc(0) : this.received.subarray(end + 4)
  }

  /** Whole frames of the server so far. @throws RangeError for what a server must not send */
  get frames (): RawFrame[] {
    const frames: RawFrame[] = []
    let rest = this.body
    for (let read = serverFrame(rest); read !== null; read = serverFrame(rest)) {
      frames.push(read.frame)
      rest = rest.subarray(read.bytes)
    }
    return frames
  }

  /** The code of the server's close frame, 1005 for one without; undefined: none yet. */
  get closeCode (): number | undefined {
    const payload = this.frames.find(({ opcode }) => opcode === OPCODE.close)?.payload
    return payload?.length === 0 ? 1005 : payload?.readUInt16BE(0)
  }
}

export function upgradeRequest (path: string, headers: readonly string[] = []): string {
  const lines = [`GET ${path} HTTP/1.1`, 'host: 127.0.0.1', 'connection: upgrade', 'upgrade: websocket', 'sec-websocket-version: 13', 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==', ...headers]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** Null: not all of it is there yet. */
function serverFrame (bytes: Buffer): { frame: RawFrame, bytes: number } | null {
  const [first, second] = bytes
  if (first === undefined || second === undefined) return null
  if ((second & 0x80) !== 0) throw new RangeError('a server does not mask')
  const short = second & 0x7f
  const header = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < header) return null
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  if (bytes.length < header + length) return null
  const frame = { opcode: first & 0x0f, reserved: (first >> 4) & 7, fin: (first & 0x80) !== 0, masked: false, payload: bytes.subarray(header, header + length) }
  return { frame, bytes: header + length }
}
