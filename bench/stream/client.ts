import { DIALECTS, type Dialect, type DialectName } from './dialect.ts'
import type { FloorCrowd } from './floor-crowd.ts'
import { LETTERS, numberOf, typeLetter } from './frame-text.ts'
import { LiveSocket } from './live-socket.ts'

export interface ClientParts {
  server: { dialect: DialectName, host: string, port: number }
  /** Address that it comes from. */
  from: string
  /** The floor that it watches; false: it connects, and that is all. */
  watching: boolean
  crowd: FloorCrowd
  /** Told of every frame, as text, when somebody wants to know; null: nobody does. */
  onFrame: ((text: string) => void) | null
  /** A diff was taken: the changes after `from` up to `to`. */
  onDiff (from: number, to: number): void
  /** The server did what it should not. */
  onFault (error: Error): void
  /** The connection has ended, and not by `cut`. */
  onEnd (client: Client, code: number | null, error: Error | null): void
}

/** One client of a live stream that does what the protocol asks of it, and checks that each diff begins where it stands. It may come back, with what it holds. */
export class Client {
  readonly #parts: ClientParts
  readonly #dialect: Dialect
  /** Among those of its floor. */
  readonly #number: number
  #socket: LiveSocket | null = null
  /** Where the server was when it granted the watch; null: it has not yet. */
  #grantedAt: number | null = null
  #current: (() => void) | null = null
  /** Bytes of connections that have ended. */
  #bytesBefore = 0

  constructor (parts: ClientParts) {
    this.#parts = parts
    this.#dialect = DIALECTS[parts.server.dialect]
    this.#number = parts.crowd.add()
  }

  get seq (): number {
    return this.#parts.crowd.seqOf(this.#number)
  }

  get bytes (): number {
    return this.#bytesBefore + (this.#socket?.bytes ?? 0)
  }

  /** Resolves once it has what the server has. `seq`: where it then stands if the server does not say. Never resolves when the connection ends before. */
  async connect (seq: number): Promise<void> {
    const { server, from, watching, crowd } = this.#parts
    await new Promise<void>(resolve => {
      this.#current = resolve
      this.#grantedAt = null
      const socket = new LiveSocket({
        ...server,
        ...this.#dialect,
        from,
        onOpen: () => {
          const held = this.seq < 0 ? null : { epoch: crowd.epoch, seq: this.seq }
          const first = watching ? this.#dialect.first(crowd.floor, held) : null
          if (first !== null) socket.send(first)
          if (!watching || this.#dialect.isOpenAtOnce) this.#granted(seq)
        },
        onText: (bytes, start, end) => this.#took(bytes, start, end, seq),
        onEnd: (code, error) => { if (this.#socket === socket) this.#ended(code, error) }
      })
      this.#socket = socket
    })
  }

  /** Asks on the same connection for what changed since so many changes ago; null: for everything. Resolves once it has that. */
  async watchAgain (behind: number | null): Promise<void> {
    const { crowd } = this.#parts
    const held = behind === null ? null : { epoch: crowd.epoch, seq: this.seq - behind }
    crowd.moved(this.#number, held?.seq ?? -1)
    await new Promise<void>(resolve => {
      this.#current = resolve
      this.#grantedAt = null
      this.#socket?.send(this.#dialect.first(crowd.floor, held) ?? '')
    })
  }

  /** Without a goodbye. */
  cut (): void {
    const socket = this.#socket
    this.#forget()
    socket?.cut()
  }

  pause (): void {
    this.#socket?.pause()
  }

  resume (): void {
    this.#socket?.resume()
  }

  #ended (code: number | null, error: Error | null): void {
    this.#forget()
    this.#parts.onEnd(this, code, error)
  }

  #forget (): void {
    this.#bytesBefore = this.bytes
    this.#socket = null
  }

  #took (bytes: Buffer, start: number, end: number, seq: number): void {
    const at = this.#dialect.frameAt(bytes, start)
    if (at === -1) {
      const answer = this.#dialect.answer(bytes, start)
      if (answer !== null) this.#socket?.send(answer)
      if (this.#dialect.welcomes(bytes, start)) this.#granted(seq)
      return
    }
    this.#parts.onFrame?.(bytes.toString('utf8', at, end))
    switch (typeLetter(bytes, at)) {
      case LETTERS.diff: return this.#diff(numberOf(bytes, at, 1), numberOf(bytes, at, 2))
      case LETTERS.snapshot: return this.#snapshot(numberOf(bytes, at, 0), numberOf(bytes, at, 1))
      case LETTERS.reply: return this.#reply(bytes.toString('utf8', at, end))
    }
  }

  #diff (from: number, to: number): void {
    const { seq } = this
    // From far behind a diff may begin earlier.
    if (from > seq || to <= seq) return this.#parts.onFault(new Error(`a client at ${seq} was sent a diff from ${from} to ${to}`))
    this.#parts.onDiff(seq, to)
    this.#moved(to)
  }

  #snapshot (epoch: number, seq: number): void {
    this.#parts.crowd.epoch = epoch
    this.#moved(seq)
  }

  #reply (text: string): void {
    const reply = JSON.parse(text) as { ok: boolean, seq?: number }
    if (!reply.ok) return this.#parts.onFault(new Error(`refused: ${text}`))
    this.#grantedAt = reply.seq ?? 0
    this.#moved(this.seq)
  }

  /** Of servers that do not say where they are. */
  #granted (seq: number): void {
    this.#grantedAt = seq
    this.#moved(seq)
  }

  #moved (to: number): void {
    this.#parts.crowd.moved(this.#number, to)
    if (this.#current === null || this.#grantedAt === null || to < this.#grantedAt) return
    const current = this.#current
    this.#current = null
    current()
  }
}
