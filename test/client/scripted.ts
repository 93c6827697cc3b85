import assert from 'node:assert/strict'
import { connect, type ConnectOptions } from '../../src/client/index.ts'
import type { Perch } from '../../src/client/index.ts'
import type { WebSocketLike } from '../../src/client/socket.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'
import { toMoment } from '../../src/protocol/time.ts'
import type { CountsView, View } from '../../src/protocol/view.ts'
import { rest } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import type { Cleanup } from '../harness/cleanup.ts'

type Type = 'open' | 'message' | 'error' | 'close'
interface Response {
  statusCode: number
  headers: Record<string, string>
}

export type Sent<T extends ClientFrame['type']> = Extract<ClientFrame, { type: T }>

/** A connection whose server is the test. */
export class ScriptedSocket implements WebSocketLike {
  readonly url: string
  readonly protocols: readonly string[]
  readonly sent: ClientFrame[] = []
  /** The client has left it. */
  left = false
  /** Answers the handshake with an error, as only `ws` tells it. */
  refuseHandshake: (status: number, headers?: Response['headers']) => void = () => {}
  readonly #listeners: Record<Type, Array<(event: object) => void>> = { open: [], message: [], error: [], close: [] }

  constructor (url: string, protocols: readonly string[]) {
    this.url = url
    this.protocols = protocols
  }

  addEventListener (type: Type, listener: (event: object) => void): void {
    this.#listeners[type].push(listener)
  }

  on (_: 'unexpected-response', listener: (request: object, response: Response) => void): void {
    this.refuseHandshake = (statusCode, headers = {}) => {
      listener({}, { statusCode, headers })
      this.end()
    }
  }

  send (text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame)
  }

  close (): void {
    this.left = true
  }

  tell (type: Type, event: object = {}): void {
    for (const listener of this.#listeners[type]) listener(event)
  }

  say (...frames: ServerFrame[]): void {
    for (const frame of frames) this.tell('message', { data: JSON.stringify(frame) })
  }

  /** The handshake is done, and the session has begun. */
  welcome (more: Partial<Extract<ServerFrame, { type: 'welcome' }>> = {}): this {
    this.tell('open')
    this.say({ type: 'welcome', now: '2026-03-02T08:00:00Z', pulseMs: 5_000, retry: { minMs: 250, maxMs: 3_000 }, version: '1.2.3', ...more })
    return this
  }

  end (code = 1006, reason = ''): void {
    this.tell('error')
    this.tell('close', { code, reason })
  }

  of<T extends ClientFrame['type']> (type: T): Array<Sent<T>> {
    return this.sent.filter((frame): frame is Sent<T> => frame.type === type)
  }

  /** The last of that type. */
  last<T extends ClientFrame['type']> (type: T): Sent<T> {
    const frame = this.of(type).at(-1)
    assert.ok(frame, `the client has sent ${type}`)
    return frame
  }

  grant (position: { epoch: number, seq: number }, audience: 'counts' | 'anonymous' | 'named' = 'named'): void {
    const { id, floor } = this.last('watch')
    this.say(reply(id, { floor, audience, ...position }))
  }

  refuse (id: string, code: string, retry: boolean, details: object = {}): void {
    this.say({ type: 'reply', id, ok: false, error: { code, message: `it is ${code}`, retry, ...details } } as ServerFrame)
  }
}

export interface Scripted {
  clock: HandClock
  perch: Perch
  /** In the order they were made. */
  sockets: ScriptedSocket[]
  /** The one that was made last, when the client has come to rest. */
  socket (): Promise<ScriptedSocket>
  /** Time goes by, and what follows from it. */
  pass (ms: number): Promise<void>
  /** The same on a connection that is heard all the time. */
  heard (ms: number): Promise<void>
  failures: unknown[]
}

/** A client on the test's clock. Chance is always nothing, unless the test says otherwise. */
export function scripted (t: Cleanup, options: Partial<ConnectOptions> = {}): Scripted {
  const clock = new HandClock()
  const sockets: ScriptedSocket[] = []
  const perch = connect({
    url: 'http://perch.test',
    clock,
    random: () => 0,
    WebSocket: class extends ScriptedSocket {
      constructor (url: string, protocols: readonly string[]) {
        super(url, protocols)
        sockets.push(this)
      }
    },
    ...options
  })
  t.after(() => perch.close())
  const failures: unknown[] = []
  perch.on('failure', failure => failures.push(failure))
  const pass = async (ms: number): Promise<void> => {
    clock.pass(ms)
    await rest(3)
  }
  return {
    clock,
    perch,
    sockets,
    failures,
    pass,
    async socket () {
      await rest(3)
      const last = sockets.at(-1)
      assert.ok(last, 'the client connects')
      return last
    },
    async heard (ms) {
      for (let left = ms; left > 0; left -= 1_000) {
        await pass(Math.min(1_000, left))
        sockets.at(-1)?.say(idle(clock))
      }
    }
  }
}

export const NO_COUNTS: CountsView = { free: 0, freeBriefly: 0, reserved: 0, occupied: 0, blocked: 0, unknown: 0, zones: {} }

export function view (id: string, more: Partial<View> = {}): View {
  return { id, status: 'free', since: '2026-03-02T07:00:00Z', ...more }
}

type Snapshot = Extract<ServerFrame, { type: 'snapshot' }>
type Diff = Extract<ServerFrame, { type: 'diff' }>

/** Of floor f. */
export function snapshot (epoch: number, seq: number, spaces: View[] = [], more: Partial<Snapshot> = {}): Snapshot {
  return { type: 'snapshot', floor: 'f', epoch, seq, plan: 1, audience: 'named', spaces, counts: NO_COUNTS, ...more }
}

export function diff (epoch: number, from: number, to: number, spaces: View[] = [], more: Partial<Diff> = {}): Diff {
  return { type: 'diff', floor: 'f', epoch, from, to, spaces, ...more }
}

/** Floor f as the node knows it. `ageS`: how many seconds ago it last looked. */
export function pulse (clock: HandClock, epoch: number, seq: number, ageS = 0): ServerFrame {
  return { type: 'pulse', now: toMoment(clock.now()), floors: { f: { epoch, seq, checkedAt: toMoment(clock.now() - 1_000 * ageS) } } }
}

/** The server is there, and vouches for nothing. */
export function idle (clock: HandClock): ServerFrame {
  return { type: 'pulse', now: toMoment(clock.now()), floors: {} }
}

/** A claim of ada's as the server tells it, and its reply. */
export function claimView (id: string, space: string, more: object = {}) {
  return {
    id, space, floor: 'f', kind: 'desk', person: 'ada', by: 'person:ada', from: '2026-03-02T08:00:00Z', to: '2026-03-02T17:00:00Z', createdAt: '2026-03-02T08:00:00Z', state: 'booked', ...more
  } as const
}

export function done (id: string, claim: object, seq: number, persisted = true, floor = 'f'): ServerFrame {
  return reply(id, { claim, position: { floor, epoch: 1, seq }, persisted })
}

export function reply (id: string, content: object): ServerFrame {
  return { ...content, type: 'reply', id, ok: true }
}
