import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A TCP connection from this machine to itself that can be made faulty. It carries what comes, in order; conditions apply to all connections, old and new. */
export interface Link {
  /** Where to connect instead of the target. */
  readonly port: number
  /** Delay what comes from now on, each way. */
  latency (ms: number): void
  /** Nothing gets through, either way, and nobody is told: connections stay open, new ones are accepted. What is sent meanwhile arrives when the link heals, as TCP has it. */
  blackhole (): void
  /** Cut every connection with a RST. New ones are served. */
  reset (): void
  /** No latency, no black hole. */
  heal (): void
  /** Cut every connection and refuse new ones. */
  close (): Promise<void>
}

interface Conditions {
  latencyMs: number
  dark: boolean
}

export async function openLink (targetPort: number): Promise<Link> {
  const conditions: Conditions = { latencyMs: 0, dark: false }
  const sockets = new Set<Socket>()
  const lanes = new Set<Lane>()

  function join (near: Socket, far: Socket): void {
    const pair = [new Lane(near, far, conditions), new Lane(far, near, conditions)]
    for (const lane of pair) lanes.add(lane)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {}) // 'close' follows, and is what counts
      socket.on('close', () => {
        sockets.delete(socket)
        for (const lane of pair) lanes.delete(lane)
        near.destroy()
        far.destroy()
      })
    }
  }

  const server = createServer({ allowHalfOpen: true }, near => join(near, connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function change (next: Partial<Conditions>): void {
    Object.assign(conditions, next)
    for (const lane of lanes) lane.deliver()
  }

  function reset (): void {
    for (const socket of sockets) socket.resetAndDestroy()
  }

  return {
    port: (server.address() as AddressInfo).port,
    latency: ms => change({ latencyMs: ms }),
    blackhole: () => change({ dark: true }),
    heal: () => change({ latencyMs: 0, dark: false }),
    reset,
    async close () {
      reset()
      if (server.listening) await new Promise(resolve => server.close(resolve))
    }
  }
}

/** One direction of one connection. */
class Lane {
  readonly #to: Socket
  readonly #conditions: Conditions
  /** null is the end of the stream. */
  readonly #held: { chunk: Buffer | null, dueAt: number }[] = []
  #timer: NodeJS.Timeout | undefined

  constructor (from: Socket, to: Socket, conditions: Conditions) {
    this.#to = to
    this.#conditions = conditions
    from.on('data', chunk => this.#take(chunk))
    from.on('end', () => this.#take(null))
    from.on('close', () => clearTimeout(this.#timer))
  }

  /** Pass on what is due. */
  deliver (): void {
    clearTimeout(this.#timer)
    if (this.#conditions.dark) return
    const now = performance.now()
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      if (next.dueAt > now) {
        this.#timer = setTimeout(() => this.deliver(), next.dueAt - now)
        return
      }
      this.#held.shift()
      if (next.chunk === null) this.#to.end()
      else this.#to.write(next.chunk)
    }
  }

  #take (chunk: Buffer | null): void {
    this.#held.push({ chunk, dueAt: performance.now() + this.#conditions.latencyMs })
    this.deliver()
  }
}
