import type { Post } from './linked.ts'
import type { Scheduler } from './scheduler.ts'
import type { Server } from './server.ts'
import { FAIR, type Service, type Weather } from './service.ts'
import { SHARD } from './setting.ts'

/** A node as faults see it. */
export interface Victim {
  readonly name: string
  readonly post: Post
  isUp (): boolean
  crash (downMs: number): void
  pause (ms: number): void
  /** Ends as it does at SIGTERM, and comes back. */
  stop (downMs: number): void
}

export interface FaultParts {
  scheduler: Scheduler
  victims: readonly Victim[]
  server: Server
  services: Record<'store' | 'ledger' | 'guard', Service>
  cutSomebody (): void
  slowSomebody (ms: number): void
}

/** None lasts longer. */
export const LONGEST_MS = 9_000
/** Connections and subscriptions are made anew by then. */
const LEAST_MS = 3_000

/** What can happen; a run has some of these, so that each is also seen without the others. */
export const FAULTS = [
  'crash', 'pause', 'stop', 'restart', 'roll back', 'fail over', 'fail back', 'empty', 'trim', 'ledger away', 'ledger lossy', 'ledger slow', 'store away', 'store lossy', 'store slow',
  'messages lost', 'deaf', 'guard', 'kills', 'cut', 'slow screen'
] as const
export type Fault = typeof FAULTS[number]

export class Faults {
  readonly #parts: FaultParts
  readonly #kinds: readonly Fault[]
  /** By then all that happened so far has ended. */
  until = 0

  constructor (parts: FaultParts, kinds: readonly Fault[]) {
    this.#parts = parts
    this.#kinds = kinds
  }

  /** One of the kinds happens, and ends by itself. */
  async next (): Promise<void> {
    const { scheduler } = this.#parts
    await this.#happen(scheduler.one(this.#kinds), scheduler.between(100, scheduler.chance(0.5) ? 2_000 : LONGEST_MS))
  }

  async #happen (kind: Fault, ms: number): Promise<void> {
    const { scheduler, victims, server, services: { store, ledger, guard }, cutSomebody, slowSomebody } = this.#parts
    const victim = scheduler.one(victims)
    this.until = Math.max(this.until, scheduler.now + Math.max(ms, LEAST_MS))
    const note = (what: string): void => scheduler.note('FAULT', () => `${kind} ${what}`)
    switch (kind) {
      case 'crash':
        note(`${victim.name} for ${ms} ms`)
        return victim.crash(ms)
      case 'pause':
        note(`${victim.name} for ${ms} ms`)
        return victim.pause(ms)
      case 'stop':
        note(`${victim.name} for ${ms} ms`)
        return victim.stop(ms)
      case 'restart': return await this.#anew(kind, async () => { server.restart() })
      case 'roll back': return await this.#loses(kind, scheduler.below(scheduler.chance(0.7) ? 40 : 400), 0)
      case 'fail over': return await this.#loses(kind, scheduler.chance(0.3) ? 0 : scheduler.below(8), scheduler.between(-3_000, 3_000))
      case 'fail back': return await this.#anew(kind, async () => { await server.failBack(scheduler.between(-3_000, 3_000)) })
      case 'trim':
        note('the outbox')
        return await server.trim(SHARD, scheduler.chance(0.5) ? 1 : scheduler.random())
      case 'empty': return await this.#loses(kind, Infinity, 0)
      case 'ledger away': return this.#weather(kind, ledger, { away: true }, ms)
      case 'ledger lossy': return this.#weather(kind, ledger, { losesRequests: 0.1, losesReplies: 0.3, isLate: 0.1, slow: scheduler.chance(0.5) ? 1 : scheduler.between(20, 300) }, ms)
      case 'ledger slow': return this.#weather(kind, ledger, { slow: scheduler.between(20, 400) }, ms)
      case 'store away': return this.#weather(kind, store, { away: true }, ms / 3)
      case 'store lossy': return this.#weather(kind, store, { losesRequests: 0.04, losesReplies: 0.1, isLate: 0.06 }, ms)
      case 'store slow': return this.#weather(kind, store, { slow: scheduler.between(5, 60) }, ms)
      case 'guard': return this.#weather(kind, guard, { away: true }, ms)
      case 'kills': return this.#weather(kind, scheduler.chance(0.5) ? store : ledger, { kills: 0.03 }, ms / 2)
      case 'messages lost':
        for (const { post } of victims) this.#mishears(kind, post, scheduler.between(0.05, 0.6), ms)
        return
      case 'deaf': return this.#mishears(`${kind} ${victim.name}`, victim.post, 1, ms)
      case 'cut': return cutSomebody()
      case 'slow screen': return slowSomebody(scheduler.between(100, 3_000))
    }
  }

  /** The server comes back without its last `lost` changes. */
  async #loses (kind: Fault, lost: number, skewMs: number): Promise<void> {
    const { scheduler, server } = this.#parts
    scheduler.note('FAULT', () => `${kind}: the store loses ${Math.min(lost, server.age)} of ${server.age} changes`)
    await this.#anew(kind, async () => { await server.becomeAsAt(Math.max(0, server.age - lost), skewMs) })
  }

  /** The server comes back with another replication id. Connections and subscriptions have to be made anew. */
  async #anew (kind: Fault, become: () => Promise<void>): Promise<void> {
    const { scheduler, services: { store }, victims } = this.#parts
    scheduler.note('FAULT', () => `${kind}: another server`)
    store.breakConnections()
    for (const { post } of victims) this.#mishears('reconnect', post, 1, scheduler.between(0, 3_000))
    await become()
    this.#weather(kind, store, { away: true }, scheduler.between(0, 1_500))
  }

  #weather (kind: Fault, service: Service, weather: Partial<Weather>, ms: number): void {
    const { scheduler } = this.#parts
    scheduler.note('FAULT', () => `${kind}: ${service.name} ${JSON.stringify(weather)} for ${ms} ms`)
    const now = { ...FAIR, ...weather }
    service.weather = now
    scheduler.after(ms, () => { if (service.weather === now) service.weather = { ...FAIR } })
  }

  #mishears (kind: string, post: Post, loses: number, ms: number): void {
    const { scheduler } = this.#parts
    scheduler.note('FAULT', () => `${kind}: messages are lost, ${loses}, for ${ms} ms`)
    post.loses = loses
    scheduler.after(ms, () => { if (post.loses === loses) post.loses = 0 })
  }
}
