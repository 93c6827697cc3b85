import type { Socket } from 'node:net'

/** `there`: from who connected to the server. `back`: from the server. */
export type Direction = 'there' | 'back'

/** What a link does to what it carries. */
export interface Conditions {
  latencyMs: number
  dark: Readonly<Record<Direction, boolean>>
  /** Null: as fast as it comes. */
  bytesPerSecond: number | null
}

export interface LaneParts {
  from: Socket
  to: Socket
  direction: Direction
  conditions: Readonly<Conditions>
}

/** A slow line gives a little this often, in milliseconds. */
const DRIP_EVERY_MS = 20
/** Bytes that a line holds before its sender has to wait; the kernel's own buffers come on top, so what is sent into a black hole is bounded as in life. */
const HIGHEST = 4 * 1024 * 1024

/** One direction of one connection. `passes` is asked when a chunk is about to be passed on; false: it is swallowed. */
export class Lane {
  readonly #parts: LaneParts
  readonly #passes: (chunk: Buffer) => boolean
  /** null is the end of the stream. */
  readonly #held: { chunk: Buffer | null, dueAt: number }[] = []
  #bytes = 0
  #timer: NodeJS.Timeout | undefined
  /** A slow line gives nothing before that. */
  #nextDropAt = 0

  constructor (parts: LaneParts, passes: (chunk: Buffer) => boolean) {
    this.#parts = parts
    this.#passes = passes
    const { from } = parts
    from.on('data', chunk => this.#take(chunk))
    from.on('end', () => this.#take(null))
    from.on('close', () => clearTimeout(this.#timer))
  }

  /** Pass on what is due. */
  deliver (): void {
    clearTimeout(this.#timer)
    const { from, to, direction, conditions } = this.#parts
    if (conditions.dark[direction]) return
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      const now = performance.now()
      const at = conditions.bytesPerSecond === null ? next.dueAt : Math.max(next.dueAt, this.#nextDropAt)
      if (at > now) {
        this.#timer = setTimeout(() => this.deliver(), at - now)
        return
      }
      if (next.chunk === null) to.end()
      else next.chunk = this.#passSome(next.chunk, now)
      if (next.chunk === null || next.chunk.length === 0) this.#held.shift()
    }
    if (from.isPaused()) from.resume()
  }

  /** As much of the chunk as may pass now; gives what is left of it. */
  #passSome (chunk: Buffer, now: number): Buffer {
    const { to, conditions: { bytesPerSecond } } = this.#parts
    const most = bytesPerSecond === null ? chunk.length : Math.max(1, Math.floor(bytesPerSecond * DRIP_EVERY_MS / 1_000))
    if (bytesPerSecond !== null) this.#nextDropAt = now + Math.max(DRIP_EVERY_MS, 1_000 / bytesPerSecond)
    const piece = chunk.subarray(0, most)
    this.#bytes -= piece.length
    if (this.#passes(piece)) to.write(piece)
    return chunk.subarray(piece.length)
  }

  #take (chunk: Buffer | null): void {
    this.#bytes += chunk?.length ?? 0
    this.#held.push({ chunk, dueAt: performance.now() + this.#parts.conditions.latencyMs })
    if (this.#bytes > HIGHEST) this.#parts.from.pause()
    this.deliver()
  }
}
