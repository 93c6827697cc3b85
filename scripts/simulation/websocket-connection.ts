import { WebSocket } from 'ws'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import { SUBPROTOCOL, type ClientFrame, type ServerFrame } from '../../src/protocol/frames.ts'
import { ended, isFinal, refusal, type Connect, type Ending } from './connection.ts'

/** `GET /v1/live`. */
export function websocketTo ({ url, token }: ApiAddress): Connect {
  return ({ opened, frame, closed }) => {
    const socket = new WebSocket(new URL('/v1/live', url.replace(/^http/, 'ws')), SUBPROTOCOL, {
      perMessageDeflate: false,
      handshakeTimeout: 10_000,
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } })
    })
    let failure: Ending | null = null
    let requests = 0
    socket.on('open', opened)
    socket.on('message', data => frame(JSON.parse(String(data)) as ServerFrame))
    socket.on('unexpected-response', (_, { statusCode = 0, headers }) => {
      failure = refusal(statusCode, headers['retry-after'])
      socket.terminate()
    })
    socket.on('error', ({ message }) => { failure ??= ended(message) })
    socket.on('close', code => closed(failure ?? ended(String(code), isFinal(code))))
    const send = (sent: ClientFrame): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(sent))
    }
    return {
      commands: true,
      send,
      watch: ({ floor, audience, position }) => send({ type: 'watch', id: `w${++requests}`, floor, audience, ...position }),
      drop: () => socket.terminate()
    }
  }
}
