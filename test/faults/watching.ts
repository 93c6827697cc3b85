import { Figures } from '../../scripts/simulation/figures.ts'
import { checkReplicas } from '../../scripts/simulation/check-replicas.ts'
import type { Connect } from '../../scripts/simulation/connection.ts'
import { eventsFrom } from '../../scripts/simulation/sse-connection.ts'
import { socketioTo } from '../../scripts/simulation/socketio-connection.ts'
import { Watcher, type Transport } from '../../scripts/simulation/watcher.ts'
import { websocketTo } from '../../scripts/simulation/websocket-connection.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import type { Problem } from './checkers/problem.ts'
import { FLOORS, type Installation } from './installation.ts'

/** Who watches: every transport and audience, each at the node that it is sent to. */
const CROWD: ReadonlyArray<{ transport: Transport, audience: Audience }> = [
  { transport: 'websocket', audience: 'named' },
  { transport: 'websocket', audience: 'anonymous' },
  { transport: 'websocket', audience: 'counts' },
  { transport: 'socket.io', audience: 'named' },
  { transport: 'socket.io', audience: 'counts' },
  { transport: 'sse', audience: 'named' },
  { transport: 'sse', audience: 'anonymous' }
]

/** The screens of an installation, and what becomes of their connections. */
export interface Crowd {
  readonly watchers: readonly Watcher[]
  /** Each has been welcomed where it is now. One that was refused for long has to wait before it comes back: the protocol says so. */
  readonly isConnected: boolean
  /** Told of every connection that is tried, made and lost, from now on. */
  tell (told: (what: string) => void): void
}

/** Screens that come back to any node whenever they lose the one that they had; until `t` ends. */
export function openCrowd (t: Cleanup, installation: Installation): Crowd {
  let tell: (what: string) => void = () => {}
  const connected = new Set<number>()
  const watchers = CROWD.map(({ transport, audience }, i) => {
    const floors = transport === 'sse' ? ['hot'] : Object.keys(FLOORS)
    const connect = told(connectBy(transport, installation), (what, isConnected) => {
      if (isConnected) connected.add(i)
      else connected.delete(i)
      if (what !== null) tell(`watcher ${i} (${transport} ${audience}) ${what}`)
    })
    const watcher = new Watcher({ transport, audience, floors, connect, figures: new Figures() })
    watcher.start()
    return watcher
  })
  t.after(() => { for (const watcher of watchers) watcher.stop() })
  return { watchers, get isConnected () { return connected.size === CROWD.length }, tell: next => { tell = next } }
}

function connectBy (transport: Transport, installation: Installation): Connect {
  if (transport === 'websocket') return events => websocketTo(installation.server())(events)
  if (transport === 'socket.io') return events => socketioTo(installation.server())(events)
  // The id of the last event goes from one connection to the next, wherever that is.
  return eventsFrom({ get url () { return installation.server().url }, get token () { return installation.server().token } })
}

/** `tell` hears a word, or null where there is nothing to be said, and whether the connection is open. */
function told (connect: Connect, tell: (what: string | null, isConnected: boolean) => void): Connect {
  return events => {
    tell('connects', false)
    return connect({
      ...events,
      frame (frame) {
        const isCommon = frame.type === 'diff' || frame.type === 'pulse' || (frame.type === 'reply' && frame.ok)
        tell(isCommon ? null : `hears ${frame.type === 'reply' && !frame.ok ? frame.error.code : frame.type}`, true)
        events.frame(frame)
      },
      closed (ending) {
        tell(`is cut: ${ending.why}`, false)
        events.closed(ending)
      }
    })
  }
}

/** Until each has seen every floor that it watches. */
export async function haveSeen (watchers: readonly Watcher[]): Promise<void> {
  const all = () => watchers.every(({ replicas }) => [...replicas.values()].every(({ position }) => position !== null))
  await until(all, { what: 'every watcher shows its floors', withinMs: 30_000 })
}

/** Nothing moves any more: every watcher gets to where the store is in that time (INV-6), and shows it as the server does. */
export async function checkWatchers (installation: Installation, watchers: readonly Watcher[], withinMs: number): Promise<Problem[]> {
  const { different } = await checkReplicas(installation.server(), watchers, withinMs)
  return different.map(what => ({ kind: 'not converged', invariant: 'INV-6', what }))
}
