import { systemClock, type Clock } from './clock.ts'
import { changeCommand, claimCommand, subjectOf, type ClaimChange, type ClaimRequest, type Command, type Done } from './command.ts'
import { Commands, type PerformOptions } from './commands.ts'
import { claimIdAt } from './claim-id.ts'
import { Confirmation } from './confirmation.ts'
import { effectsOf } from './effect.ts'
import { ownError, type PerchError } from './error.ts'
import { Floors, type Floor, type FloorView, type WatchOptions } from './floors.ts'
import type { MineFrame, ServerFrame, WelcomeFrame } from './frame.ts'
import { CATCHING_UP, isSame, LIVE, type Connection } from './freshness.ts'
import { KnownClaims } from './known-claims.ts'
import { Line } from './line.ts'
import { Listeners, type EventListeners } from './listeners.ts'
import { Mine, type MyClaims } from './mine.ts'
import type { Perch, PerchEvents } from './perch.ts'
import { Previews } from './previews.ts'
import { Renewal } from './renewal.ts'
import { Requests } from './requests.ts'
import { ServerTime } from './server-time.ts'
import type { WebSocketConstructor } from './socket.ts'

export interface ConnectOptions {
  /** Of the server: `https://perch.example.com`, or with the path that a proxy serves it at. */
  url: string
  /** Asked whenever one is needed: for each connection, and before the one in use expires. Left out: the server asks for none. */
  token?: () => string | Promise<string>
  /** By default the one of the platform. Node has none before version 22: pass that of the package `ws`. */
  WebSocket?: WebSocketConstructor
  /** For tests. */
  clock?: Clock
  /** For tests: numbers in [0, 1). */
  random?: () => number
}

/** Begins to connect, and keeps connected. */
export function connect (options: ConnectOptions): Perch {
  const client = new Client(options)
  client.reconnect()
  return client
}

class Client implements Perch {
  readonly #time: ServerTime
  readonly #line: Line
  readonly #requests: Requests
  readonly #renewal: Renewal
  readonly #floors: Floors
  readonly #commands: Commands
  readonly #known = new KnownClaims()
  readonly #previews = new Previews(spaces => this.#floors.refresh(spaces))
  readonly #mine = new Mine()
  readonly #heard: Confirmation
  #connection: Connection = CATCHING_UP
  #serverVersion: string | null = null
  readonly #events: EventListeners<PerchEvents> = { connection: new Listeners(), mine: new Listeners(), lost: new Listeners(), failure: new Listeners() }
  #closed = false

