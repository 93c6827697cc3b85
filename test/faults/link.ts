import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import './asked-end.ts'
import { Lane, type Conditions, type Direction } from './lane.ts'

export type { Direction } from './lane.ts'

/** A TCP connection from this machine to itself that can be made faulty. It carries what comes, in order; conditions apply to all connections, old and new. */
export interface Link {
  /** Where to connect instead of the target. */
  readonly port: number
  /** Delay what comes from now on, each way. */
  latency (ms: number): void
  /**
   * Nothing gets through, either way or in that direction alone, and nobody is told: connections stay open, new ones are accepted. What is sent meanwhile arrives when the
   * link heals, as TCP has it.
   */
  blackhole (direction?: Direction): void
  /** At most so many bytes a second and direction get through, a few at a time. */
  drip (bytesPerSecond: number): void
  /**
   * The next request that is meant (by default any) is passed on, what the server sends from then on is swallowed, and at its first word the client's connection is cut with a RST: it was
   * done, and nobody is told. Resolves when that has happened; the link's end or `heal` call it off, and it never resolves. A request is what one read of the client's socket
   * gives, so several that were sent at once are one.
   */
  dropReply (isMeant?: (request: Buffer) => boolean): Promise<void>
  /** New connections go to this port, as behind a DNS name that was changed; those that are open stay where they are. */
  point (port: number): void
  /** Cut every connection with a RST. New ones are served. */
  reset (): void
  /** No latency, no black hole, no drip, no reply to be dropped. */
  heal (): void
  /** Cut every connection and refuse new ones. */
  close (): Promise<void>
}

/** A reply that is to be dropped. */
interface Ambush {
  isMeant (request: Buffer): boolean
  sprung (): void
}

export async function openLink (targetPort: number): Promise<Link> {
  let target = targetPort
  const conditions: Conditions = { latencyMs: 0, dark: { there: false, back: false }, bytesPerSecond: null }
  const ambushes: Ambush[] = []
  const sockets = new Set<Socket>()
  const lanes = new Set<Lane>()

  function join (near: Socket, far: Socket): void {
    /** Of the reply that is swallowed; null on a sound connection. */
    let ambush: Ambush | null = null
    const there = new Lane({ from: near, to: far, direction: 'there', conditions }, request => {
      ambush ??= take(ambushes, ({ isMeant }) => isMeant(request))
      return true
    })
    const back = new Lane({ from: far, to: near, direction: 'back', conditions }, () => {
      if (ambush === null) return true
      ambush.sprung()
      near.resetAndDestroy()
      return false
    })
    for (const lane of [there, back]) lanes.add(lane)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {}) // 'close' follows, and is what counts
      socket.on('close', () => {
        sockets.delete(socket)
        for (const lane of [there, back]) lanes.delete(lane)
        near.destroy()
        // A RST would take the request from a server that has not read it yet.
        if (ambush === null) far.destroy()
        else far.end()
      })
    }
  }

  const server = createServer({ allowHalfOpen: true }, near => join(near, connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })))
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
    point: port => { target = port },
    latency: ms => change({ latencyMs: ms }),
    blackhole: direction => change({ dark: { there: direction !== 'back', back: direction !== 'there' } }),
    drip: bytesPerSecond => change({ bytesPerSecond }),
    dropReply: async (isMeant = () => true) => await new Promise<void>(resolve => ambushes.push({ isMeant, sprung: resolve })),
    heal () {
      ambushes.length = 0
      change({ latencyMs: 0, dark: { there: false, back: false }, bytesPerSecond: null })
    },
    reset,
    async close () {
      ambushes.length = 0
      reset()
      if (server.listening) await new Promise(resolve => server.close(resolve))
    }
  }
}

/** The first that fits, taken out of the list. */
function take<T> (list: T[], fits: (item: T) => boolean): T | null {
  const at = list.findIndex(fits)
  return at < 0 ? null : list.splice(at, 1)[0] ?? null
}
