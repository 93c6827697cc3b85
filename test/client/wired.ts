import type { Principal } from '../../src/application/principal.ts'
import type { Session } from '../../src/application/session.ts'
import type { WebSocketConstructor, WebSocketLike } from '../../src/client/socket.ts'
import { closeCodes } from '../../src/protocol/close.ts'
import { FakeSocket } from '../harness/fake-socket.ts'
import type { StreamNode } from '../harness/stream-node.ts'

type Type = 'open' | 'message' | 'error' | 'close'

/** The line between a client and the sessions of real nodes, in this process; it breaks and stutters as the test says. */
export class Wire {
  readonly WebSocket: WebSocketConstructor
  /** Where the next connection goes; null: nowhere. */
  node: StreamNode | null
  /** Whether the next frame, and with it the connection, is lost. */
  breaks: () => boolean = () => false
  /** Every frame that was sent, over all connections. */
  readonly texts: string[] = []
  #open: WiredSocket | null = null

  constructor (node: StreamNode | null, principal: Principal) {
    this.node = node
    const opened = (socket: WiredSocket): void => { this.#open = socket }
    const wire = this
    this.WebSocket = class extends WiredSocket {
      constructor () {
        super(wire, principal)
        opened(this)
      }
    }
  }

  cut (): void {
    this.#open?.cut()
  }

  /** A frame of earlier comes once more. */
  repeat (nth: number): void {
    const text = this.texts[nth % this.texts.length]
    if (text !== undefined && /^{"type":"(?:snapshot|diff)"/.test(text)) this.#open?.arrives(text)
  }
}

class WiredSocket implements WebSocketLike {
  readonly #listeners: Record<Type, Array<(event: object) => void>> = { open: [], message: [], error: [], close: [] }
  #session: Session | null = null
  #over = false

  constructor (wire: Wire, principal: Principal) {
    // A client hears nothing of a socket that it has not got yet.
    queueMicrotask(() => { if (!this.#over) this.#begin(wire, principal) })
  }

  addEventListener (type: Type, listener: (event: object) => void): void {
    this.#listeners[type].push(listener)
  }

  send (text: string): void {
    // Not in the same call: a frame is answered when whoever sent it has come to rest.
    queueMicrotask(() => this.#session?.receive(text))
  }

  close (): void {
    this.#over = true
    this.#session?.closed()
  }

  cut (code = 1006): void {
    if (this.#over) return
    this.close()
    this.#tell('close', { code, reason: '' })
  }

  arrives (text: string): void {
    if (!this.#over) this.#tell('message', { data: text })
  }

  #begin (wire: Wire, principal: Principal): void {
    if (wire.node === null) return this.cut()
    this.#tell('open', {})
    const socket = new FakeSocket()
    socket.onFrame = ({ text }) => {
      wire.texts.push(text)
      if (wire.breaks()) this.cut()
      else this.arrives(text)
    }
    socket.onClose = reason => this.cut(closeCodes[reason].code)
    this.#session = wire.node.connect(principal, socket).session
    // The welcome may have been the frame that broke it.
    if (this.#over) this.#session.closed()
  }

  #tell (type: Type, event: object): void {
    for (const listener of this.#listeners[type]) listener(event)
  }
}
