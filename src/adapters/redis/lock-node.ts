import type { Redis } from 'ioredis'
import type { RedisOptions } from 'ioredis'
import type { Script } from 'redlock'
import { OneWriteRedis } from './one-write.ts'

/**
 * After this a command counts as unanswered, so that every vote is settled and redlock never waits for one that will not come. Longer than a hold waits: after a pause of
 * this process timers fire before sockets are read, and at the hold's own 40 ms answers that had long arrived would be thrown away.
 */
const commandTimeoutMs = 80

/** A time-out that comes so much later than it should says that this process paused, and nothing of the node. */
const pausedMs = 10

const options = {
  commandTimeout: commandTimeoutMs,
  connectTimeout: 1_000,
  // A connection that answers nothing for so long is cut, and with it go the commands that wait in its queue (INV-8).
  socketTimeout: 1_000,
  disconnectTimeout: 100,
  // A node that is away fails at once instead of keeping commands for later: a lock granted later is a lock that nobody releases.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: attempt => Math.min(50 * 2 ** Math.min(attempt, 5), 1_000),
  disableClientInfo: true,
  connectionName: 'perch-guard'
} satisfies RedisOptions

export type NodeFailed = (address: string, error: Error) => void

/** One lock node: a server of its own, with a connection of its own, so that no other command stands before a lock's. */
export class LockNode {
  /** host:port; never the credentials. */
  readonly address: string
  readonly #client: Redis
  readonly #failed: NodeFailed
  #waiting = 0
  #silent = false

  constructor (url: string, failed: NodeFailed) {
    this.address = new URL(url).host
    this.#failed = failed
    this.#client = new OneWriteRedis(url, options)
    this.#client.on('error', error => failed(this.address, error))
  }

  /**
   * False while the node owes an answer after it let one time out. It is then asked one thing at a time until it answers again: a hung node delays one claim
   * in 80 ms and not all of them, and what queues before it stays small (INV-8).
   */
  get takesMore (): boolean {
    return !this.#silent || this.#waiting === 0
  }

  /** @throws Error from the node or its connection, or because no answer came in time */
  async run (script: Script, keys: number, args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#follow(this.#client.evalsha(script.hash, keys, ...args))
    } catch (error) {
      if (!isNoScript(error)) throw error
      return await this.#follow(this.#client.eval(script.value, keys, ...args))
    }
  }

  /** Resolves when the node has been reached; pending for as long as it is away. */
  reached (): Promise<void> {
    return this.#client.status === 'ready' ? Promise.resolve() : new Promise(resolve => this.#client.once('ready', () => resolve()))
  }

  async close (): Promise<void> {
    // Between two attempts there is no socket, and ioredis then never says that it has ended.
    const connected = ['connecting', 'connect', 'ready'].includes(this.#client.status)
    const ended = new Promise<void>(resolve => this.#client.once('end', () => resolve()))
    this.#client.disconnect()
    if (connected) await ended
  }

  async #follow (reply: Promise<unknown>): Promise<unknown> {
    const sentAt = performance.now()
    this.#waiting++
    try {
      const value = await reply
      this.#silent = false
      return value
    } catch (error) {
      this.#silent = !isReply(error) && performance.now() - sentAt < commandTimeoutMs + pausedMs
      if (error instanceof Error && !isNoScript(error)) this.#failed(this.address, error)
      throw error
    } finally {
      this.#waiting--
    }
  }
}

/** An error that the server itself sent: it is alive. */
function isReply (error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError'
}

/** The server does not know the script yet; its text teaches it. */
function isNoScript (error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT')
}
