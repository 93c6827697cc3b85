import { PROTOCOL, type ServerFrame } from './frame.ts'

/** What the SDK needs of a WebSocket: that of browsers, of Node 22 and later, and of the package `ws` have it. */
export interface WebSocketLike {
  send (text: string): void
  close (): void
  addEventListener (type: 'open' | 'message' | 'error' | 'close', listener: (event: object) => void): void
  /** Of `ws` alone: what the server answered in place of the handshake. A browser shows that to nobody. */
  on? (event: 'unexpected-response', listener: (request: object, response: Refusal) => void): unknown
}
export type WebSocketConstructor = new (url: string, protocols: string[]) => WebSocketLike

interface Refusal {
  statusCode?: number | undefined
  headers: Record<string, string | string[] | undefined>
}

/** Why a connection ended, or never came to be. `code`: of the close frame; 1006 where there was none. `status`: of the refused handshake; 0 where that is not known. */
export interface Ending {
  code: number
  reason: string
  status: number
  /** Null: no refusal said so. */
  retryAfterS: number | null
}

export interface SocketEvents {
  frame (frame: ServerFrame): void
  /** The last of it, and once. */
  closed (ending: Ending): void
}

export interface Socket {
  send (frame: object): void
  /** Ends it from this side; nothing more is heard of it, not even `closed`. A dead line would take minutes to say so. */
  leave (): void
}

export interface Address {
  /** Of the server, with http or https (or ws, wss). */
  url: string
  WebSocket: WebSocketConstructor
}

/** Begins to connect. The token goes beside the protocol's name: an address would be logged. */
export function openSocket ({ url, WebSocket }: Address, token: string | null, events: SocketEvents): Socket {
  const socket = new WebSocket(liveAddress(url), token === null ? [PROTOCOL] : [PROTOCOL, `bearer.${token}`])
  let refused: Pick<Ending, 'status' | 'retryAfterS'> = { status: 0, retryAfterS: null }
  let left = false
  let open = false
  socket.on?.('unexpected-response', (_, { statusCode = 0, headers }) => {
    const seconds = Number(headers['retry-after'] ?? Number.NaN)
    refused = { status: statusCode, retryAfterS: Number.isFinite(seconds) ? seconds : null }
    socket.close()
  })
  socket.addEventListener('open', () => { open = true })
  socket.addEventListener('message', event => {
    if (!left) receive(event, events)
  })
  // Without a listener an error of `ws` would be thrown; `close` follows and says the rest.
  socket.addEventListener('error', () => {})
  socket.addEventListener('close', event => {
    if (left) return
    left = true
    const { code = 0, reason = '' } = event as { code?: number, reason?: string }
    events.closed({ code, reason, ...refused })
  })
  return {
    send: frame => { if (open && !left) socket.send(JSON.stringify(frame)) },
    leave: () => {
      left = true
      socket.close()
    }
  }
}

function receive (event: object, { frame }: SocketEvents): void {
  const { data } = event as { data?: unknown }
  let parsed: unknown
  try {
    parsed = JSON.parse(String(data))
  } catch {
    // Not of this protocol: frames of types that are not known are passed over, too.
    return
  }
  if (typeof parsed === 'object' && parsed !== null) frame(parsed as ServerFrame)
}

/** The origin's own path, or below the path that a proxy serves it at. */
function liveAddress (url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/v1/live`
}
