import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import type { Cleanup } from '../harness/cleanup.ts'

/** A port of this machine that leads to a server, and keeps every byte that the server says: heads, frames, refusals, whatever the connection. */
export class Tap {
  readonly port: number
  readonly #said: Buffer[] = []
  #length = 0

  private constructor (port: number) {
    this.port = port
  }

  static async open (t: Cleanup, target: string): Promise<Tap> {
    const sockets = new Set<Socket>()
    const server = createServer(near => {
      const far = connect(Number(new URL(target).port), '127.0.0.1')
      for (const [one, other] of [[near, far], [far, near]] as const) {
        sockets.add(one)
        one.pipe(other)
        one.on('error', () => other.destroy()).on('close', () => {
          sockets.delete(one)
          other.destroy()
        })
      }
      far.on('data', part => { tap.#keep(part) })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    t.after(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    const tap = new Tap((server.address() as AddressInfo).port)
    return tap
  }

  get url (): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Bytes so far. */
  get length (): number {
    return this.#length
  }

  /** What was said from one length to another. */
  text (from: number, to: number): string {
    return Buffer.concat(this.#said).subarray(from, to).toString()
  }

  #keep (part: Buffer): void {
    this.#said.push(part)
    this.#length += part.length
  }
}
