import { comeBackMs, FIRST_WINDOW } from '../../src/client/coming-back.ts'
import type { ServerFrame } from '../../src/protocol/frames.ts'
import type { Connect, Connection, Ending } from './connection.ts'

export interface LastingEvents {
  /** Each time anew. */
  opened (connection: Connection): void
  frame (frame: ServerFrame): void
  /** It will come back, unless it is `final`. */
  lost (why: string, final: boolean): void
}

/** Nothing heard for this long: it is taken for dead. Three pulses. */
const SILENT_MS = 15_000

/** A connection under way or open. */
interface Link {
  connection: Connection
  open: boolean
  welcomed: boolean
  heardAt: number
  silence: NodeJS.Timeout
}

/** off -> linked -> waiting -> linked …; any -> over, by `stop` or a close that is final. */
type State =
  | { state: 'off' }
  | { state: 'linked', link: Link }
  | { state: 'waiting', timer: NodeJS.Timeout }
  | { state: 'over', why: string }

/** A connection that is made again whenever it ends, after a time as PROTOCOL.md asks. */
export class LastingConnection {
  readonly #connect: Connect
  readonly #events: LastingEvents
  #state: State = { state: 'off' }
  #retry = FIRST_WINDOW
  /** Attempts since the last that was welcomed. */
  #failed = 0

  constructor (connect: Connect, events: LastingEvents) {
    this.#connect = connect
    this.#events = events
  }

  start (): void {
    if (this.#state.state === 'off') this.#link()
  }

  /** Safe to repeat. */
  stop (why = 'stopped'): void {
    const before = this.#state
    if (before.state === 'over') return
    this.#state = { state: 'over', why }
    if (before.state === 'waiting') clearTimeout(before.timer)
    if (before.state === 'linked') {
      clearTimeout(before.link.silence)
      before.link.connection.drop()
    }
    this.#events.lost(why, true)
  }

  /** As when somebody pulls the plug for a moment. */
  drop (): void {
    if (this.#state.state === 'linked') this.#state.link.connection.drop()
  }

  /** Null while it is not open. */
  get connection (): Connection | null {
    return this.#state.state === 'linked' && this.#state.link.open ? this.#state.link.connection : null
  }

  /** Why it will not come back by itself; null while it will. */
  get failure (): string | null {
    return this.#state.state === 'over' ? this.#state.why : null
  }

  /** A random time in the retry window, in milliseconds. */
  jitterMs (): number {
    return comeBackMs(this.#retry, 0, null)
  }

  #link (): void {
    const isMine = () => this.#state.state === 'linked' && this.#state.link === link
    const connection = this.#connect({
      opened: () => {
        if (!isMine()) return
        link.open = true
        this.#events.opened(link.connection)
      },
      frame: frame => {
        if (!isMine()) return
        link.heardAt = Date.now()
        if (frame.type === 'welcome' || frame.type === 'bye') this.#retry = frame.retry
        if (frame.type === 'welcome') link.welcomed = true
        this.#events.frame(frame)
      },
      closed: ending => {
        clearTimeout(link.silence)
        if (isMine()) this.#lost(ending, link.welcomed)
      }
    })
    const link: Link = { connection, open: false, welcomed: false, heardAt: Date.now(), silence: setTimeout(() => this.#listen(link), SILENT_MS) }
    this.#state = { state: 'linked', link }
  }

  #listen (link: Link): void {
    const silentMs = Date.now() - link.heardAt
    if (silentMs >= SILENT_MS) link.connection.drop()
    else link.silence = setTimeout(() => this.#listen(link), SILENT_MS - silentMs)
  }

  #lost ({ why, final, retryAfterS }: Ending, welcomed: boolean): void {
    this.#failed = welcomed ? 0 : this.#failed + 1
    this.#state = final ? { state: 'over', why } : { state: 'waiting', timer: setTimeout(() => this.#link(), comeBackMs(this.#retry, this.#failed, retryAfterS)) }
    this.#events.lost(why, final)
  }
}
