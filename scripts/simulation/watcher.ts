import { Unreachable } from '../../src/cli/seed/api.ts'
import { FloorReplica } from '../../src/client/replica.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { ClientFrame, DiffFrame, Pulse, ServerFrame, SnapshotFrame } from '../../src/protocol/frames.ts'
import { doneOf, refusedOf, type Command, type Reply } from './command.ts'
import type { Connect } from './connection.ts'
import type { Figures } from './figures.ts'
import { LastingConnection } from './lasting-connection.ts'

export type Transport = 'sse' | 'websocket' | 'socket.io'

export interface WatcherParts {
  transport: Transport
  audience: Audience
  floors: readonly string[]
  connect: Connect
  figures: Figures
}

/** What is not confirmed for this long is stale. */
const STALE_MS = 10_000
/** A command that is not answered over the socket within this time is asked again elsewhere. */
const ANSWER_MS = 15_000

/** A display or an app: watches floors over one connection, and comes back with its positions whenever that ends. */
export class Watcher {
  readonly transport: Transport
  readonly audience: Audience
  readonly replicas: ReadonlyMap<string, FloorReplica>
  readonly #figures: Figures
  readonly #line: LastingConnection
  #requests = 0
  readonly #answers = new Map<string, { resolve (reply: Reply): void, reject (error: Error): void }>()
  /** By floor: when the server last vouched for what we have. */
  readonly #confirmedAt = new Map<string, number>()
  /** Floors that this connection tells of: a watch that was refused has to be asked for again, however fresh what we have is. */
  readonly #followed = new Set<string>()
  #asksAgain: NodeJS.Timeout | null = null
  /** Floors that the last pulse showed us behind on, with the seq we had. */
  readonly #behind = new Map<string, number>()

  constructor ({ transport, audience, floors, connect, figures }: WatcherParts) {
    this.transport = transport
    this.audience = audience
    this.replicas = new Map(floors.map(floor => [floor, new FloorReplica(floor)]))
    this.#figures = figures
    this.#line = new LastingConnection(connect, {
      opened: () => {
        this.#followed.clear()
        for (const floor of this.replicas.keys()) this.#watch(floor)
      },
      frame: frame => {
        figures.frames++
        this.#receive(frame)
      },
      lost: (why, final) => {
        if (!final) figures.reconnects.add(why)
        // Whoever waits for an answer asks again elsewhere.
        for (const { reject } of [...this.#answers.values()]) reject(new Unreachable(why))
      }
    })
  }

  start (): void {
    this.#line.start()
  }

  stop (): void {
    this.#line.stop()
  }

  /** As when somebody pulls the plug for a moment. */
  drop (): void {
    this.#line.drop()
  }

  /** Why it will not come back by itself; null while it will. */
  get failure (): string | null {
    return this.#line.failure
  }

  /** Connected, and every floor's state confirmed a short while ago. */
  get current (): boolean {
    const now = Date.now()
    return this.#line.connection !== null && [...this.replicas.keys()].every(floor => now - (this.#confirmedAt.get(floor) ?? 0) < STALE_MS)
  }

  /** It can carry commands now. */
  get ready (): boolean {
    return this.#line.connection?.commands === true
  }

  /** A command over this connection. @throws Unreachable when it ends before the answer */
  async send (command: Command): Promise<Reply> {
    const { connection } = this.#line
    if (connection === null) throw new Unreachable('not connected')
    const id = `c${++this.#requests}`
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(() => reject(new Unreachable('no answer in time'))), ANSWER_MS)
      const settle = (by: () => void): void => {
        clearTimeout(timer)
        this.#answers.delete(id)
        by()
      }
      this.#answers.set(id, { resolve: reply => settle(() => resolve(reply)), reject: error => settle(() => reject(error)) })
      connection.send(frameOf(id, command))
    })
  }

  #watch (floor: string): void {
    this.#line.connection?.watch({ floor, audience: this.audience, position: this.replicas.get(floor)?.position ?? null })
  }

  #receive (frame: ServerFrame): void {
    switch (frame.type) {
      case 'snapshot':
      case 'diff':
        return this.#apply(frame)
      case 'pulse':
        return this.#confirm(frame)
      case 'reply':
        return this.#answered(frame)
      case 'welcome':
      case 'bye':
      case 'mine':
    }
  }

  #apply (frame: SnapshotFrame | DiffFrame): void {
    this.#followed.add(frame.floor)
    const applied = this.replicas.get(frame.floor)?.apply(frame)
    if (applied === 'applied') this.#confirmedAt.set(frame.floor, Date.now())
    if (applied === 'gap') this.#mend(frame.floor)
  }

  /** Behind at two pulses, and not a frame in between: what we miss is not on its way. */
  #confirm ({ floors }: Pulse): void {
    for (const [floor, { epoch, seq, checkedAt }] of Object.entries(floors)) {
      this.#followed.add(floor)
      const mine = this.replicas.get(floor)?.position ?? null
      if (mine !== null && mine.epoch === epoch && mine.seq >= seq) {
        this.#behind.delete(floor)
        if (Date.now() - Date.parse(checkedAt) < STALE_MS) this.#confirmedAt.set(floor, Date.now())
      } else if (this.#behind.get(floor) === (mine?.seq ?? -1)) {
        this.#behind.delete(floor)
        this.#mend(floor)
      } else this.#behind.set(floor, mine?.seq ?? -1)
    }
  }

  #mend (floor: string): void {
    this.#figures.gaps++
    this.#watch(floor)
  }

  #answered (frame: Extract<ServerFrame, { type: 'reply' }>): void {
    const waiting = this.#answers.get(frame.id)
    if (waiting !== undefined) return waiting.resolve(frame.ok ? doneOf(frame) : refusedOf(frame.error, 0))
    // What is left are watches. One that was refused for now finds its floor in recovery.
    if (frame.ok) return
    if (!frame.error.retry) return this.#line.stop(`watch: ${frame.error.code}`)
    // One for all that are refused meanwhile, or three floors would ask nine times, and those twenty-seven.
    this.#asksAgain ??= setTimeout(() => {
      this.#asksAgain = null
      for (const floor of this.replicas.keys()) if (!this.#followed.has(floor)) this.#watch(floor)
    }, this.#line.jitterMs()).unref()
  }
}

function frameOf (id: string, command: Command): ClientFrame {
  switch (command.call) {
    case 'claim': return { type: 'claim', id, claim: { ...command.request, id: command.claim } }
    case 'check-in': return { type: 'checkIn', id, claim: command.claim }
    case 'release': return { type: 'release', id, claim: command.claim }
    case 'change': return { type: 'change', id, claim: command.claim, change: command.change }
  }
}
