import { AUDIENCES, type Audience } from '../domain/audience.ts'
import type { CountsView } from '../protocol/view.ts'
import type { ServerFrame } from './frame.ts'
import type { Connection, Freshness } from './freshness.ts'
import type { Listeners } from './listeners.ts'
import type { Position } from './replica.ts'
import type { Space } from './space.ts'
import { WatchedFloor, type FloorEvents, type WatchedFloorParts } from './watched-floor.ts'

export interface WatchOptions {
  /**
   * The most that is wanted: `counts` (totals), `anonymous` (states), `named` (people, where they allow it). By default the most that the credentials may have, and never more.
   * Whoever else watches the same floor over this connection may want more: then all see that. What must not be seen at all, the credentials must not allow.
   */
  audience?: Audience
}

/** What is known of a floor. Nothing of it is ever changed: what is another one is another object. */
export interface FloorView {
  readonly id: string
  /** Null while nothing is known. */
  readonly position: Position | null
  /** What was granted. Null while nothing is known. */
  readonly audience: Audience | null
  /** Revision of the plan that the spaces stand on: another one means that it has to be read again. Null while nothing is known. */
  readonly plan: number | null
  /** As the server counts them: what is only asked for is not in it. Null while nothing is known. */
  readonly counts: CountsView | null
  readonly freshness: Freshness
  /** Empty for the audience `counts`. The same array until something changes. */
  readonly spaces: readonly Space[]
  /** The same object until that space changes. */
  space (id: string): Space | undefined
}

/** A floor that is watched. */
export interface Floor extends FloorView {
  /** The returned function ends it. */
  on<Name extends keyof FloorEvents> (event: Name, listener: (told: FloorEvents[Name]) => void): () => void
  /** One space alone; undefined when it is gone. However many are listened to, a change costs only those that it concerns. */
  onSpace (id: string, listener: (space: Space | undefined) => void): () => void
  /** Resolves once it is live, however long that takes. @throws PerchError when it is refused, or the connection closed */
  ready (): Promise<void>
  /** Ends it and all that was listened to through it. A floor that nobody watches any more is let go a second later. Safe to repeat. */
  close (): void
}

export interface FloorsParts extends WatchedFloorParts {
  connection: () => Connection
  onConnection: Listeners<[Connection]>
}

/** Whoever turns a page and back finds the floor as it was. */
const LINGER_MS = 1_000

interface Entry {
  floor: WatchedFloor
  watching: Set<WatchOptions>
  letGo: () => void
}

/** The floors that are watched over one connection, each once, however many look at it. */
export class Floors {
  readonly #parts: FloorsParts
  readonly #entries = new Map<string, Entry>()

  constructor (parts: FloorsParts) {
    this.#parts = parts
  }

  get (id: string): WatchedFloor | undefined {
    return this.#entries.get(id)?.floor
  }

  watch (id: string, options: WatchOptions): Floor {
    const entry: Entry = this.#entries.get(id) ?? { floor: new WatchedFloor(id, this.#parts), watching: new Set(), letGo: () => {} }
    this.#entries.set(id, entry)
    entry.letGo()
    // A copy: the same options may be given twice.
    const own = { ...options }
    entry.watching.add(own)
    entry.floor.want(mostOf(entry.watching))
    return new Handle(entry.floor, this.#parts, () => {
      entry.watching.delete(own)
      if (entry.watching.size > 0) entry.floor.want(mostOf(entry.watching))
      else entry.letGo = this.#parts.clock.after(LINGER_MS, () => this.#drop(entry))
    })
  }

  opened (): void {
    for (const { floor } of this.#entries.values()) floor.opened()
  }

  lost (reload: boolean): void {
    for (const { floor } of this.#entries.values()) floor.lost(reload)
  }

  receive (frame: ServerFrame): void {
    if (frame.type === 'snapshot' || frame.type === 'diff') this.get(frame.floor)?.receive(frame)
    else if (frame.type === 'pulse') for (const { floor } of this.#entries.values()) floor.pulse(frame)
  }

  /** Previews have changed. */
  refresh (spaces: readonly string[]): void {
    for (const { floor } of this.#entries.values()) floor.refresh(spaces)
  }

  end (): void {
    for (const { floor, letGo } of this.#entries.values()) {
      letGo()
      floor.end()
    }
  }

  #drop ({ floor }: Entry): void {
    this.#entries.delete(floor.id)
    floor.end()
    this.#parts.previews.reached(floor.id, null)
    if (this.#parts.isOpen()) this.#parts.requests.ask({ type: 'unwatch', floor: floor.id }, () => {})
  }
}

/** Undefined, the most there is, if anybody wants that. */
function mostOf (watching: Iterable<WatchOptions>): Audience | undefined {
  const wanted = Array.from(watching, ({ audience }) => audience === undefined ? AUDIENCES.length : AUDIENCES.indexOf(audience))
  return AUDIENCES[Math.max(...wanted)]
}

class Handle implements Floor {
  readonly #floor: WatchedFloor
  readonly #parts: FloorsParts
  readonly #close: () => void
  /** Null: closed. */
  #ends: Set<() => void> | null = new Set()

  constructor (floor: WatchedFloor, parts: FloorsParts, close: () => void) {
    this.#floor = floor
    this.#parts = parts
    this.#close = close
  }

  get id (): string { return this.#floor.id }
  get position (): Position | null { return this.#floor.position }
  get audience (): Audience | null { return this.#floor.audience }
  get plan (): number | null { return this.#floor.plan }
  get counts (): CountsView | null { return this.#floor.counts }
  get freshness (): Freshness { return this.#floor.freshness }
  get spaces (): readonly Space[] { return this.#floor.spaces }

  space (id: string): Space | undefined {
    return this.#floor.space(id)
  }

  on<Name extends keyof FloorEvents> (event: Name, listener: (told: FloorEvents[Name]) => void): () => void {
    return this.#keep(() => this.#floor.events[event].add(listener))
  }

  onSpace (id: string, listener: (space: Space | undefined) => void): () => void {
    return this.#keep(() => this.#floor.onSpace(id, listener))
  }

  async ready (): Promise<void> {
    const ends: Array<() => void> = []
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        const [floor, connection] = [this.freshness, this.#parts.connection()]
        if (floor.state === 'live') resolve()
        else if (floor.state === 'refused') reject(floor.error)
        else if (connection.state === 'closed') reject(connection.error)
      }
      ends.push(this.on('freshness', look), this.#parts.onConnection.add(look))
      look()
    }).finally(() => { for (const end of ends) end() })
  }

  close (): void {
    const ends = this.#ends
    if (ends === null) return
    this.#ends = null
    for (const end of ends) end()
    this.#close()
  }

  /** Whoever is closed hears nothing more. */
  #keep (listen: () => () => void): () => void {
    const ends = this.#ends
    if (ends === null) return () => {}
    const end = listen()
    ends.add(end)
    return () => {
      ends.delete(end)
      end()
    }
  }
}
