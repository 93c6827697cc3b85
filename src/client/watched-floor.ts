import type { Audience } from '../domain/audience.ts'
import type { DiffFrame, Pulse, SnapshotFrame } from '../protocol/frames.ts'
import type { CountsView } from '../protocol/view.ts'
import type { Clock } from './clock.ts'
import { Confirmation } from './confirmation.ts'
import type { PerchError } from './error.ts'
import { CATCHING_UP, isSame, LIVE, type Freshness } from './freshness.ts'
import { Listeners, type EventListeners } from './listeners.ts'
import { isAt, type Previews } from './previews.ts'
import { FloorReplica, sameOrNew, type Position } from './replica.ts'
import type { Answer, Requests } from './requests.ts'
import type { ServerTime } from './server-time.ts'
import type { Space } from './space.ts'

/** Spaces that look different now, as they are by then, and ids of those that are gone. Both empty: the counts or the plan have changed. */
export interface FloorChange {
  readonly spaces: readonly Space[]
  readonly gone: readonly string[]
}

export interface FloorEvents {
  change: FloorChange
  freshness: Freshness
}

export interface WatchedFloorParts {
  clock: Clock
  time: ServerTime
  requests: Requests
  previews: Previews
  isOpen: () => boolean
  /** How long to wait before a watch that was refused for now is asked for again. */
  jitterMs: () => number
}

/** `asked` -> `granted` | `refused` | `later` -> `asked` …; any -> `off` when the connection ends. `at`: where the server was when it granted it. */
type Watch =
  | { state: 'off' }
  | { state: 'asked' }
  | { state: 'later', cancel: () => void }
  | { state: 'granted', at: Position, audience: Audience }
  | { state: 'refused', error: PerchError }

const OFF: Watch = { state: 'off' }

/** One floor: what the server said of it, what this client expects, and how far to trust it. Listeners run when all of it fits together. */
export class WatchedFloor {
  readonly id: string
  readonly events: EventListeners<FloorEvents> = { change: new Listeners(), freshness: new Listeners() }
  readonly #parts: WatchedFloorParts
  readonly #bySpace = new Map<string, Listeners<[Space | undefined]>>()
  readonly #confirmation: Confirmation
  #replica: FloorReplica
  /** Those that look different from what the server said. */
  readonly #shown = new Map<string, Space>()
  /** Made when somebody looks. */
  #list: readonly Space[] | null = null
  /** Undefined: the most that these credentials may see. */
  #wanted: Audience | undefined
  /** What was wanted when the replica's audience was granted: from there it can be resumed. */
  #grantedFor: { audience: Audience | undefined } | null = null
  #watch: Watch = OFF
  #freshness: Freshness = CATCHING_UP

  constructor (id: string, parts: WatchedFloorParts) {
    this.id = id
    this.#parts = parts
    this.#replica = new FloorReplica(id)
    this.#confirmation = new Confirmation(parts.clock, () => this.#look())
  }

  get position (): Position | null {
    return this.#replica.position
  }

  get audience (): Audience | null {
    return this.#replica.audience
  }

  get plan (): number | null {
    return this.#replica.position === null ? null : this.#replica.plan
  }

  get counts (): CountsView | null {
    return this.#replica.counts
  }

  get freshness (): Freshness {
    return this.#freshness
  }

  get spaces (): readonly Space[] {
    this.#list ??= Array.from(this.#replica.spaces.values(), view => this.#shown.get(view.id) ?? view)
    return this.#list
  }

  space (id: string): Space | undefined {
    return this.#shown.get(id) ?? this.#replica.spaces.get(id)
  }

