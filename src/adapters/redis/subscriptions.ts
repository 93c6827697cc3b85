import type { Redis } from 'ioredis'
import type { Listener } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import { connectSubscriber, seedsOf } from './connection.ts'
import type { Log } from './connection.ts'
import { failureOf } from './failure.ts'
import type { Node, Target } from './url.ts'

/** How often every subscription is asked for anew: a position older than 10 s is stale on a screen, so twice in that time with room to spare. */
const UPKEEP_MS = 3_000
/** How many servers of a Cluster are asked for a shard before the caller is told. */
const HOPS = 4

/**
 * Who listens to which channel. Sharded pub/sub everywhere: a message stays on the shard's server. One connection per server that has channels of ours; the
 * servers of a Cluster say themselves where a channel is (MOVED). ioredis can subscribe in a Cluster too, but a server also drops subscribers when it is told
 * once more that a slot is its own, and then ioredis 6.0 finds nothing changed and leaves them out; hence our own upkeep.
 * What was published while a link was down is lost, and nobody says so: callers compare positions.
 */
export class Subscriptions {
  readonly #target: Target
  readonly #timeoutMs: number
  readonly #log: Log
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #links = new Map<string, Redis>()
  /** Which server a shard's channels were last found on, by the channels' prefix. */
  readonly #homes = new Map<string, Node>()
  readonly #upkeep: NodeJS.Timeout
  #closed = false

  constructor (target: Target, timeoutMs: number, log: Log) {
    this.#target = target
    this.#timeoutMs = timeoutMs
    this.#log = log
    this.#upkeep = setInterval(() => this.#askForAll(), UPKEEP_MS)
    this.#upkeep.unref()
  }

  /** Resolves once the server has said so. Asks it also for a channel that has listeners: the caller may be here because it hears nothing. @throws RECOVERING */
  async subscribe (channel: string, listener: Listener): Promise<() => void> {
    // The same function may listen twice; each time is its own.
    const own: Listener = message => listener(message)
    const listeners = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, listeners.add(own))
    try {
      await this.#ask([channel])
    } catch (error) {
      this.#remove(channel, own)
      throw failureOf(error, false)
    }
    return () => this.#remove(channel, own)
  }

  close (): void {
    this.#closed = true
    clearInterval(this.#upkeep)
    for (const link of this.#links.values()) link.disconnect()
    this.#links.clear()
    this.#listeners.clear()
  }

  #remove (channel: string, listener: Listener): void {
    const listeners = this.#listeners.get(channel)
    if (listeners === undefined || !listeners.delete(listener) || listeners.size > 0) return
    this.#listeners.delete(channel)
    const home = this.#homes.get(prefixOf(channel))
    // Cut or moved: the server forgets by itself, and a message that nobody listens to is dropped here.
    if (home !== undefined) this.#links.get(addressOf(home))?.sunsubscribe(channel).catch(() => {})
  }

  /** Asking for what one has changes nothing; asking for what was lost brings it back. */
  #askForAll (): void {
    const shards = new Map<string, string[]>()
    for (const channel of this.#listeners.keys()) {
      const prefix = prefixOf(channel)
      const channels = shards.get(prefix)
      if (channels === undefined) shards.set(prefix, [channel])
      else channels.push(channel)
    }
    for (const [prefix, channels] of shards) {
      this.#ask(channels).catch((error: unknown) => this.#log.warn({ err: error, prefix }, 'redis: could not subscribe again'))
    }
  }

  /** `channels` are of one shard. */
  async #ask (channels: readonly string[]): Promise<void> {
    const prefix = prefixOf(channels[0] ?? '')
    const seeds = seedsOf(this.#target)
    let node = this.#homes.get(prefix) ?? seeds[0]
    for (let hop = 1; node !== undefined; hop++) {
      try {
        await this.#linkTo(node).ssubscribe(...channels)
        this.#homes.set(prefix, node)
        return
      } catch (error) {
        this.#homes.delete(prefix)
        if (hop === HOPS || this.#target.kind !== 'cluster') throw error
        node = movedTo(error) ?? seeds[hop % seeds.length]
      }
    }
  }

  #linkTo (node: Node): Redis {
    if (this.#closed) throw new PerchError('RECOVERING')
    const address = addressOf(node)
    const known = this.#links.get(address)
    if (known !== undefined) return known
    const link = connectSubscriber(this.#target, node, this.#timeoutMs, this.#log)
    this.#links.set(address, link)
    link.on('smessage', (channel: string, text: string) => this.#deliver(channel, text))
    link.on('ready', () => this.#askForAll())
    link.on('end', () => { if (this.#links.get(address) === link) this.#links.delete(address) })
    return link
  }

  /** `<epoch>:<seq>:<body>`, as commit.lua and announce write it. */
  #deliver (channel: string, text: string): void {
    const listeners = this.#listeners.get(channel)
    if (listeners === undefined) return
    const first = text.indexOf(':')
    const second = text.indexOf(':', first + 1)
    const message = { epoch: Number(text.slice(0, first)), seq: Number(text.slice(first + 1, second)), body: text.slice(second + 1) }
    for (const listener of [...listeners]) listener(message)
  }
}

/** `perch:{s07}:`, up to and with the hash tag. */
function prefixOf (channel: string): string {
  return channel.slice(0, channel.indexOf('}') + 1)
}

function addressOf ({ host, port }: Node): string {
  return `${host}:${port}`
}

/** The server that a MOVED reply names. */
function movedTo (error: unknown): Node | undefined {
  const [, host, port] = error instanceof Error ? /^MOVED \d+ (.+):(\d+)$/.exec(error.message) ?? [] : []
  return host === undefined ? undefined : { host, port: Number(port) }
}
