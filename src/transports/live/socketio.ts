import { Server, type Socket as Connection } from 'socket.io'
import type { IncomingMessage } from 'node:http'
import { Encoding, type Frame } from '../../application/frame.ts'
import type { Authenticator, Principal } from '../../application/principal.ts'
import type { Sessions } from '../../application/sessions.ts'
import type { Socket } from '../../application/watcher.ts'
import { closeCodes, type CloseReason } from '../../protocol/close.ts'
import { errorView } from '../../protocol/error.ts'
import { bearerToken, isFromElsewhere } from '../http/authenticate.ts'
import { toPerchError } from '../http/errors.ts'
import { upgrades, type Upgrades } from './upgrades.ts'

export const SOCKETIO_PATH = '/socket.io/'

export interface SocketIoParts {
  sessions: Sessions
  authenticator: Authenticator
  /** Bytes of a client's message. */
  maxPayload: number
  /** See HttpServerParts. */
  ownPagesOnly: boolean
}

const CONNECT_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 2_000

/** Socket.IO's packet of an event, without Engine.IO's own letter. One object per frame, made once. */
const packets = new Encoding((frame: Frame) => ({ text: `2["frame",${frame.text}]` }))

/** The stream over Socket.IO, WebSocket only: event `frame`, objects in both directions; `close` says why a socket ends. Credentials: `auth.token`, else a bearer token. */
export function socketio ({ sessions, authenticator, maxPayload, ownPagesOnly }: SocketIoParts): { upgrades: Upgrades, close (): void } {
  const own = upgrades()
  const io = new Server<Record<string, never>, Record<string, never>, Record<string, never>, { principal: Principal }>(own, {
    path: SOCKETIO_PATH,
    serveClient: false,
    transports: ['websocket'],
    allowUpgrades: false,
    // Other upgrades of this machine are not ours to end.
    destroyUpgrade: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: maxPayload,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: (request: IncomingMessage, answer) => answer(null, !(ownPagesOnly && isFromElsewhere(request.headers)))
  })
  io.use((socket, next) => {
    authenticator.authenticate(tokenOf(socket), socket.handshake.address)
      .then(principal => {
        socket.data.principal = principal
        next()
      })
      .catch(error => next(Object.assign(new Error('refused'), { data: errorView(toPerchError(error)) })))
  })
  io.on('connection', connection => {
    const session = sessions.open({ principal: connection.data.principal, socket: new Peer(connection), address: connection.handshake.address }, { mine: true })
    connection.onAny((event: string, received: unknown) => {
      if (event === 'frame') session.receive(received)
      else session.close('BAD_FRAME')
    })
    connection.on('disconnect', () => session.closed())
  })
  return {
    upgrades: own,
    close () {
      io.disconnectSockets(true)
      io.engine.close()
    }
  }
}

/** @throws UNAUTHENTICATED for what cannot be a token */
function tokenOf ({ handshake }: Connection): string | null {
  const { token } = handshake.auth as { token?: unknown }
  return bearerToken(typeof token === 'string' ? `Bearer ${token}` : handshake.headers.authorization)
}

class Peer implements Socket {
  readonly #connection: Connection
  #backlog = 0
  #closed = false

  constructor (connection: Connection) {
    this.#connection = connection
  }

  get backlog (): number {
    return this.#backlog
  }

  send (frame: Frame): void {
    const { conn } = this.#connection
    if (this.#closed || conn.readyState !== 'open') return
    this.#backlog += frame.bytes
    conn.write(packets.of(frame).text, { compress: false }, () => { this.#backlog -= frame.bytes })
  }

  close (why: CloseReason): void {
    if (this.#closed) return
    this.#closed = true
    const { conn } = this.#connection
    conn.write(`2["close",${JSON.stringify(closeCodes[why])}]`)
    this.#connection.disconnect(true)
    // A peer that does not read never takes what is still to be written.
    setTimeout(() => conn.request.socket.destroy(), CLOSE_TIMEOUT_MS).unref()
  }
}