  onSpace (id: string, listener: (space: Space | undefined) => void): () => void {
    const listeners = this.#bySpace.get(id) ?? new Listeners()
    this.#bySpace.set(id, listeners)
    const end = listeners.add(listener)
    return () => {
      end()
      if (listeners.size === 0 && this.#bySpace.get(id) === listeners) this.#bySpace.delete(id)
    }
  }

  /** Watch it for that audience from now on, if it is not. */
  want (audience: Audience | undefined): void {
    const changed = audience !== this.#wanted
    this.#wanted = audience
    if (changed || this.#watch.state === 'off') this.#ask()
  }

  opened (): void {
    this.#ask()
  }

  /** The connection has ended. `reload`: these credentials may see another audience by now. */
  lost (reload: boolean): void {
    this.#becomes(OFF)
    if (reload) this.#grantedFor = null
    this.#look()
  }

  end (): void {
    this.#becomes(OFF)
    this.#confirmation.end()
  }

  receive (frame: SnapshotFrame | DiffFrame): void {
    const { counts, plan } = this
    switch (this.#replica.apply(frame)) {
      case 'ignored':
        return
      case 'gap':
        // A watch that is under way will mend it.
        if (this.#watch.state === 'granted') this.#ask()
        return this.#look()
      case 'applied':
        this.#confirmation.confirm()
        this.#follow(frame)
        this.#refresh(this.#replica.changed, counts !== this.counts || plan !== this.plan)
        return this.#look()
    }
  }

  pulse ({ now, floors }: Pulse): void {
    const told = Object.hasOwn(floors, this.id) ? floors[this.id] : undefined
    const mine = this.position
    if (told === undefined || mine === null) return
    if (mine.epoch === told.epoch && mine.seq === told.seq) this.#confirmation.confirm(Date.parse(now) - Date.parse(told.checkedAt))
    // It counts us further than we are: something was lost on the way.
    else if (!isAt(mine, told) && this.#watch.state === 'granted') this.#ask()
    this.#look()
  }

  /** Previews have changed. */
  refresh (spaces: readonly string[]): void {
    this.#refresh(spaces.filter(id => this.#replica.spaces.has(id)), false)
  }

  #refresh (changed: readonly string[], more: boolean): void {
    const { position } = this
    const ended = position === null ? [] : this.#parts.previews.reached(this.id, position)
    const spaces: Space[] = []
    const gone: string[] = []
    for (const id of new Set([...changed, ...ended.filter(id => this.#replica.spaces.has(id))])) {
      const before = this.#shown.get(id)
      const shown = this.#show(id)
      if (shown === undefined) gone.push(id)
      else if (shown !== before) spaces.push(shown)
    }
    if (spaces.length + gone.length > 0) this.#list = null
    else if (!more) return
    this.events.change.tell({ spaces, gone })
    for (const { id } of spaces) this.#bySpace.get(id)?.tell(this.space(id))
    for (const id of gone) this.#bySpace.get(id)?.tell(undefined)
  }

  #show (id: string): Space | undefined {
    const view = this.#replica.spaces.get(id)
    const shown = view === undefined ? undefined : sameOrNew(this.#shown.get(id), this.#parts.previews.over(view))
    if (shown === undefined || shown === view) this.#shown.delete(id)
    else this.#shown.set(id, shown)
    return shown
  }

  /** Watch, or watch again, from where this is. */
  #ask (): void {
    if (!this.#parts.isOpen()) return
    const asked: Watch = { state: 'asked' }
    this.#becomes(asked)
    const { audience, position } = this.#replica
    const wanted = this.#wanted
    const resumes = position !== null && audience !== null && this.#grantedFor !== null && this.#grantedFor.audience === wanted
    // The position with another audience, or none, still says how new an answer has to be.
    const of = resumes ? audience : wanted
    this.#parts.requests.ask({ type: 'watch', floor: this.id, ...(of !== undefined && { audience: of }), ...position }, answer => {
      if (this.#watch === asked) this.#answered(answer, wanted)
    })
    this.#look()
  }

  #answered (answer: Answer, wanted: Audience | undefined): void {
    if (answer.state === 'ok') {
      const { audience, epoch, seq } = answer.reply as unknown as Position & { audience: Audience }
      this.#grantedFor = { audience: wanted }
      this.#becomes({ state: 'granted', at: { epoch, seq }, audience })
      // Nothing will come: there is nothing new.
      if (this.#hasAll) this.#confirmation.confirm()
    } else if (answer.state === 'refused' && !answer.error.retry) {
      this.#becomes({ state: 'refused', error: answer.error })
      this.#forget()
    } else {
      this.#becomes({ state: 'later', cancel: this.#parts.clock.after(this.#parts.jitterMs(), () => this.#ask()) })
    }
    this.#look()
  }

  /** What may be seen can change while a floor is watched, by policy: then there is a snapshot for another audience, unasked. One asked for comes after its reply. */
  #follow (frame: SnapshotFrame | DiffFrame): void {
    if (frame.type === 'snapshot' && this.#watch.state === 'granted') this.#watch = { ...this.#watch, audience: frame.audience }
  }

  /** Whoever may not watch it, or not any more, shows nothing of it. */
  #forget (): void {
    const gone = [...this.#replica.spaces.keys()]
    this.#replica = new FloorReplica(this.id)
    this.#shown.clear()
    this.#grantedFor = null
    this.#parts.previews.reached(this.id, null)
    this.#refresh(gone, true)
  }

  #becomes (watch: Watch): void {
    if (this.#watch.state === 'later') this.#watch.cancel()
    this.#watch = watch
  }

  /** What the server had when it granted the watch. */
  get #hasAll (): boolean {
    const { audience, position } = this.#replica
    return this.#watch.state === 'granted' && this.#watch.audience === audience && position !== null && isAt(position, this.#watch.at)
  }

  #look (): void {
    const freshness = this.#judge()
    if (isSame(freshness, this.#freshness)) return
    this.#freshness = freshness
    this.events.freshness.tell(freshness)
  }

  #judge (): Freshness {
    if (this.#watch.state === 'refused') return this.#watch
    const { ageMs, stale } = this.#confirmation
    if (stale) return this.#freshness.state === 'stale' ? this.#freshness : { state: 'stale', since: new Date(this.#parts.time.now() - ageMs) }
    return this.#hasAll ? LIVE : CATCHING_UP
  }
}
