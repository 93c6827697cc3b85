import type { Clock } from './clock.ts'
import { comeBackMs, FIRST_WINDOW } from './coming-back.ts'
import { ownError, type PerchError } from './error.ts'
import type { ServerFrame, WelcomeFrame } from './frame.ts'
import { openSocket, type Address, type Ending, type Socket } from './socket.ts'

export interface LineParts extends Address {
  clock: Clock
  random: () => number
  /** Asked for each attempt anew; null: the server asks for none. */
  token: () => Promise<string | null>
}

export interface LineEvents {
  /** From here on frames may be sent. */
  opened (welcome: WelcomeFrame): void
  /** All that follows. */
  frame (frame: Exclude<ServerFrame, WelcomeFrame>): void
  /** It was open, and is no more. `reload`: what was watched may not be what these credentials see by now. */
  lost (reload: boolean): void
  /** It does not come back by itself. */
  closed (error: PerchError): void
  /** An attempt came to nothing; for the curious. */
  failed (error: unknown): void
}

/** From the first word to the welcome. */
const OPENING_MS = 10_000
/** Nothing heard for this many pulses: it is taken for dead. */
const SILENT_PULSES = 3

/** Codes from there on do not invite anybody back (PROTOCOL.md, "Why a socket is closed"). */
const FIRST_FINAL = 4100
const LAST_FINAL = 4199
const RELOAD = 4003
const UNAUTHENTICATED = 4101
const FORBIDDEN = 4102

interface Link {
  socket: Socket | null
  token: string | null
  welcomed: boolean
  heardAt: number
  /** Longest silence, in milliseconds. */
  patienceMs: number
  cancel: () => void
}

/** linked -> waiting -> linked …; any -> closed, and back to linked when somebody asks for it; any -> over. */
type Stage =
  | { stage: 'linked', link: Link }
  | { stage: 'waiting', cancel: () => void }
  | { stage: 'closed' }
  | { stage: 'over' }

/** A connection that is made again whenever it ends, after a time as PROTOCOL.md asks ("Coming back"). */
export class Line {
  readonly #parts: LineParts
  readonly #events: LineEvents
  #stage: Stage = { stage: 'closed' }
  #window = FIRST_WINDOW
  /** Attempts since the last that was welcomed. */
  #failed = 0
  /** The token that was last refused, while no other has been welcomed since. */
  #refused: { token: string | null } | null = null

  constructor (parts: LineParts, events: LineEvents) {
    this.#parts = parts
    this.#events = events
  }

  get open (): boolean {
    return this.#stage.stage === 'linked' && this.#stage.link.welcomed
  }

  /** A moment somewhere in the window that the server told, in milliseconds: for whatever else a crowd should not do in the same second. */
  jitterMs (): number {
    return comeBackMs(this.#window, 0, null, this.#parts.random)
  }

  /** Dropped while there is no connection. */
  send (frame: object): void {
    if (this.#stage.stage === 'linked') this.#stage.link.socket?.send(frame)
  }

  /** Connects now, if it is not connected or about to be. */
  start (): void {
    if (this.#stage.stage === 'linked' || this.#stage.stage === 'over') return
    if (this.#stage.stage === 'waiting') this.#stage.cancel()
    const { clock } = this.#parts
    const link: Link = { socket: null, token: null, welcomed: false, heardAt: clock.monotonic(), patienceMs: OPENING_MS, cancel: () => {} }
    this.#stage = { stage: 'linked', link }
    this.#listen(link)
    this.#dial(link).catch(error => this.#unreached(link, error))
  }

  /** For good. Safe to repeat. */
  end (): void {
    const before = this.#stage
    this.#stage = { stage: 'over' }
    if (before.stage === 'waiting') before.cancel()
    if (before.stage === 'linked') this.#leave(before.link)
  }

  async #dial (link: Link): Promise<void> {
    link.token = await this.#parts.token()
    if (!this.#is(link)) return
    if (this.#refused !== null && this.#refused.token === link.token) return this.#close(link, ownError('UNAUTHENTICATED'))
    try {
      link.socket = openSocket(this.#parts, link.token, {
        frame: frame => { if (this.#is(link)) this.#receive(link, frame) },
        closed: ending => { if (this.#is(link)) this.#closed(link, ending) }
      })
    } catch (error) {
      // No address, or a token that no handshake can carry: it will be no better the next time.
      this.#close(link, ownError('REFUSED', { reason: String(error) }))
    }
  }

  #receive (link: Link, frame: ServerFrame): void {
    link.heardAt = this.#parts.clock.monotonic()
    if (frame.type === 'welcome' || frame.type === 'bye') this.#window = frame.retry
    if (frame.type !== 'welcome') return this.#events.frame(frame)
    link.welcomed = true
    link.patienceMs = SILENT_PULSES * frame.pulseMs
    this.#failed = 0
    this.#refused = null
    this.#events.opened(frame)
  }

  #closed (link: Link, { code, reason, status, retryAfterS }: Ending): void {
    if (code === UNAUTHENTICATED || status === 401) return this.#refuse(link)
    if (code === FORBIDDEN || status === 403) return this.#close(link, ownError('FORBIDDEN'))
    if (code >= FIRST_FINAL && code <= LAST_FINAL) return this.#close(link, ownError('REFUSED', { closeCode: code, reason }))
    this.#lose(link, ownError('NOT_CONNECTED', { closeCode: code, status, reason }), retryAfterS, code === RELOAD)
  }

  /** Not with these credentials: with others then, once. Who has no others is not let in. */
  #refuse (link: Link): void {
    if (this.#refused !== null) return this.#close(link, ownError('UNAUTHENTICATED'))
    this.#refused = { token: link.token }
    this.#lose(link, ownError('UNAUTHENTICATED'), null)
  }

  /** There is no token. */
  #unreached (link: Link, error: unknown): void {
    if (this.#is(link)) this.#lose(link, error, null)
  }

  /** One timer that looks again, and not one for each frame. */
  #listen (link: Link): void {
    const { clock } = this.#parts
    const silentMs = clock.monotonic() - link.heardAt
    if (silentMs >= link.patienceMs) this.#lose(link, ownError('NOT_CONNECTED', { reason: `nothing was heard for ${silentMs} ms` }), null)
    else link.cancel = clock.after(link.patienceMs - silentMs, () => this.#listen(link))
  }

  #lose (link: Link, error: unknown, retryAfterS: number | null, reload = false): void {
    const { clock, random } = this.#parts
    this.#leave(link)
    if (!link.welcomed) this.#failed++
    const waitMs = comeBackMs(this.#window, this.#failed, retryAfterS, random)
    this.#stage = { stage: 'waiting', cancel: clock.after(waitMs, () => this.start()) }
    if (link.welcomed) this.#events.lost(reload)
    this.#events.failed(error)
  }

  #close (link: Link, error: PerchError): void {
    this.#leave(link)
    // Whoever asks for another attempt has it with any token.
    this.#refused = null
    this.#stage = { stage: 'closed' }
    if (link.welcomed) this.#events.lost(false)
    this.#events.closed(error)
  }

  #leave (link: Link): void {
    link.cancel()
    link.socket?.leave()
  }

  #is (link: Link): boolean {
    return this.#stage.stage === 'linked' && this.#stage.link === link
  }
}
