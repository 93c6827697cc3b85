import { setTimeout as pause } from 'node:timers/promises'
import { Client } from './client.ts'
import type { DialectName } from './dialect.ts'
import { FloorCrowd } from './floor-crowd.ts'
import { mustHaveRoom } from './open-files.ts'

/** What a crowd of clients connects to. */
export interface Target {
  dialect: DialectName
  host: string
  port: number
  /** Client i watches the (i modulo their number)th. */
  floors: readonly string[]
  /** False: they connect, and that is all. */
  watching?: boolean
}

/** Between `minMs` and `maxMs` a client that has lost its connection waits, each time. */
export interface RetryWindow {
  minMs: number
  maxMs: number
}

/** Handshakes under way at a time while a crowd gathers: a server's queue of them is bounded. */
const OPENING = 200
/** Of this machine: one has no more than 28,000 ports to offer. */
const ADDRESSES = 8
const WITHIN_MS = 60_000

/** Clients of one server. One that loses its connection fails the measurement, unless that is what is measured. */
export class Crowd {
  readonly floors: readonly FloorCrowd[]
  readonly clients: Client[] = []
  readonly #target: Target
  #fail: (error: Error) => void = () => {}
  readonly #failure: Promise<never>
  /** Told of each diff, when it is at a client. */
  onDiff: ((from: number, to: number) => void) | null = null
  /** What becomes of a client whose connection has ended; null: none may. */
  onEnd: ((client: Client, code: number | null) => void) | null = null
  /** Told of every frame of the first of the clients; to be set before they are opened. */
  onFrame: ((text: string) => void) | null = null
  /** Diffs that arrived, at all clients. */
  frames = 0

  constructor (target: Target) {
    this.#target = target
    this.floors = target.floors.map(floor => new FloorCrowd(floor))
    this.#failure = new Promise((_resolve, reject) => { this.#fail = reject })
    this.#failure.catch(() => {})
  }

  get size (): number {
    return this.clients.length
  }

  /** Bytes that arrived, of everything. */
  get bytes (): number {
    return this.clients.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** So many more clients, each with its floor as it is. `seq`: where those stand whose server does not say. */
  async open (count: number, seq: number): Promise<void> {
    mustHaveRoom(this.size + count)
    const added = Array.from({ length: count }, () => this.#add())
    let next = 0
    const some = async () => { for (let client = added[next++]; client !== undefined; client = added[next++]) await client.connect(seq) }
    await this.within(Promise.all(Array.from({ length: Math.min(OPENING, count) }, some)), `${count} clients are current`)
  }

  /** Resolves once all that watch this floor are at least at `seq`. */
  async reaches (floor: number, seq: number): Promise<void> {
    const crowd = this.floors[floor]
    if (crowd === undefined) throw new RangeError(`no floor ${floor}`)
    await this.within(crowd.reaches(seq), `all clients are at ${seq}`)
  }

  /** All lose their connection at once, notice it so much later, and come back after a time that each chooses; what each of them took since then, in milliseconds. */
  async storm (noticeMs: number, window: RetryWindow, random: () => number): Promise<number[]> {
    for (const client of this.clients) client.cut()
    await pause(noticeMs)
    const startedAt = performance.now()
    return await this.within(Promise.all(this.clients.map(async client => {
      await comeBack(client, window, random)
      return performance.now() - startedAt
    })), 'all clients are back')
  }

  /**
   * All stop reading, until the work is done, which says to what seq; those whose connection the server ended meanwhile come back. Resolves when all are there: how many
   * connections were ended, by the code that the clients were told.
   */
  async stall (work: () => Promise<number>, window: RetryWindow, random: () => number): Promise<Record<string, number>> {
    const ends: Record<string, number> = {}
    this.onEnd = (client, code) => {
      const name = String(code ?? 'reset')
      ends[name] = (ends[name] ?? 0) + 1
      comeBack(client, window, random).catch(error => this.#fail(error))
    }
    for (const client of this.clients) client.pause()
    const seq = await work()
    // What the kernel still has for them comes first; only then do they learn that the connection has ended.
    for (const client of this.clients) client.resume()
    await this.reaches(0, seq)
    this.onEnd = null
    return ends
  }

  /** All ask anew on the connections that they have, for what changed since so many changes ago; null: for everything. */
  async watchAgain (behind: number | null): Promise<void> {
    await this.within(Promise.all(this.clients.map(async client => await client.watchAgain(behind))), 'all clients are current again')
  }

  close (): void {
    for (const client of this.clients) client.cut()
  }

  /** @throws Error what went wrong first, or `what` when that is not so in time */
  async within<T> (work: Promise<T>, what: string): Promise<T> {
    const late = setTimeout(() => this.#fail(new Error(`not within ${WITHIN_MS / 1000} s: ${what}`)), WITHIN_MS)
    try {
      return await Promise.race([work, this.#failure])
    } finally {
      clearTimeout(late)
    }
  }

  #add (): Client {
    const crowd = this.floors[this.size % this.floors.length]
    if (crowd === undefined) throw new RangeError('no floor')
    const client = new Client({
      server: this.#target,
      from: `127.0.0.${2 + this.size % ADDRESSES}`,
      watching: this.#target.watching !== false,
      crowd,
      onFrame: this.size === 0 ? this.onFrame : null,
      onDiff: (from, to) => {
        this.frames++
        this.onDiff?.(from, to)
      },
      onFault: error => this.#fail(error),
      onEnd: (client, code, error) => {
        if (this.onEnd === null) this.#fail(error ?? new Error(`a client was closed with ${code}`))
        else this.onEnd(client, code)
      }
    })
    this.clients.push(client)
    return client
  }
}

async function comeBack (client: Client, { minMs, maxMs }: RetryWindow, random: () => number): Promise<void> {
  await pause(minMs + random() * (maxMs - minMs))
  await client.connect(-1)
}
