import type { Socket } from 'node:net'
import { PerchError } from '../../domain/errors.ts'

/** Of one node, about 15 KB each. One who comes as it should is among them for a round trip. */
const MOST = 2_000
/** From the upgrade on. Looking at a token may take longer than that; it does not count. */
const WITHIN_MS = 2_000

/** Made once: a crowd is turned away by it. */
const FULL = new PerchError('UNAVAILABLE')

/** waiting -> asked, when it says who it is; asked -> waiting, when it was refused; asked -> late, when its time is over meanwhile. */
type State = 'waiting' | 'asked' | 'late'

/** Connections that were taken before anybody knows whose they are: not many at a time, and none for long, however often it is refused. */
export class Strangers {
  readonly #most: number
  readonly #withinMs: number
  readonly #states = new Map<Socket, State>()

  constructor ({ most = MOST, withinMs = WITHIN_MS }: { most?: number, withinMs?: number } = {}) {
    this.#most = most
    this.#withinMs = withinMs
  }

  get size (): number {
    return this.#states.size
  }

  /** One more, whose time begins. @throws UNAVAILABLE when there are too many */
  enter (tcp: Socket): void {
    if (this.#states.size >= this.#most) throw FULL
    this.#states.set(tcp, 'waiting')
    const timer = setTimeout(() => { this.#timeIsOver(tcp) }, this.#withinMs).unref()
    tcp.once('close', () => {
      clearTimeout(timer)
      this.#states.delete(tcp)
    })
  }

  /** Finds out who it is; from then on it is no stranger. @throws what `find` throws: it stays one, for what is left of its time */
  async named<T> (tcp: Socket, find: () => Promise<T>): Promise<T> {
    if (this.#states.has(tcp)) this.#states.set(tcp, 'asked')
    try {
      const found = await find()
      this.#states.delete(tcp)
      return found
    } catch (error) {
      // The refusal goes out first; a peer that does not read is not waited for.
      if (this.#states.get(tcp) === 'late') setImmediate(() => tcp.destroy())
      else if (this.#states.has(tcp)) this.#states.set(tcp, 'waiting')
      throw error
    }
  }

  #timeIsOver (tcp: Socket): void {
    if (this.#states.get(tcp) === 'waiting') tcp.destroy()
    if (this.#states.get(tcp) === 'asked') this.#states.set(tcp, 'late')
  }
}
