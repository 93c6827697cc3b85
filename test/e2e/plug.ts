import { WebSocket } from 'ws'
import type { WebSocketConstructor } from '../../src/client/index.ts'

/** A line that somebody can pull the plug of. */
export class Plug {
  out = false
  readonly WebSocket: WebSocketConstructor
  #sockets: WebSocket[] = []

  constructor () {
    const plug = this
    this.WebSocket = class extends WebSocket {
      constructor (url: string, protocols: string[]) {
        super(url, protocols)
        plug.#sockets.push(this)
        if (plug.out) this.terminate()
      }
    }
  }

  pull (): void {
    this.out = true
    for (const socket of this.#sockets.splice(0)) socket.terminate()
  }
}
