import { SUBPROTOCOL } from '../../src/protocol/frames.ts'
import { ADMIN_KEY } from '../../test/harness/admin-key.ts'

/** What a client holds of a floor when it comes back. */
export interface Held {
  epoch: number
  seq: number
}

/** How a server wants to be spoken to, until it sends frames. */
export interface Dialect {
  path: string
  protocol: string | null
  /** Whether changes are sent to a client as soon as the connection is open; else when `welcomes` says so, or a reply to what is said first. */
  isOpenAtOnce: boolean
  /** Said once the connection is open; null: nothing. */
  first (floor: string, held: Held | null): string | null
  /** Where the frame's JSON begins in a text message; -1: it carries none. */
  frameAt (bytes: Buffer, start: number): number
  /** What is said to a message without a frame; null: nothing. */
  answer (bytes: Buffer, start: number): string | null
  /** A message without a frame after which all changes are sent to this client. */
  welcomes (bytes: Buffer, start: number): boolean
}

const perch: Dialect = {
  path: '/v1/live',
  protocol: `${SUBPROTOCOL}, bearer.${ADMIN_KEY}`,
  isOpenAtOnce: false,
  first: (floor, held) => JSON.stringify({ type: 'watch', id: '1', floor, audience: 'anonymous', ...held }),
  frameAt: (_, start) => start,
  answer: () => null,
  welcomes: () => false
}

/** Whoever is connected gets every change. */
const plain: Dialect = { path: '/live', protocol: null, isOpenAtOnce: true, first: () => null, frameAt: (_, start) => start, answer: () => null, welcomes: () => false }

const [ZERO, TWO, FOUR] = ['0', '2', '4'].map(letter => letter.charCodeAt(0))
/** Before the frame of an event of that name. */
const EVENT_BYTES = '42["frame",'.length

/** Engine.IO 4: 0 open, 2 ping, 3 pong, 4 message; Socket.IO within: 0 connected, 2 event. */
const socketio: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  protocol: null,
  isOpenAtOnce: false,
  first: () => null,
  frameAt: (bytes, start) => bytes[start] === FOUR && bytes[start + 1] === TWO ? start + EVENT_BYTES : -1,
  answer: (bytes, start) => bytes[start] === ZERO ? '40' : bytes[start] === TWO ? '3' : null,
  welcomes: (bytes, start) => bytes[start] === FOUR && bytes[start + 1] === ZERO
}

export const DIALECTS = { perch, plain, socketio }
export type DialectName = keyof typeof DIALECTS
