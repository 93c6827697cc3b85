import { io, type Socket } from 'socket.io-client'
import type { ServerFrame } from '../../../src/protocol/frames.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { Heard } from './heard.ts'

/** A client over Socket.IO. `refused`: the `data` of a connect_error, or its message where there is none. */
export class SocketIoClient extends Heard {
  readonly socket: Socket
  refused: unknown = null

  constructor (t: Cleanup, port: number, auth: Record<string, unknown> = { token: 'admin' }, headers: Record<string, string> = {}) {
    super()
    this.socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], reconnection: false, forceNew: true, auth, extraHeaders: headers })
    this.socket.on('frame', (frame: ServerFrame) => { this.frames.push(frame) })
    this.socket.on('close', (why: { code: number, reason: string }) => { this.closed = why })
    this.socket.on('disconnect', () => { this.gone = true })
    this.socket.on('connect_error', error => { this.refused = 'data' in error ? error.data : error.message })
    t.after(() => this.socket.disconnect())
  }

  send (frame: unknown): void {
    this.socket.emit('frame', frame)
  }
}
