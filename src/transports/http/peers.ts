import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Limits } from '../../application/limits.ts'
import { PerchError } from '../../domain/errors.ts'
import { answerOnSocket } from './errors.ts'
import { TrustedProxies, type FromSomewhere } from './trusted-proxies.ts'

export interface PeersParts {
  /** Addresses and CIDRs. Default: none. */
  trustedProxies?: readonly string[] | undefined
  /** Left out: none. */
  limits?: Limits | undefined
}

const TOO_MANY = new PerchError('RATE_LIMITED', { exceeded: 'connections', retryAfterMs: 5_000 })

/**
 * Where connections come from, and how many of each address have shown no valid credentials: whoever opens thousands and sends nothing, or byte by byte, holds up none but those who
 * share the address and are new. One that has shown who it is counts no more; those of a trusted proxy are as many as it has clients, and are not counted.
 */
export class Peers {
  readonly proxies: TrustedProxies
  readonly #limits: Limits | null
  /** Connections that count, by `port/address`: what TLS makes of a socket has the same. */
  readonly #strangers = new Map<string, string>()
  readonly #names = new WeakMap<Socket, string>()
  readonly #refused = new WeakSet<Socket>()

  constructor ({ trustedProxies = [], limits }: PeersParts = {}) {
    this.proxies = new TrustedProxies(trustedProxies)
    this.#limits = limits ?? null
  }

  addressOf (request: FromSomewhere): string {
    return this.proxies.addressOf(request)
  }

  watch (server: Server, { secure }: { secure: boolean }): void {
    const limits = this.#limits
    if (limits === null) return
    const [names, shown] = [this.#names, this.#shown.bind(this)]
    // One for all: a function per connection would stay as long as that does.
    function forget (this: Socket): void {
      const name = names.get(this)
      if (name !== undefined) shown(name)
    }
    server.on('connection', (socket: Socket) => {
      const address = socket.remoteAddress
      if (address === undefined || this.proxies.trusts(address)) return
      if (!limits.connect(address)) return this.#refuse(socket, secure)
      const name = nameOf(socket)
      this.#strangers.set(name, address)
      names.set(socket, name)
      socket.on('close', forget)
    })
  }

  /** Whoever is at the other end has shown valid credentials. */
  shown (socket: Socket): void {
    if (this.#limits !== null) this.#shown(nameOf(socket))
  }

  /** A request may have come before its connection ended. @throws RATE_LIMITED */
  mustBeTaken ({ socket }: Pick<IncomingMessage, 'socket'>): void {
    if (this.#refused.has(socket)) throw TOO_MANY
  }

  #shown (name: string): void {
    const address = this.#strangers.get(name)
    if (address !== undefined && this.#strangers.delete(name)) this.#limits?.disconnect(address)
  }

  /** Before a handshake of TLS there is nothing to be said in. */
  #refuse (socket: Socket, secure: boolean): void {
    this.#refused.add(socket)
    if (secure) socket.destroy()
    else answerOnSocket(TOO_MANY, socket)
  }
}

function nameOf ({ remotePort, remoteAddress }: Socket): string {
  return `${remotePort}/${remoteAddress}`
}
