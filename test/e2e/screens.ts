import { Figures } from '../../scripts/simulation/figures.ts'
import type { Connect } from '../../scripts/simulation/connection.ts'
import { eventsFrom } from '../../scripts/simulation/sse-connection.ts'
import { socketioTo } from '../../scripts/simulation/socketio-connection.ts'
import { Watcher, type Transport } from '../../scripts/simulation/watcher.ts'
import { websocketTo } from '../../scripts/simulation/websocket-connection.ts'
import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { ServerFrame } from '../../src/protocol/frames.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'

export const TRANSPORTS = ['websocket', 'socket.io', 'sse'] as const satisfies readonly Transport[]

export interface ScreenOptions {
  transport: Transport
  floors: readonly string[]
  audience?: Audience
  /** Where the next connection goes: asked each time. */
  server (): ApiAddress
}

/** A watcher as a display or an app is one, with everything that it was told. */
export interface Screen {
  watcher: Watcher
  /** All frames, over all connections. */
  frames: ServerFrame[]
  /** Why each connection ended: a close code, or a word. */
  closed: string[]
}

/** Watches until `t` ends, and comes back whenever its connection ends. */
export function openScreen (t: Cleanup, { transport, floors, audience = 'named', server }: ScreenOptions): Screen {
  const frames: ServerFrame[] = []
  const closed: string[] = []
  // Server-sent events resume by the id of the last one, wherever they come from next; frames resume by the watcher's own position.
  const events = eventsFrom({ get url () { return server().url }, get token () { return server().token } })
  const lineTo = (to: ApiAddress): Connect => transport === 'sse' ? events : transport === 'websocket' ? websocketTo(to) : socketioTo(to)
  const connect: Connect = told => lineTo(server())({
    ...told,
    frame (frame) {
      frames.push(frame)
      told.frame(frame)
    },
    closed (ending) {
      closed.push(ending.why)
      told.closed(ending)
    }
  })
  const watcher = new Watcher({ transport, audience, floors, connect, figures: new Figures() })
  t.after(() => watcher.stop())
  watcher.start()
  return { watcher, frames, closed }
}

/** Until each of them has seen every floor that it watches. */
export async function haveSeen (screens: readonly Screen[]): Promise<void> {
  const all = () => screens.every(({ watcher }) => [...watcher.replicas.values()].every(({ position }) => position !== null))
  await until(all, { what: 'every screen shows its floors' })
}
