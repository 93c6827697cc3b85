import type { Audience } from '../domain/audience.ts'
import { PerchError } from '../domain/errors.ts'
import type { FloorId } from '../domain/ids.ts'
import type { CloseReason } from '../protocol/close.ts'
import { errorView } from '../protocol/error.ts'
import type { ClientFrame } from '../protocol/frames.ts'
import type { VisitRequest } from '../protocol/requests.ts'
import { toMoment } from '../protocol/time.ts'
import { claimReply, visitReply } from './claim-reply.ts'
import { readClientFrame } from './client-frame.ts'
import type { ClaimAnswer, Commands, VisitAnswer } from './commands.ts'
import type { FloorPosition } from './floor-state.ts'
import { Frame } from './frame.ts'
import type { Hub } from './hub.ts'
import type { Limits } from './limits.ts'
import type { Log } from './log.ts'
import type { Mine } from './mine.ts'
import type { Clock } from './ports.ts'
import type { Authenticator, Principal } from './principal.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { StreamMetrics } from './stream-metrics.ts'
import type { Socket, WatcherOwner } from './watcher.ts'
import { Watches, type WatchFrame } from './watches.ts'
import type { Turning } from './wheel.ts'

export interface SessionParts {
  hub: Hub
  commands: Commands
  authenticator: Authenticator
  mine: Mine
  clock: Clock
  limits: StreamLimits
  /** What a principal may do, over all its connections; left out: as much as it likes. */
  rates?: Pick<Limits, 'request' | 'hasRoom' | 'entered' | 'left'> | undefined
  metrics: StreamMetrics
  log: Log
  /** Of this server. */
  version: string
  /** The same text in the same second is one frame. */
  pulse (floors: string): Frame
  /** The session is over and leaves nothing behind. */
  ended (session: Session): void
}

export interface SessionStart {
  principal: Principal
  socket: Socket
  /** The peer's IP, for renewals. */
  address: string
}

/** Seconds' worth of frames that may come at once: a screen that watches many floors asks for all of them when it comes. */
const FRAME_BURST_S = 2

/**
 * One connection, whatever it runs over: frames in, frames out. Watches, unwatches and renewals are done in the order they came; commands run side by side, their
 * replies come as they are done. Nothing that a client sends makes it throw.
 */
export class Session implements WatcherOwner, Turning {
  readonly socket: Socket
  spoke: number | null = null
  readonly #parts: SessionParts
  readonly #address: string
  #principal: Principal
  /** Null until it first watches: many only claim. */
  #watches: Watches | null = null
  /** The last of the frames that are done in order. */
  #last: Promise<void> | null = null
  #queued = 0
  #running = 0
  /** Requests refused as too many since one was last answered. */
  #refused = 0
  /** Frames that were not yet made up for by time. */
  #frames = 0
  #framesAt = 0
  #endMine: (() => void) | null = null
  #ended = false

  constructor (parts: SessionParts, { principal, socket, address }: SessionStart) {
    this.#parts = parts
    this.#principal = principal
    this.#address = address
    this.socket = socket
  }

  get principal (): Principal {
    return this.#principal
  }

