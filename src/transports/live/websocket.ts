import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import { Encoding, type Frame } from '../../application/frame.ts'
import type { Clock } from '../../application/ports.ts'
import type { Principal } from '../../application/principal.ts'
import type { Session } from '../../application/session.ts'
import type { Sessions } from '../../application/sessions.ts'
import type { Socket } from '../../application/watcher.ts'
import { Wheel, type Turning } from '../../application/wheel.ts'
import { PerchError } from '../../domain/errors.ts'
import { closeCodes, type CloseReason } from '../../protocol/close.ts'
import { SUBPROTOCOL } from '../../protocol/frames.ts'
import { whoStays, type Doorkeeper } from '../http/authenticate.ts'
import { answerOnSocket } from '../http/errors.ts'
import type { Http } from '../http/instance.ts'
import { beforeHandshake } from './handshake.ts'
import { Inflation } from './inflation.ts'
import { deflatedMessage, textMessage } from './text-message.ts'
import { destroy, upgrades, type Upgrades } from './upgrades.ts'

export interface WebSocketParts extends Doorkeeper {
  sessions: Sessions
  clock: Clock
  /** Bytes of a client's message. */
  maxPayload: number
  onError (error: unknown): void
}

/** Who comes, and from where. */
interface Arrival {
  principal: Principal
  address: string
}

/** A peer that has said nothing for one whole turn, not even a pong, is gone. */
const IDLE_MS = 30_000
/** How long a closed peer has to say goodbye. */
const CLOSE_TIMEOUT_MS = 2_000
const MAX_FRAGMENTS = 16

const messages = new Encoding(textMessage)
const deflatedMessages = new Encoding(deflatedMessage)

/** `GET /v1/live` for whoever asks for no upgrade. */
export function plainRequests (v1: Http): void {
  v1.get('/live', { schema: { hide: true } }, async () => { throw new PerchError('BAD_REQUEST', { reason: 'this address speaks WebSocket: ask for an upgrade' }) })
}

/**
 * The stream over WebSocket. Credentials are looked at before the handshake, by the rules of every route under /v1, and a refusal is an ordinary answer. Of the request
 * nothing is kept: most connections are idle, and with it each would cost twice its memory.
 */
export function websocket ({ sessions, clock, maxPayload, onError, ...door }: WebSocketParts): Upgrades {
  const own = upgrades()
  const server = webSocketServer(maxPayload)
  const wheel = new Wheel(clock, IDLE_MS, onError)

  async function find (request: IncomingMessage): Promise<Arrival> {
    const { url, headers, socket } = request
    const address = door.peers.addressOf(request)
    const principal = await whoStays(door, { url, authorization: headers.authorization ?? offeredToken(headers), address })
    door.peers.shown(socket)
    return { principal, address }
  }

  function serve (websocket: PeerSocket, tcp: TcpSocket, { principal, address }: Arrival): void {
    const peer = new Peer(websocket, tcp, wheel, Inflation.takeOver(websocket, maxPayload) ? deflatedMessages : messages)
    websocket.peer = peer
    // Whoever ends the connection beneath has said goodbye before or never will: the library's own answer to that is another 20 µs for each of thousands that are lost together.
    tcp.removeAllListeners('end').on('end', destroy)
    websocket.on('message', onMessage).on('ping', onNothing).on('pong', onNothing).on('close', onClose).on('error', onBroken)
    peer.session = sessions.open({ principal, socket: peer, address }, { mine: true })
    wheel.join(peer)
  }

  own.on('upgrade', beforeHandshake({
    find,
    begin: (arrival, request, tcp, head) => server.handleUpgrade(request, tcp, head, websocket => serve(websocket, tcp, arrival)),
    onError
  }))
  return own
}

/** No page can give an upgrade a header of its own, but it can name subprotocols: `bearer.<token>` is one that is read and never chosen, so it is not echoed. */
const OFFERED_TOKEN = /(?:^|,)\s*bearer\.([^\s,]+)/

function offeredToken (headers: IncomingHttpHeaders): string | undefined {
  const token = OFFERED_TOKEN.exec(headers['sec-websocket-protocol'] ?? '')?.[1]
  return token === undefined ? undefined : `Bearer ${token}`
}

function webSocketServer (maxPayload: number) {
  const options = {
    noServer: true,
    WebSocket: PeerSocket,
    clientTracking: false,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    // One message of a connection in each turn of the event loop: what others sent is between the thousands that fit into one read.
    allowSynchronousEvents: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    // Agreed on by the library, done by Perch: a message is deflated once for all, and each by itself.
    perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true },
    // Whoever asks for none gets the same frames; who asks for others only is told by their absence.
    handleProtocols: (offered: Set<string>) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false as const
  }
  const server = new WebSocketServer(options)
  server.on('wsClientError', ({ message }, socket) => answerOnSocket(new PerchError('BAD_REQUEST', { reason: message }), socket as TcpSocket))
  return server
}

/** Knows its peer, so that listeners are made once and not for each connection. */
class PeerSocket extends WebSocket {
  peer: Peer | null = null
}

function peerOf (websocket: WebSocket): Peer | null {
  return websocket instanceof PeerSocket ? websocket.peer : null
}

function onMessage (this: WebSocket, data: RawData, isBinary: boolean): void {
  peerOf(this)?.receive(isBinary ? null : String(data))
}

function onNothing (this: WebSocket): void {
  peerOf(this)?.receiveNothing()
}

function onClose (this: WebSocket): void {
  peerOf(this)?.gone()
}

/** A frame that breaks the protocol has started the closing handshake, which says why and has its own time limit. */
function onBroken (this: WebSocket): void {
  if (this.readyState === this.OPEN) this.terminate()
}

class Peer implements Socket, Turning {
  spoke: number | null = null
  readonly #websocket: WebSocket
  /** Under the WebSocket: whole messages go there as they are. The library compresses none of its own, and so never holds one back: nothing is overtaken. */
  readonly #tcp: TcpSocket
  readonly #wheel: Wheel
  readonly #messages: Encoding<Buffer>
  session: Session | null = null
  #heard = true

  constructor (websocket: WebSocket, tcp: TcpSocket, wheel: Wheel, messages: Encoding<Buffer>) {
    this.#websocket = websocket
    this.#tcp = tcp
    this.#wheel = wheel
    this.#messages = messages
  }

  receive (text: string | null): void {
    this.#heard = true
    this.session?.receive(text)
  }

  /** A ping or a pong. */
  receiveNothing (): void {
    this.#heard = true
    this.session?.receiveNothing()
  }

  gone (): void {
    this.#wheel.leave(this)
    this.session?.closed()
  }

  get backlog (): number {
    return this.#tcp.writableLength
  }

  send (frame: Frame): void {
    // One whose end waits for its turn is still open to the library.
    if (this.#websocket.readyState === WebSocket.OPEN && !this.#tcp.destroyed) this.#tcp.write(this.#messages.of(frame))
  }

  close (why: CloseReason): void {
    const { code, reason } = closeCodes[why]
    this.#websocket.close(code, reason)
  }

  turn (): void {
    if (this.#heard) this.#websocket.ping()
    else this.close('IDLE')
    this.#heard = false
  }
}
