import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Cleanup } from '../../test/harness/cleanup.ts'

export interface LineTerms {
  /** There and back, in milliseconds. A connection is made in one of these, as TCP's handshake is. */
  roundTripMs: number
  /** Of all connections together, each way. */
  bitsPerSecond: number
}

/** Bytes. Pieces of the size of a packet, so that connections take turns. */
const PACKET = 1_460

/** One direction of a line: what comes waits its turn behind what came before on any connection, and then for half a round trip. */
class Wire {
  readonly #bytesPerMs: number
  readonly #delayMs: number
  #freeAt = 0
  bytes = 0

  constructor ({ roundTripMs, bitsPerSecond }: LineTerms) {
    this.#bytesPerMs = bitsPerSecond / 8_000
    this.#delayMs = roundTripMs / 2
  }

  /** When a packet that is sent now has arrived, by `performance.now()`. */
  arrivalOf (bytes: number): number {
    this.bytes += bytes
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + bytes / this.#bytesPerMs
    return this.#freeAt + this.#delayMs
  }
}

/** A TCP proxy that is as slow as a telephone on the move. */
export interface SlowLine {
  readonly url: string
  /** Bytes that came back since the last call. */
  takeBytes (): number
}

export async function openSlowLine (t: Cleanup, target: string, terms: LineTerms): Promise<SlowLine> {
  const { port, hostname } = new URL(target)
  const [there, back] = [new Wire(terms), new Wire(terms)]
  const server = createServer(near => {
    const far = connect({ port: Number(port), host: hostname })
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      socket.on('error', () => {}) // 'close' follows, and is what counts
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
    carry(near, far, there, performance.now() + terms.roundTripMs)
    carry(far, near, back, 0)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => { server.close() })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeBytes () {
      const { bytes } = back
      back.bytes = 0
      return bytes
    }
  }
}

/** In order. Nothing passes before `openAt`. */
function carry (from: Socket, to: Socket, wire: Wire, openAt: number): void {
  let last: Promise<unknown> = pause(Math.max(0, openAt - performance.now()))
  from.on('data', chunk => {
    last = last.then(async () => {
      for (let i = 0; i < chunk.length; i += PACKET) {
        const piece = chunk.subarray(i, i + PACKET)
        const waitMs = wire.arrivalOf(piece.length) - performance.now()
        setTimeout(() => { if (!to.destroyed) to.write(piece) }, waitMs)
      }
    })
  })
  from.on('end', () => { last.then(() => setTimeout(() => to.end(), 1_000), () => {}) })
}
