import { connect, type Socket } from 'node:net'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { RawSocket } from '../transports/live/raw-socket.ts'

/** Whatever is refused is refused by then. */
export const WITHIN_MS = 2_000

export interface Refusal {
  /** 0: the connection ended without a word. */
  status: number
  head: string
  body: string
}

/** Connections from an address of its own on this machine: what it does wrong is counted for it alone. */
export class Attacker {
  readonly #port: number
  readonly address: string
  readonly #open = new Set<Socket>()

  constructor (t: Cleanup, url: string, address: string) {
    t.after(() => { for (const tcp of this.#open) tcp.destroy() })
    this.#port = Number(new URL(url).port)
    this.address = address
  }

  connect (): Socket {
    const tcp = connect({ port: this.#port, host: '127.0.0.1', localAddress: this.address }).on('error', () => {})
    this.#open.add(tcp)
    tcp.on('close', () => this.#open.delete(tcp))
    return tcp
  }

  /** A connection that asks for an upgrade. */
  raw (t: Cleanup): RawSocket {
    return new RawSocket(t, this.#port, this.address)
  }

  /** Sends bytes, and whatever `more` gives for as long as the server takes it, and gives the first answer. @throws Error when there is none in time */
  async send (bytes: string | Buffer, more?: () => Buffer): Promise<Refusal> {
    const tcp = this.connect()
    const parts: Buffer[] = []
    let ended = false
    tcp.on('data', part => parts.push(part)).on('close', () => { ended = true })
    tcp.write(bytes)
    const text = (): string => Buffer.concat(parts).toString('latin1')
    await until(() => {
      if (more !== undefined && tcp.writable && tcp.writableLength < 1024 * 1024) tcp.write(more())
      return ended || /\r\n\r\n/.test(text())
    }, { what: `an answer to ${String(bytes).slice(0, 80)}`, withinMs: WITHIN_MS })
    const [head = '', ...body] = text().split('\r\n\r\n')
    tcp.destroy()
    return { status: Number(head.split(' ')[1] ?? 0), head, body: body.join('\r\n\r\n') }
  }
}

/** A request as text, its body's length and the rest as it should be unless `headers` say otherwise. */
export function requestText (method: string, path: string, token: string | null, headers: readonly string[] = [], body: string | null = null): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', ...token === null ? [] : [`authorization: Bearer ${token}`], ...headers]
  if (body !== null) lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`)
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}
