import type { Audience } from '../../src/domain/audience.ts'
import type { Principal } from '../../src/application/principal.ts'
import type { Session } from '../../src/application/session.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'
import type { HandClock } from '../stand-ins/clock.ts'
import { ClientReplica } from './client-replica.ts'
import { FakeSocket } from './fake-socket.ts'
import type { StreamNode } from './stream-node.ts'

/** What becomes of a frame on its way. `breaks`: it is lost, and the connection with it. */
export type Fate = 'arrives' | 'lost' | 'breaks'

/** Before a client asks again for what was refused for now. */
const RETRY_MS = 250
/** A server whose answers are never what was asked for would be asked for ever. */
const MOST_REQUESTS = 500

/** A client that follows one floor on a line that loses what the test says. It comes back when it is told to, to any node, with the position that it has. */
export class LiveClient {
  readonly replica: ClientReplica
  readonly #principal: Principal
  readonly #floor: string
  readonly #clock: HandClock
  #requests = 0
  #connection: { session: Session | null, socket: FakeSocket } | null = null
  /** Frames sent to this client over all its connections, also the lost ones, as text. */
  readonly sent: string[] = []
  /** What the client made of frames that no server should send. */
  readonly errors: unknown[] = []
  /** Asked for each frame, counted from 1 over all connections. */
  fate: (nth: number, frame: ServerFrame) => Fate = () => 'arrives'
  /** Runs after each frame that arrived. */
  onArrival: (frame: ServerFrame) => void = () => {}

  constructor ({ principal, floor, audience, clock }: { principal: Principal, floor: string, audience: Audience | null, clock: HandClock }) {
    this.replica = new ClientReplica(audience)
    this.#principal = principal
    this.#floor = floor
    this.#clock = clock
  }

  get connected (): boolean {
    return this.#connection !== null
  }

  /** So many bytes of this connection wait to be read. */
  leaveUnread (bytes: number): void {
    if (this.#connection !== null) this.#connection.socket.backlog = bytes
  }

  connect (node: StreamNode): void {
    this.cut()
    const socket = new FakeSocket()
    const connection: { session: Session | null, socket: FakeSocket } = { session: null, socket }
    this.#connection = connection
    socket.onFrame = ({ text }) => { if (this.#connection === connection) this.#take(text) }
    socket.onClose = () => { if (this.#connection === connection) this.#connection = null }
    const { session } = node.connect(this.#principal, socket)
    connection.session = session
    // The welcome may have been the frame that broke it.
    if (this.#connection !== connection) return session.closed()
    session.receive(this.replica.watch(this.#floor))
  }

  /** Safe to repeat. */
  cut (): void {
    const connection = this.#connection
    this.#connection = null
    connection?.session?.closed()
  }

  #take (text: string): void {
    const frame = JSON.parse(text) as ServerFrame
    const fate = this.fate(this.sent.push(text), frame)
    if (fate === 'breaks') return this.cut()
    if (fate === 'lost') return
    try {
      const answer = this.replica.receive(frame)
      if (answer !== null) this.#ask(answer)
      if (frame.type === 'reply' && !frame.ok) this.#askLater()
      this.onArrival(frame)
    } catch (error) {
      this.errors.push(error)
    }
  }

  /** Not at once: a frame is answered when the call that sent it is over. */
  #ask (frame: ClientFrame): void {
    if (++this.#requests > MOST_REQUESTS) throw new RangeError(`more than ${MOST_REQUESTS} requests`)
    const connection = this.#connection
    queueMicrotask(() => { if (this.#connection === connection) connection?.session?.receive(frame) })
  }

  #askLater (): void {
    const connection = this.#connection
    this.#clock.after(RETRY_MS, () => { if (this.#connection === connection) connection?.session?.receive(this.replica.watch(this.#floor)) })
  }
}
