import { Server, type Socket as Connection } from 'socket.io'
import type { IncomingMessage } from 'node:http'
import { WebSocketServer, type ServerOptions } from 'ws'
import { Encoding, type Frame } from '../../application/frame.ts'
import type { Principal } from '../../application/principal.ts'
import type { Sessions } from '../../application/sessions.ts'
import type { Socket } from '../../application/watcher.ts'
import { closeCodes, type CloseReason } from '../../protocol/close.ts'
import { errorView } from '../../protocol/error.ts'
import { bearerToken, whoStays, type Doorkeeper } from '../http/authenticate.ts'
import { toPerchError } from '../http/errors.ts'
import { ticketIn } from '../http/tickets.ts'
import { beforeHandshake } from './handshake.ts'
import { Strangers } from './strangers.ts'
import { upgrades, type Upgrades } from './upgrades.ts'

export const SOCKETIO_PATH = '/socket.io/'

export interface SocketIoParts extends Doorkeeper {
  sessions: Sessions
  /** Bytes of a client's message. */
  maxPayload: number
  onError (error: unknown): void
}

const CONNECT_TIMEOUT_MS = 10_000
const CLOSE_TIMEOUT_MS = 2_000
const MAX_FRAGMENTS = 16
/** Packets that wait for a peer to read. Frames are bounded by their bytes long before; this is for answers of Socket.IO's own, which a peer can ask for without end. */
const PACKETS_WAITING = 4_096

/** Socket.IO's packet of an event, without Engine.IO's own letter. One object per frame, made once. */
const packets = new Encoding((frame: Frame) => ({ text: `2["frame",${frame.text}]` }))

/** The library offers no other way to these settings; and it is the same release of ws as for WebSocket, which bounds the pongs that wait for a peer. */
class BoundedServer extends WebSocketServer {
  constructor (options: ServerOptions) {
    super({ ...options, maxFragments: MAX_FRAGMENTS, ...{ closeTimeout: CLOSE_TIMEOUT_MS } })
  }
}

/**
 * The stream over Socket.IO, WebSocket only: event `frame`, objects in both directions; `close` says why a socket ends. A ticket or a bearer token is looked at before the handshake. What
 * shows neither may say `auth.token` in its first packet, as pages can that set no header: until then it is a stranger.
 */
export function socketio ({ sessions, maxPayload, onError, ...door }: SocketIoParts): Upgrades {
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
    wsEngine: BoundedServer
  })
  io.engine.on('connection', boundWaiting)
  const known = new WeakMap<IncomingMessage, Principal>()
  const strangers = new Strangers()
  // A connection is one session: without this, who sends CONNECT twice before the first is answered would have two.
  const taken = new WeakSet<Connection['conn']>()
  io.use((socket, next) => {
    const { conn } = socket
    if (taken.has(conn)) return conn.close(true)
    taken.add(conn)
    strangers.named(socket.request.socket, async () => known.get(socket.request) ?? await authenticated(door, socket))
      .then(principal => {
        socket.data.principal = principal
        next()
      })
      .catch(error => {
        taken.delete(conn)
        next(Object.assign(new Error('refused'), { data: errorView(toPerchError(error)) }))
      })
  })
  io.on('connection', connection => {
    const session = sessions.open({ principal: connection.data.principal, socket: new Peer(connection), address: door.peers.addressOf(connection.request) }, { mine: true })
    connection.onAny((event: string, received: unknown) => {
      if (event === 'frame') session.receive(received)
      else session.close('BAD_FRAME')
    })
    connection.on('error', () => session.close('BAD_FRAME'))
    connection.on('disconnect', () => {
      session.closed()
      connection.conn.close()
    })
  })
  const front = upgrades()
  front.on('upgrade', beforeHandshake({
    async find (request) {
      const { url, headers, socket } = request
      const address = door.peers.addressOf(request)
      if (ticketIn(url) === null && headers.authorization === undefined) {
        door.limits?.stranger(address)
        strangers.enter(socket)
        return null
      }
      const principal = await whoStays(door, { url, authorization: headers.authorization, address })
      door.peers.shown(socket)
      return principal
    },
    begin (principal, request, tcp, head) {
      if (principal !== null) known.set(request, principal)
      own.emit('upgrade', request, tcp, head)
    },
    onError
  }))
  return front
}

/** Ends a connection whose packets gather because it does not read. */
function boundWaiting (conn: Connection['conn']): void {
  let waiting = 0
  conn.on('flush', () => { waiting = 0 })
  conn.on('packetCreate', () => { if (++waiting > PACKETS_WAITING) conn.request.socket.destroy() })
}

/** @throws UNAUTHENTICATED, RATE_LIMITED */
async function authenticated ({ authenticator, limits, peers }: Doorkeeper, { request, handshake }: Connection): Promise<Principal> {
  const address = peers.addressOf(request)
  const principal = await authenticator.authenticate(tokenOf(handshake.auth as { token?: unknown }), address)
  limits?.noStranger(address)
  limits?.mustHaveRoom(principal)
  peers.shown(request.socket)
  return principal
}

/** @throws UNAUTHENTICATED for what cannot be a token */
function tokenOf ({ token }: { token?: unknown }): string | null {
  return typeof token === 'string' ? bearerToken(`Bearer ${token}`) : null
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
