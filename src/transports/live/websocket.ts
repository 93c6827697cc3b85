import fastifyWebsocket, { type WebSocket } from '@fastify/websocket'
import type { Socket as TcpSocket } from 'node:net'
import { Encoding, type Frame } from '../../application/frame.ts'
import type { Clock } from '../../application/ports.ts'
import type { Session } from '../../application/session.ts'
import type { Sessions } from '../../application/sessions.ts'
import type { Socket } from '../../application/watcher.ts'
import { Wheel, type Turning } from '../../application/wheel.ts'
import { PerchError } from '../../domain/errors.ts'
import { closeCodes, type CloseReason } from '../../protocol/close.ts'
import { SUBPROTOCOL } from '../../protocol/frames.ts'
import { answerOnSocket } from '../http/errors.ts'
import { principalOf, type Http } from '../http/instance.ts'
import { textMessage } from './text-message.ts'
import type { Upgrades } from './upgrades.ts'

export interface WebSocketParts {
  sessions: Sessions
  upgrades: Upgrades
  clock: Clock
  /** Bytes of a client's message. */
  maxPayload: number
  onError (error: unknown): void
}

/** A peer that has said nothing for one whole turn, not even a pong, is gone. */
const IDLE_MS = 30_000
/** How long a closed peer has to say goodbye. */
const CLOSE_TIMEOUT_MS = 2_000
const MAX_FRAGMENTS = 16

const messages = new Encoding(textMessage)

/** `GET /v1/live`: the stream over WebSocket. Credentials are looked at before the handshake, like those of every route under /v1. */
export async function websocket (v1: Http, { sessions, upgrades, clock, maxPayload, onError }: WebSocketParts): Promise<void> {
  const wheel = new Wheel(clock, IDLE_MS, onError)
  const options = {
    server: upgrades,
    maxPayload,
    maxFragments: MAX_FRAGMENTS,
    closeTimeout: CLOSE_TIMEOUT_MS,
    perMessageDeflate: false,
    // Whoever asks for none gets the same frames; who asks for others only is told by their absence.
    handleProtocols: (offered: Set<string>) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false as const
  }
  await v1.register(async (scope: Http) => {
    await scope.register(fastifyWebsocket, {
      options,
      // A frame that breaks the protocol has started the closing handshake, which says why and has its own time limit.
      errorHandler: (_, socket) => { if (socket.readyState === socket.OPEN) socket.terminate() },
      preClose: done => done()
    })
    scope.websocketServer.on('wsClientError', ({ message }, socket) => answerOnSocket(new PerchError('BAD_REQUEST', { reason: message }), socket as TcpSocket))
    // A handshake that was refused leaves a connection that no server looks after any more.
    scope.addHook('onResponse', async ({ raw }) => { if (raw.headers.upgrade !== undefined) raw.socket.destroy() })
    scope.route({
      method: 'GET',
      url: '/live',
      schema: { hide: true },
      handler: async () => { throw new PerchError('BAD_REQUEST', { reason: 'this address speaks WebSocket: ask for an upgrade' }) },
      wsHandler (socket, request) {
        const peer = new Peer(socket, request.raw.socket)
        const session = sessions.open({ principal: principalOf(request), socket: peer, address: request.ip }, { mine: true })
        peer.serve(session)
        wheel.join(peer)
        socket.on('close', () => {
          wheel.leave(peer)
          session.closed()
        })
      }
    })
  })
}

class Peer implements Socket, Turning {
  readonly #websocket: WebSocket
  /** Under the WebSocket: whole messages go there as they are. Without compression the library never holds back a message of its own, so nothing is overtaken. */
  readonly #tcp: TcpSocket
  #heard = true

  constructor (websocket: WebSocket, tcp: TcpSocket) {
    this.#websocket = websocket
    this.#tcp = tcp
  }

  serve (session: Session): void {
    this.#websocket.on('message', (data, isBinary) => {
      this.#heard = true
      session.receive(isBinary ? null : String(data))
    })
    this.#websocket.on('pong', () => { this.#heard = true })
    this.#websocket.on('ping', () => { this.#heard = true })
  }

  get backlog (): number {
    return this.#tcp.writableLength
  }

  send (frame: Frame): void {
    if (this.#websocket.readyState === this.#websocket.OPEN) this.#tcp.write(messages.of(frame))
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
