import { connect, type Socket } from 'node:net'
import { clientMessage, clientText } from './client-message.ts'
import { FrameReader, OPCODES, type OnMessage } from './frame-reader.ts'

export interface LiveSocketOptions {
  host: string
  port: number
  path: string
  /** Subprotocol that is offered; null: none. */
  protocol: string | null
  /** Address of this machine that it comes from: one has no more than 28,000 ports to offer. */
  from: string
  /** The handshake is done. */
  onOpen (): void
  /** Text messages. */
  onText: (bytes: Buffer, start: number, end: number) => void
  /** Once, whoever ended it; also when it never opened. `code`: of the server's closing frame, null without one. */
  onEnd (code: number | null, error: Error | null): void
}

/** All sockets read into the same memory: what is in it was looked at before the next one reads. */
const shared = Buffer.allocUnsafeSlow(256 * 1024)
const NO_STATUS = 1005

/** A WebSocket client on the bare TCP socket, which allocates nothing per message: it must cost less than the server that it measures. */
export class LiveSocket {
  readonly #options: LiveSocketOptions
  readonly #socket: Socket
  readonly #reader: FrameReader
  #head: string | null = ''
  #closeCode: number | null = null
  #error: Error | null = null
  #reading = true
  /** Bytes read, also those of handshakes and pings. */
  bytes = 0

  constructor (options: LiveSocketOptions) {
    this.#options = options
    const onMessage: OnMessage = (opcode, bytes, start, end) => this.#took(opcode, bytes, start, end)
    this.#reader = new FrameReader(onMessage)
    const { host, port, from } = options
    this.#socket = connect({
      host,
      port,
      localAddress: from,
      noDelay: true,
      onread: {
        buffer: shared,
        callback: length => {
          this.#read(length)
          return this.#reading
        }
      }
    })
    this.#socket.on('connect', () => this.#socket.write(this.#request(), 'latin1'))
    this.#socket.on('error', error => { this.#error = error })
    // The server has ended; without this, a socket that reads into its own memory stays half open.
    this.#socket.on('end', () => this.#socket.destroy())
    this.#socket.on('close', () => options.onEnd(this.#closeCode, this.#error))
  }

  send (text: string): void {
    this.#socket.write(clientText(text))
  }

  /** Stop reading from the kernel, until `resume`. */
  pause (): void {
    this.#reading = false
    this.#socket.pause()
  }

  resume (): void {
    this.#reading = true
    this.#socket.resume()
  }

  /** Without a goodbye and without a port that waits for its minute to pass. */
  cut (): void {
    this.#socket.resetAndDestroy()
  }

  #request (): string {
    const { host, port, path, protocol } = this.#options
    const offer = protocol === null ? '' : `sec-websocket-protocol: ${protocol}\r\n`
    return `GET ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${offer}\r\n`
  }

  #read (length: number): void {
    this.bytes += length
    const bytes = shared.subarray(0, length)
    try {
      if (this.#head === null) this.#reader.read(bytes)
      else this.#readHead(bytes)
    } catch (error) {
      this.#socket.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #readHead (bytes: Buffer): void {
    this.#head += bytes.toString('latin1')
    const head = this.#head ?? ''
    const end = head.indexOf('\r\n\r\n')
    if (end === -1) return
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(`no WebSocket: ${head.slice(0, 200)}`)
    this.#head = null
    this.#options.onOpen()
    if (head.length > end + 4) this.#reader.read(Buffer.from(head.slice(end + 4), 'latin1'))
  }

  #took (opcode: number, bytes: Buffer, start: number, end: number): void {
    switch (opcode) {
      case OPCODES.text: return this.#options.onText(bytes, start, end)
      case OPCODES.ping: this.#socket.write(clientMessage(OPCODES.pong, bytes.subarray(start, end))); return
      case OPCODES.close: this.#closeCode = end - start < 2 ? NO_STATUS : bytes.readUInt16BE(start); this.#socket.end()
    }
  }
}