  /** `welcome`, and then the person's own claims, if `mine` are wanted. */
  begin (mine: boolean): void {
    const { clock, limits, version } = this.#parts
    this.#send(Frame.of({ type: 'welcome', now: toMoment(clock.now()), pulseMs: limits.pulseMs, retry: limits.retry, version, ...this.#expiry() }))
    if (mine) this.#endMine = this.#parts.mine.listen(this.#principal, frame => this.#send(frame))
    // What was known already went out at once, and may have been too much.
    if (this.#ended) this.#endMine?.()
  }

  /** A frame came: JSON, or the object that the transport made of it. */
  receive (received: unknown): void {
    if (this.#ended || this.#expired()) return
    if (typeof received === 'string' && received.length > this.#parts.limits.frameLength) return this.close('BAD_FRAME')
    const waitMs = this.#tooFastBy()
    if (waitMs === Infinity) return this.sendAway()
    const read = readClientFrame(received)
    if (waitMs > 0 && read.state !== 'broken') return this.#refuse(read.state === 'frame' ? read.frame.id : read.id, new PerchError('RATE_LIMITED', { exceeded: 'frames', retryAfterMs: waitMs }))
    switch (read.state) {
      case 'broken': return this.close('BAD_FRAME')
      case 'refused': return this.#refuse(read.id, new PerchError('BAD_REQUEST', { field: read.field, reason: read.reason }))
      case 'frame': return this.#take(read.frame)
    }
  }

  /** A frame came that asks for nothing, a ping or a pong: it counts like any other. */
  receiveNothing (): void {
    if (!this.#ended && this.#tooFastBy() === Infinity) this.sendAway()
  }

  /**
   * Watch a floor for a peer that cannot send frames itself. `held`: what it has, if anything; `granted` runs before the first frame of the floor, and not at all when
   * the session ended meanwhile.
   * @throws as Watches.watch
   */
  async follow (floor: FloorId, audience: Audience | undefined, held: FloorPosition | null, granted: () => void): Promise<void> {
    if (this.#ended) return
    const { epoch, seq } = held ?? {}
    const frame: WatchFrame = { type: 'watch', id: 'follow', floor, ...(audience !== undefined && { audience }), ...(epoch !== undefined && { epoch }), ...(seq !== undefined && { seq }) }
    await this.#watching().watch(this.#principal, frame, granted)
  }

  /** End it from this side. Safe to repeat. */
  close (reason: CloseReason): void {
    if (this.#ended) return
    this.closed()
    this.socket.close(reason)
  }

  /** The connection is gone. Safe to repeat. */
  closed (): void {
    if (this.#ended) return
    this.#ended = true
    this.#watches?.close()
    this.#endMine?.()
    this.#parts.ended(this)
  }

  /** Say that the end is near, and when to come back. */
  bye (): void {
    this.#send(Frame.of({ type: 'bye', retry: this.#parts.limits.retry }))
  }

  /** End it because too much was asked, and say when to come back. */
  sendAway (): void {
    this.#send(Frame.of({ type: 'bye', retry: this.#parts.limits.laterMs }))
    this.close('RATE_LIMITED')
  }

  /** Once per pulse time. A socket that does not keep up hears nothing: it must not take itself for current. */
  turn (): void {
    if (this.#expired() || this.socket.backlog > this.#parts.limits.lowMarkBytes) return
    this.#send(this.#parts.pulse(this.#watches?.pulse() ?? ''))
  }

  #take (frame: ClientFrame): void {
    const { commands } = this.#parts
    switch (frame.type) {
      case 'watch': return this.#inOrder(frame.id, async () => await this.#watch(frame))
      case 'unwatch': return this.#inOrder(frame.id, async () => this.#unwatch(frame.id, frame.floor))
      case 'renew': return this.#inOrder(frame.id, async () => await this.#renew(frame.id, frame.token))
      case 'claim': return this.#command(frame.id, async principal => await commands.claim(principal, frame.claim))
      case 'checkIn': return this.#command(frame.id, async principal => await commands.checkIn(principal, frame.claim, undefined, frame.ageMs))
      case 'release': return this.#command(frame.id, async principal => await commands.release(principal, frame.claim, undefined, frame.ageMs))
      case 'change': return this.#command(frame.id, async principal => await commands.change(principal, frame.claim, frame.change))
      case 'arrive': return this.#command(frame.id, async principal => await commands.arrive(principal, visitOf(frame)))
      case 'leave': return this.#command(frame.id, async principal => await commands.leave(principal, visitOf(frame)))
    }
  }

  #inOrder (id: string, work: () => Promise<void>): void {
    if (this.#queued >= this.#parts.limits.queuedPerSession) return this.#tooMany(id, this.#parts.limits.queuedPerSession)
    this.#queued++
    const last = (this.#last ?? Promise.resolve())
      .then(async () => { if (!this.#ended) await work() })
      .catch(error => this.#refuse(id, error))
      .then(() => {
        this.#queued--
        this.#refused = 0
        if (this.#last === last) this.#last = null
      })
    this.#last = last
  }

  #command (id: string, work: (principal: Principal) => Promise<ClaimAnswer | VisitAnswer>): void {
    if (this.#running >= this.#parts.limits.commandsPerSession) return this.#tooMany(id, this.#parts.limits.commandsPerSession)
    try {
      this.#parts.rates?.request(this.#principal)
    } catch (error) {
      return this.#refuse(id, error)
    }
    this.#running++
    work(this.#principal)
      .then(answer => this.#reply(id, 'claims' in answer ? visitReply(answer) : claimReply(answer)))
      .catch(error => this.#refuse(id, error))
      .finally(() => {
        this.#running--
        this.#refused = 0
      })
  }

  /** Milliseconds until one more frame is taken; 0: this one is; Infinity: it does not stop. */
  #tooFastBy (): number {
    const { clock, limits: { framesPerSecond, refusalsPerSession } } = this.#parts
    const now = clock.monotonic()
    this.#frames = Math.max(0, this.#frames - (now - this.#framesAt) / 1000 * framesPerSecond) + 1
    this.#framesAt = now
    const tooMany = this.#frames - framesPerSecond * FRAME_BURST_S
    if (tooMany > refusalsPerSession) return Infinity
    return tooMany <= 0 ? 0 : Math.ceil(tooMany / framesPerSecond * 1000)
  }

  #tooMany (id: string, limit: number): void {
    if (++this.#refused > this.#parts.limits.refusalsPerSession) return this.close('TOO_MANY_REQUESTS')
    this.#refuse(id, new PerchError('RATE_LIMITED', { limit }))
  }

  async #watch (frame: WatchFrame): Promise<void> {
    await this.#watching().watch(this.#principal, frame, granted => this.#reply(frame.id, { ...granted }))
  }

  #watching (): Watches {
    this.#watches ??= new Watches(this, this.#parts.hub, this.#parts.limits.watchesPerSession)
    return this.#watches
  }

  #unwatch (id: string, floor: string): void {
    this.#watches?.leave(floor)
    this.#reply(id, { floor })
  }

  async #renew (id: string, token: string): Promise<void> {
    const before = this.#principal
    const now = await this.#parts.authenticator.authenticate(token, this.#address)
    if (now.org !== before.org || now.person !== before.person || now.id !== before.id) throw new PerchError('FORBIDDEN', { reason: 'the token is somebody else\'s' })
    this.#principal = now
    this.#reply(id, this.#expiry())
    // What is watched was allowed by the old rights.
    if (now.role !== before.role || now.site !== before.site) this.close('RELOAD')
  }

  #expiry (): { expiresAt?: string } {
    const { expiresAt } = this.#principal
    return expiresAt === null ? {} : { expiresAt: toMoment(expiresAt) }
  }

  #expired (): boolean {
    const { expiresAt } = this.#principal
    if (expiresAt === null || this.#parts.clock.now() < expiresAt) return false
    this.bye()
    this.close('UNAUTHENTICATED')
    return true
  }

  #reply (id: string, content: Record<string, unknown>): void {
    this.#send(Frame.of({ ...content, type: 'reply', id, ok: true }))
  }

  #refuse (id: string, error: unknown): void {
    if (!(error instanceof PerchError)) this.#parts.log.error({ err: error }, 'stream: a request failed')
    const known = error instanceof PerchError ? error : new PerchError('INTERNAL')
    this.#send(Frame.of({ type: 'reply', id, ok: false, error: errorView(known) }))
  }

  #send (frame: Frame): void {
    if (this.#ended) return
    const { limits, metrics } = this.#parts
    if (this.socket.backlog > limits.highMarkBytes) {
      metrics.closedSlow()
      return this.close('TOO_SLOW')
    }
    this.socket.send(frame)
    metrics.sent(1, frame.bytes)
  }
}

function visitOf ({ type: _, id: __, ...visit }: Extract<ClientFrame, { type: 'arrive' | 'leave' }>): VisitRequest {
  return visit
}
