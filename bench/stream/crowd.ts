import { DIALECTS, type Dialect, type DialectName } from './dialect.ts'
import { FloorCrowd } from './floor-crowd.ts'
import { LETTERS, numberOf, typeLetter } from './frame-text.ts'
import { LiveSocket } from './live-socket.ts'

/** What a crowd of clients connects to. */
export interface Target {
  dialect: DialectName
  host: string
  port: number
  /** Client i watches the (i modulo their number)th. */
  floors: readonly string[]
}

/** Handshakes under way at a time: a server's queue of them is bounded. */
const OPENING = 200
const ADDRESSES = 8
const WITHIN_MS = 60_000

/** Told of each diff, when it is at the client: the changes after `from` up to `to`. */
export type OnDiff = (from: number, to: number) => void

/**
 * Clients that do what the protocol asks of them, and check it: each diff must begin where the client is. Nobody may lose its connection; a server that closes one fails the
 * measurement.
 */
export class Crowd {
  readonly floors: readonly FloorCrowd[]
  readonly #target: Target
  readonly #dialect: Dialect
  readonly #sockets: LiveSocket[] = []
  readonly #failed: (error: Error) => void
  /** Rejects when the first thing goes wrong. */
  readonly failure: Promise<never>
  onDiff: OnDiff | null = null
  /** Diffs that arrived, at all clients. */
  frames = 0
  #closing = false

  constructor (target: Target) {
    this.#target = target
    this.#dialect = DIALECTS[target.dialect]
    this.floors = target.floors.map(floor => new FloorCrowd(floor))
    let failed: (error: Error) => void = () => {}
    this.failure = new Promise((_resolve, reject) => { failed = reject })
    this.failure.catch(() => {})
    this.#failed = failed
  }

  get size (): number {
    return this.#sockets.length
  }

  /** Bytes that arrived, of everything. */
  get bytes (): number {
    return this.#sockets.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** So many more clients, each with its floor as it is. `seq`: where those stand who are sent no snapshot. */
  async open (count: number, seq: number): Promise<void> {
    let left = count
    const some = async () => { while (left-- > 0) await this.#openOne(seq) }
    const late = setTimeout(() => this.#failed(new Error(`${count} clients are not current within ${WITHIN_MS / 1000} s`)), WITHIN_MS)
    try {
      await Promise.race([Promise.all(Array.from({ length: Math.min(OPENING, count) }, some)), this.failure])
    } finally {
      clearTimeout(late)
    }
  }

  /** Resolves once all that watch this floor are at least at `seq`. */
  async reaches (floor: number, seq: number): Promise<void> {
    const crowd = this.#floor(floor)
    const late = setTimeout(() => this.#failed(new Error(`not all clients are at ${seq} within ${WITHIN_MS / 1000} s`)), WITHIN_MS)
    try {
      await Promise.race([crowd.reaches(seq), this.failure])
    } finally {
      clearTimeout(late)
    }
  }

  close (): void {
    this.#closing = true
    for (const socket of this.#sockets) socket.cut()
  }

  async #openOne (seq: number): Promise<void> {
    const crowd = this.#floor(this.size % this.floors.length)
    const client = crowd.add()
    await new Promise<void>(resolve => {
      const current = () => {
        if (!this.#dialect.hasSnapshots) crowd.moved(client, seq)
        resolve()
      }
      const socket: LiveSocket = new LiveSocket({
        ...this.#target,
        ...this.#dialect,
        from: `127.0.0.${2 + this.size % ADDRESSES}`,
        onOpen: () => {
          const first = this.#dialect.first(crowd.floor, null)
          if (first !== null) socket.send(first)
          if (this.#target.dialect === 'plain') current()
        },
        onText: (bytes, start, end) => this.#took(bytes, start, end, crowd, client, socket, current),
        onEnd: (code, error) => { if (!this.#closing) this.#failed(error ?? new Error(`a client was closed with ${code}`)) }
      })
      this.#sockets.push(socket)
    })
  }

  #took (bytes: Buffer, start: number, end: number, crowd: FloorCrowd, client: number, socket: LiveSocket, current: () => void): void {
    const at = this.#dialect.frameAt(bytes, start)
    if (at === -1) {
      const answer = this.#dialect.answer(bytes, start)
      if (answer !== null) socket.send(answer)
      if (this.#dialect.welcomes(bytes, start)) current()
      return
    }
    switch (typeLetter(bytes, at)) {
      case LETTERS.diff: return this.#diff(crowd, client, numberOf(bytes, at, 1), numberOf(bytes, at, 2))
      case LETTERS.snapshot:
        crowd.epoch = numberOf(bytes, at, 0)
        crowd.moved(client, numberOf(bytes, at, 1))
        return current()
      case LETTERS.reply: if (!bytes.includes('"ok":true', at) || bytes.indexOf('"ok":true', at) > end) this.#failed(new Error(`refused: ${bytes.toString('utf8', at, end)}`))
    }
  }

  #diff (crowd: FloorCrowd, client: number, from: number, to: number): void {
    this.frames++
    if (from !== crowd.seqOf(client)) return this.#failed(new Error(`a client at ${crowd.seqOf(client)} was sent a diff from ${from} to ${to}`))
    this.onDiff?.(from, to)
    crowd.moved(client, to)
  }

  #floor (index: number): FloorCrowd {
    const crowd = this.floors[index]
    if (crowd === undefined) throw new RangeError(`no floor ${index}`)
    return crowd
  }
}