  constructor ({ url, token, WebSocket = platformWebSocket(), clock = systemClock(), random = Math.random }: ConnectOptions) {
    const provider = async () => await token?.() ?? null
    this.#time = new ServerTime(clock)
    this.#heard = new Confirmation(clock, () => this.#look())
    this.#line = new Line({ url, WebSocket, clock, random, token: provider }, {
      opened: welcome => this.#opened(welcome),
      frame: frame => this.#receive(frame),
      lost: reload => this.#lost(reload),
      closed: error => this.#refused(error),
      failed: error => this.#events.failure.tell(error)
    })
    const shared = { clock, random, time: this.#time, requests: new Requests(clock, frame => this.#line.send(frame)), previews: this.#previews, isOpen: () => this.#line.open }
    this.#requests = shared.requests
    this.#renewal = new Renewal({ ...shared, token: provider })
    this.#floors = new Floors({ ...shared, jitterMs: () => this.#line.jitterMs(), connection: () => this.#connection, onConnection: this.#events.connection })
    this.#commands = new Commands({ ...shared, known: this.#known, isWatched: floor => this.#floors.get(floor) !== undefined })
  }

  get connection (): Connection {
    return this.#connection
  }

  get serverVersion (): string | null {
    return this.#serverVersion
  }

  get mine (): MyClaims {
    return this.#mine.state
  }

  watch (floor: string, options: WatchOptions = {}): Floor {
    return this.#floors.watch(floor, options)
  }

  floor (floor: string): FloorView | undefined {
    return this.#floors.get(floor)
  }

  async claim (request: ClaimRequest, options?: PerformOptions): Promise<Done> {
    return await this.perform(claimCommand(request, () => this.newClaimId()), options)
  }

  async checkIn (claim: string, options?: PerformOptions): Promise<Done> {
    return await this.perform({ type: 'checkIn', claim }, options)
  }

  async release (claim: string, options?: PerformOptions): Promise<Done> {
    return await this.perform({ type: 'release', claim }, options)
  }

  async change (claim: string, change: ClaimChange, options?: PerformOptions): Promise<Done> {
    return await this.perform(changeCommand(claim, change), options)
  }

  async perform (command: Command, options?: PerformOptions): Promise<Done> {
    if (this.#connection.state === 'closed') throw rejectionOf(this.#connection.error)
    return await this.#commands.perform(command, options)
  }

  preview (command: Command): () => void {
    const now = this.now()
    this.#known.asked(command, now)
    const preview = this.#previews.add(effectsOf(command, this.#known.get(subjectOf(command)), now))
    return () => this.#previews.end(preview)
  }

  newClaimId (): string {
    return claimIdAt(this.now())
  }

  now (): number {
    return this.#time.now()
  }

  on<Name extends keyof PerchEvents> (event: Name, listener: (told: PerchEvents[Name]) => void): () => void {
    return this.#events[event].add(listener)
  }

  reconnect (): void {
    if (this.#closed) return
    this.#line.start()
    if (this.#connection.state === 'closed') this.#becomes(CATCHING_UP)
    this.#look()
  }

  close (): void {
    if (this.#closed) return
    this.#closed = true
    this.#line.end()
    this.#lost(false)
    this.#floors.end()
    this.#refused(ownError('CLOSED'))
    this.#heard.end()
  }

  #opened ({ now, version, expiresAt }: WelcomeFrame): void {
    this.#serverVersion = version
    this.#heard.confirm()
    this.#time.heard(now)
    this.#renewal.begin(expiresAt)
    this.#floors.opened()
    this.#commands.pump()
    this.#look()
  }

  #receive (frame: ServerFrame): void {
    this.#heard.confirm()
    switch (frame.type) {
      case 'reply':
        this.#requests.answered(frame)
        break
      case 'mine':
        this.#receiveMine(frame)
        break
      case 'pulse':
        this.#time.heard(frame.now)
    }
    this.#floors.receive(frame)
    this.#look()
  }

  #receiveMine (frame: MineFrame): void {
    for (const claim of frame.claims) this.#known.told(claim)
    this.#mine.receive(frame)
    this.#events.mine.tell(this.mine)
    if (frame.lost !== undefined) this.#events.lost.tell(frame.lost)
  }

  #lost (reload: boolean): void {
    this.#renewal.end()
    this.#requests.lost()
    this.#floors.lost(reload)
    this.#look()
  }

  #refused (error: PerchError): void {
    this.#becomes({ state: 'closed', error })
    this.#commands.close(rejectionOf(error))
  }

  #becomes (connection: Connection): void {
    if (isSame(connection, this.#connection)) return
    this.#connection = connection
    this.#events.connection.tell(connection)
  }

  #look (): void {
    if (this.#connection.state === 'closed') return
    const { ageMs, stale } = this.#heard
    if (!stale) this.#becomes(this.#line.open ? LIVE : CATCHING_UP)
    else if (this.#connection.state !== 'stale') this.#becomes({ state: 'stale', since: new Date(this.now() - ageMs) })
  }
}

/** Of commands that wait when the connection is closed: why it is says nothing about them, and there may be another. */
function rejectionOf (closed: PerchError): PerchError {
  return closed.code === 'CLOSED' ? closed : ownError('NOT_CONNECTED', { cause: closed.code })
}

function platformWebSocket (): WebSocketConstructor {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketConstructor }
  if (WebSocket === undefined) throw new TypeError('there is no WebSocket here: pass one, like that of the package ws, as an option')
  return WebSocket
}
