import { WebSocket } from 'ws'
import { closeCodes } from '../../src/protocol/close.ts'
import type { ServerFrame } from '../../src/protocol/frames.ts'
import type { Cleanup } from '../harness/cleanup.ts'

export type Wire = 'websocket' | 'socketio'

/** What a refusal by closing counts as: the frame could not even be answered. */
const CLOSED_AS = new Map<number, string>([[closeCodes.BAD_FRAME.code, 'BAD_REQUEST'], [1009, 'TOO_LARGE'], [1007, 'BAD_REQUEST'], [1005, 'BAD_REQUEST'], [closeCodes.TOO_MANY_REQUESTS.code, 'RATE_LIMITED'], [closeCodes.RELOAD.code, 'BAD_REQUEST']])

/** A connection that says any text in place of a frame. */
export class FrameLine {
  readonly #socket: WebSocket
  readonly #wire: Wire
  closed: number | null = null
  #onFrame: (frame: ServerFrame) => void = () => {}
  #onClose: (code: number) => void = () => {}

  private constructor (socket: WebSocket, wire: Wire) {
    this.#socket = socket
    this.#wire = wire
    socket.on('message', data => this.#take(String(data)))
    socket.on('error', () => {})
    socket.on('close', code => {
      this.closed = code
      this.#onClose(code)
    })
  }

  /** Resolves with the welcome. */
  static async open (t: Cleanup, port: number, wire: Wire, token: string): Promise<FrameLine> {
    const path = wire === 'websocket' ? '/v1/live' : '/socket.io/?EIO=4&transport=websocket'
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } })
    t.after(() => socket.terminate())
    const line = new FrameLine(socket, wire)
    await new Promise<void>((resolve, reject) => {
      line.#onFrame = ({ type }) => { if (type === 'welcome') resolve() }
      line.#onClose = code => reject(new Error(`closed with ${code} before the welcome`))
    })
    return line
  }

  /** The code of what became of it; null: granted. Close codes count as the code that they stand for. @throws Error for one that stands for none */
  async exchange (text: string): Promise<string | null> {
    return await new Promise((resolve, reject) => {
      this.#onFrame = frame => {
        if (frame.type === 'reply') resolve(frame.ok ? null : frame.error.code)
      }
      this.#onClose = code => {
        const as = CLOSED_AS.get(code)
        if (as === undefined) reject(new Error(`closed with ${code}`))
        else resolve(as)
      }
      if (this.closed === null) this.#socket.send(this.#wire === 'websocket' ? text : `42["frame",${text}]`)
      else this.#onClose(this.closed)
    })
  }

  end (): void {
    this.#socket.terminate()
  }

  #take (message: string): void {
    if (this.#wire === 'websocket') this.#onFrame(JSON.parse(message) as ServerFrame)
    else if (message.startsWith('0')) this.#socket.send('40')
    else if (message === '2') this.#socket.send('3')
    else if (message.startsWith('42["frame",')) this.#onFrame((JSON.parse(message.slice(2)) as [string, ServerFrame])[1])
  }
}
