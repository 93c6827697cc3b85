import { httpClient, type HttpClient } from '../e2e/http.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import type { Audience } from '../../src/domain/audience.ts'
import { EventClient } from '../transports/live/event-client.ts'
import type { Heard } from '../transports/live/heard.ts'
import { SocketIoClient } from '../transports/live/socket-io-client.ts'
import { WebSocketClient } from '../transports/live/web-socket-client.ts'
import { Tap } from './tap.ts'

export interface ReaderOptions {
  name: string
  token: string | null
  /** As it asks to watch; left out: as the server thinks best. */
  audience?: Audience
  /** Nobody but these and those that `sees` tells of. */
  own?: readonly string[]
  /** Where names are shown: to whom it belongs. */
  sees: 'nobody' | 'visible' | 'visible where displays may'
  /** What it asks over HTTP, again and again; the floor's state beside it. */
  asks: readonly string[]
}

type Line = Heard & { send? (frame: unknown): void }

/** Somebody who watches a floor over every transport, asks whatever comes to mind over HTTP, and keeps every byte of it. */
export class Reader {
  readonly options: ReaderOptions
  readonly tap: Tap
  readonly #t: Cleanup
  readonly #http: HttpClient
  readonly #lines: Line[] = []

  private constructor (t: Cleanup, options: ReaderOptions, tap: Tap) {
    this.#t = t
    this.options = options
    this.tap = tap
    this.#http = httpClient(t, { url: tap.url, token: options.token })
  }

  static async open (t: Cleanup, url: string, options: ReaderOptions): Promise<Reader> {
    return new Reader(t, options, await Tap.open(t, url))
  }

  /** From now on over one more connection of each kind; a newcomer gets a snapshot. */
  watch (floor: string): void {
    const { token, audience } = this.options
    const lines = [
      new WebSocketClient(this.#t, this.tap.port, token, { perMessageDeflate: false }),
      new SocketIoClient(this.#t, this.tap.port, token === null ? {} : { token })
    ]
    for (const line of lines) {
      const watching = { type: 'watch', id: 'watch', floor, ...(audience !== undefined && { audience }) }
      line.socket.on(line instanceof SocketIoClient ? 'connect' : 'open', () => { line.send(watching) })
    }
    this.#lines.push(...lines, new EventClient(this.#t, this.tap.port, { token, path: `/v1/floors/${floor}/events${this.#query}` }))
  }

  /** Over each connection the floor is as it was at that position, or later. */
  async reached (seq: number): Promise<void> {
    await until(() => this.#lines.every(line => isRefused(line) || seqOf(line) >= seq), { what: `${this.options.name} to hear of ${seq}` })
  }

  /** Sends a frame over every connection that takes frames. */
  say (frame: Record<string, unknown>): void {
    for (const line of this.#lines) if (!line.gone) line.send?.(frame)
  }

  async ask (method: string, path: string, body?: unknown): Promise<number> {
    return (await this.#http.ask(method, path, { ...(body !== undefined && { body }) })).status
  }

  async askAround (floor: string): Promise<void> {
    for (const path of [...this.options.asks, `/v1/floors/${floor}/state${this.#query}`]) await this.ask('GET', path)
  }

  get #query (): string {
    return this.options.audience === undefined ? '' : `?audience=${this.options.audience}`
  }
}

function isRefused (line: Line): boolean {
  return line.gone || line.refusal('watch') !== undefined || (line instanceof SocketIoClient && line.refused !== null)
}

function seqOf (line: Heard): number {
  return Math.max(0, ...line.frames.map(frame => frame.type === 'snapshot' ? frame.seq : frame.type === 'diff' ? frame.to : frame.type === 'pulse' ? frame.floors['f1']?.seq ?? 0 : 0))
}
