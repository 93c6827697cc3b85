import { io } from 'socket.io-client'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'
import { ended, isFinal, type Connect } from './connection.ts'

/** `/socket.io/`, with a reconnect of our own: the same for all transports. */
export function socketioTo ({ url, token }: ApiAddress): Connect {
  return ({ opened, frame, closed }) => {
    const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, timeout: 10_000, ...(token === null ? {} : { auth: { token } }) })
    let requests = 0
    let over = false
    /** The close code, which Socket.IO itself has no room for. */
    let code = 0
    const end = (why: string): void => {
      if (over) return
      over = true
      socket.disconnect()
      closed(code === 0 ? ended(why) : ended(String(code), isFinal(code)))
    }
    socket.on('connect', opened)
    socket.on('frame', (received: ServerFrame) => frame(received))
    socket.on('close', (said: { code?: number }) => { code = said.code ?? 0 })
    socket.on('connect_error', error => end(error.message))
    socket.on('disconnect', end)
    const send = (sent: ClientFrame): void => { if (socket.connected) socket.emit('frame', sent) }
    return {
      commands: true,
      send,
      watch: ({ floor, audience, position }) => send({ type: 'watch', id: `w${++requests}`, floor, audience, ...position }),
      drop: () => {
        socket.io.engine.close()
        end('dropped')
      }
    }
  }
}
