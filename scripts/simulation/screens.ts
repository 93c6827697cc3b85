import type { ApiAddress } from '../../src/cli/seed/api.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { View } from '../../src/protocol/view.ts'
import { eventsFrom } from './sse-connection.ts'
import type { Figures } from './figures.ts'
import { socketioTo } from './socketio-connection.ts'
import { Watcher, type Transport } from './watcher.ts'
import { websocketTo } from './websocket-connection.ts'

/** Floors that one connection may watch. */
const FLOORS_AT_ONCE = 32

/** Everything that shows floors: displays in lobbies, apps in hands, and a map of the whole house from which people choose. */
export class Screens {
  readonly watchers: readonly Watcher[]
  readonly #maps = new Map<string, Watcher>()

  /** `count` per transport. */
  constructor (server: ApiAddress, floors: readonly string[], count: number, figures: Figures) {
    const make = (transport: Transport, audience: Audience, of: readonly string[]): Watcher => {
      const connect = transport === 'sse' ? eventsFrom(server) : transport === 'websocket' ? websocketTo(server) : socketioTo(server)
      return new Watcher({ transport, audience, floors: of, connect, figures })
    }
    const some = (i: number, many: number) => Array.from({ length: Math.min(many, floors.length) }, (_, k) => floors[(i + k) % floors.length] ?? '')
    const maps: Watcher[] = []
    for (let i = 0; i < floors.length; i += FLOORS_AT_ONCE) maps.push(make('websocket', 'named', floors.slice(i, i + FLOORS_AT_ONCE)))
    for (const map of maps) for (const floor of map.replicas.keys()) this.#maps.set(floor, map)
    this.watchers = [
      ...maps,
      ...Array.from({ length: count }, (_, i) => make('sse', i % 2 === 0 ? 'counts' : 'anonymous', some(i, 1))),
      ...Array.from({ length: count }, (_, i) => i % 3 === 2 ? make('websocket', 'named', some(i, 3)) : make('websocket', i % 3 === 0 ? 'counts' : 'anonymous', some(i, 1))),
      ...Array.from({ length: count }, (_, i) => make('socket.io', 'named', some(i, 2)))
    ]
  }

  start (): void {
    for (const watcher of this.watchers) watcher.start()
  }

  stop (): void {
    for (const watcher of this.watchers) watcher.stop()
  }

  get current (): number {
    return this.watchers.filter(({ current }) => current).length
  }

  /** A space as the map shows it; undefined while the map does not know. */
  viewOf (floor: string, space: string): View | undefined {
    return this.#maps.get(floor)?.replicas.get(floor)?.spaces.get(space)
  }

  /** One of the apps that are connected. */
  app (): Watcher | null {
    const ready = this.watchers.filter(({ audience, ready }) => audience === 'named' && ready)
    return ready[Math.floor(Math.random() * ready.length)] ?? null
  }

  /** Somebody trips over a cable. */
  dropOne (): void {
    this.watchers[Math.floor(Math.random() * this.watchers.length)]?.drop()
  }
}
