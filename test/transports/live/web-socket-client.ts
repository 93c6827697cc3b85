import { WebSocket, type ClientOptions } from 'ws'
import type { ServerFrame } from '../../../src/protocol/frames.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { Heard } from './heard.ts'

/** A client over WebSocket. `refused`: the HTTP answer in place of the handshake. */
export class WebSocketClient extends Heard {
  readonly socket: WebSocket
  /** Messages as they came. */
  readonly texts: string[] = []
  refused: { status: number, body: string } | null = null

  constructor (t: Cleanup, port: number, token: string | null = 'admin', { path = '/v1/live', protocols = ['perch.v1'], ...options }: ClientOptions & { path?: string, protocols?: string[] } = {}) {
    super()
    const headers = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...options.headers }
    this.socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, { ...options, headers })
    this.socket.on('message', data => {
      const text = String(data)
      this.texts.push(text)
      this.frames.push(JSON.parse(text) as ServerFrame)
    })
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) }
      this.gone = true
    })
    this.socket.on('unexpected-response', (_, response) => {
      let body = ''
      response.setEncoding('utf8').on('data', text => { body += String(text) }).on('end', () => {
        this.refused = { status: response.statusCode ?? 0, body }
        this.socket.terminate()
      })
    })
    this.socket.on('error', () => {})
    t.after(() => this.socket.terminate())
  }

  send (frame: unknown): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }
}
