import Type from 'typebox'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { Encoding, markText, type Frame } from '../../application/frame.ts'
import type { Sessions } from '../../application/sessions.ts'
import type { Socket } from '../../application/watcher.ts'
import { AUDIENCES, type Audience } from '../../domain/audience.ts'
import { closeCodes, type CloseReason } from '../../protocol/close.ts'
import type { RetryWindow } from '../../protocol/frames.ts'
import { Id } from '../../protocol/ids.ts'
import { principalOf, refusals, type Http } from '../http/instance.ts'
import type { Peers } from '../http/peers.ts'

/** Of a floor's live routes. */
export const OneFloor = Type.Object({ floor: Id })
export const WantedAudience = Type.Object({
  audience: Type.Optional(Type.Enum([...AUDIENCES], { description: 'Default: the most that the credentials allow' }))
}, { additionalProperties: false })

const Query = Type.Object({
  ...WantedAudience.properties,
  ticket: Type.Optional(Type.String({ maxLength: 64, description: 'Of POST /v1/tickets, for whoever can set no header; works once' }))
}, { additionalProperties: false })

const CLOSE_TIMEOUT_MS = 2_000

const events = new Encoding((frame: Frame) => {
  const id = frame.mark === null ? '' : `id: ${markText(frame.mark)}\n`
  return Buffer.from(`${id}data: ${frame.text}\n\n`)
})

/** `GET /v1/floors/{floor}/events`: one floor as server-sent events. */
export function floorEvents (v1: Http, sessions: Sessions, retry: RetryWindow, peers: Peers): void {
  v1.get('/floors/:floor/events', {
    // A stream has no head to be asked for: it would never end.
    exposeHeadRoute: false,
    config: { stays: true },
    schema: {
      tags: ['floors'],
      summary: 'Follow a floor by server-sent events',
      description: 'Frames as in asyncapi.json. The id of an event is the position; who comes back with Last-Event-ID gets what changed since.',
      params: OneFloor,
      querystring: Query,
      produces: ['text/event-stream'],
      response: refusals
    }
  }, async (request, reply) => {
    const { raw } = reply
    const peer = new Peer(raw)
    const session = sessions.open({ principal: principalOf(request), socket: peer, address: peers.addressOf(request.raw) }, { mine: false })
    raw.on('close', () => session.closed())
    // It may have gone while its credentials were looked at.
    if (raw.closed || request.raw.socket.destroyed) session.closed()
    const last = positionOf(request.headers['last-event-id'])
    const audience = request.query.audience ?? last?.audience
    // A state of another audience is none of this one.
    const held = last?.audience === audience ? last : null
    const begin = () => {
      reply.hijack()
      peer.begin(reply.getHeaders() as OutgoingHttpHeaders, retry)
    }
    try {
      await session.follow(request.params.floor, audience, held, begin)
    } catch (error) {
      session.closed()
      throw error
    }
    // The session was closed before the floor was granted: the stream tells why, and when to come back.
    if (!peer.begun && !raw.destroyed) begin()
  })
}

/** What `markText` wrote; anything else is no position, and the stream begins with a snapshot. */
function positionOf (id: string | string[] | undefined): { epoch: number, seq: number, audience: Audience } | null {
  const [, epoch, seq, audience] = /^(\d{1,15})-(\d{1,15})-(\w+)$/.exec(String(id)) ?? []
  const known = AUDIENCES.find(name => name === audience)
  return known === undefined ? null : { epoch: Number(epoch), seq: Number(seq), audience: known }
}

/** A response that never ends by itself. Until it is known whether the floor may be followed nothing is written, so that a refusal can be an ordinary one. */
class Peer implements Socket {
  readonly #response: ServerResponse
  #waiting: Frame[] | null = []
  #closed: CloseReason | null = null

  constructor (response: ServerResponse) {
    this.#response = response
  }

  get begun (): boolean {
    return this.#waiting === null
  }

  begin (headers: OutgoingHttpHeaders, { minMs, maxMs }: RetryWindow): void {
    // The stream ends with its connection, so each write is the very bytes that are shared, without a chunk's frame around them.
    this.#response.useChunkedEncodingByDefault = false
    this.#response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no', connection: 'close' })
    // EventSource comes back after exactly this time: so each peer is given its own.
    this.#response.write(`retry: ${Math.round(minMs + Math.random() * (maxMs - minMs))}\n\n`)
    for (const frame of this.#waiting ?? []) this.#response.write(events.of(frame))
    this.#waiting = null
    if (this.#closed !== null) this.#end(this.#closed)
  }

  get backlog (): number {
    return this.#response.writableLength
  }

  send (frame: Frame): void {
    if (this.#closed !== null) return
    if (this.#waiting !== null) this.#waiting.push(frame)
    else this.#response.write(events.of(frame))
  }

  close (why: CloseReason): void {
    if (this.#closed !== null) return
    this.#closed = why
    if (this.begun) this.#end(why)
  }

  #end (why: CloseReason): void {
    this.#response.end(`event: close\ndata: ${JSON.stringify(closeCodes[why])}\n\n`)
    setTimeout(() => this.#response.destroy(), CLOSE_TIMEOUT_MS).unref()
  }
}
