import type { Viewer } from '../domain/audience.ts'
import { toMoment } from '../protocol/time.ts'
import { diffFrame, snapshotFrame } from './floor-frames.ts'
import { reaches, type FloorState } from './floor-state.ts'
import type { Frame } from './frame.ts'
import type { Clock } from './ports.ts'
import type { Replica } from './replica.ts'
import type { StreamLimits } from './stream-limits.ts'
import type { StreamMetrics } from './stream-metrics.ts'
import type { Watcher } from './watcher.ts'

export interface RingParts {
  clock: Clock
  limits: StreamLimits
  metrics: StreamMetrics
  /** Have `walk` called soon, until it says that it is done. */
  wake (ring: Ring): void
}

/**
 * idle -> walking -> resting -> walking | idle. The first walk after an idle moment may be followed by another one without a rest: two changes in a row are common, and only where they
 * go on and on is there something to be gathered.
 * Where nothing has changed since the last walk, only those that were passed by are visited: all others have what there is.
 */
type Stage =
  | { stage: 'idle' }
  | { stage: 'walking', left: SetIterator<Watcher> }
  | { stage: 'resting', cancel: () => void }

/** Commits behind up to which everybody gets a diff of their own; see beginningFor. */
const NEAR = 64
/** Diffs for positions between n and 2n commits behind, further away than that. */
const DIFFS_PER_DOUBLING = 8

/** What an extra 4 KiB of a frame costs next to a write. */
const BYTES_PER_WRITE = 4096

/**
 * The watchers of one floor that see the same of it. While somebody is behind, each in turn gets what changed since its own position, in one frame that is built once per
 * position; then the ring rests. So the first change goes out at once, later ones gather, every socket has its turn, and a slow one is passed by.
 */
export class Ring {
  readonly replica: Replica
  readonly viewer: Viewer
  readonly #parts: RingParts
  readonly #lowMark: number
  readonly #watchers = new Set<Watcher>()
  readonly #late = new Set<Watcher>()
  #stage: Stage = { stage: 'idle' }
  /** It was idle before this walk, so the next one need not wait for a rest. */
  #rested = true
  /** What the frames below were made from. */
  #made: { state: FloorState | null, seq: number } = { state: null, seq: -1 }
  #snapshot: Frame | null = null
  readonly #diffs = new Map<number, Frame>()
  #lastFrom = -1
  #lastDiff: Frame | null = null
  /** Where the last full walk began: whoever is in the ring and not late has at least that. */
  #walked: { state: FloorState | null, seq: number } = { state: null, seq: -1 }

  constructor (parts: RingParts, replica: Replica, viewer: Viewer) {
    this.#parts = parts
    this.#lowMark = parts.limits.lowMarkBytes
    this.replica = replica
    this.viewer = viewer
  }

  get size (): number {
    return this.#watchers.size
  }

  /** From now on it gets every change; what it lacks already goes out at once. */
  join (watcher: Watcher): void {
    this.#watchers.add(watcher)
    this.#parts.metrics.watchers(1)
    const frame = this.#serve(watcher)
    if (frame !== null) this.#parts.metrics.sent(1, frame.bytes)
    if (this.#late.size > 0) this.advanced()
  }

  /** Safe to repeat. */
  leave (watcher: Watcher): void {
    if (!this.#watchers.delete(watcher)) return
    this.#late.delete(watcher)
    this.#parts.metrics.watchers(-1)
    if (this.#watchers.size === 0) this.stop()
  }

  /** The replica has moved, or somebody is late. */
  advanced (): void {
    if (this.#watchers.size === 0) return
    if (this.#stage.stage === 'resting' && this.#rested && this.#moved) {
      this.#stage.cancel()
      this.#goOn()
    } else if (this.#stage.stage === 'idle') this.#begin()
  }

  /** Nobody is visited any more, until the next change. */
  stop (): void {
    if (this.#stage.stage === 'resting') this.#stage.cancel()
    this.#stage = { stage: 'idle' }
  }

  /**
   * Visit watchers until about `budget` writes are spent or all had their turn.
   * `spent`: what it took; `done`: need not be called again before the next wake.
   */
  walk (budget: number): { spent: number, done: boolean } {
    const stage = this.#stage
    if (stage.stage !== 'walking') return { spent: 0, done: true }
    let [spent, frames, bytes] = [0, 0, 0]
    let all = true
    // A set's iterator is not closed by leaving the loop: the next walk goes on from there.
    for (const watcher of stage.left) {
      const frame = this.#serve(watcher)
      if (frame === null) continue
      spent += 1 + Math.floor(frame.bytes / BYTES_PER_WRITE)
      frames++
      bytes += frame.bytes
      all = spent < budget
      if (!all) break
    }
    if (all) this.#rest()
    if (frames > 0) this.#parts.metrics.sent(frames, bytes)
    return { spent, done: this.#stage.stage !== 'walking' }
  }

  /** The whole floor, as it is now. Null: the replica has no state. */
  snapshot (): Frame | null {
    const state = this.#fresh()
    if (state === null) return null
    if (this.#snapshot === null) {
      this.#snapshot = snapshotFrame(this.replica.floor, state, this.viewer)
      this.#parts.metrics.snapshot()
    }
    return this.#snapshot
  }

  /** What a pulse says to the watcher of this floor; null while it is behind or the node is not sure: then it must not hear that it is current. */
  pulse (watcher: Watcher): string | null {
    const { confirmed, floor } = this.replica
    if (confirmed === null || this.#late.has(watcher) || !reaches(watcher, confirmed)) return null
    return `"${floor}":{"epoch":${watcher.epoch},"seq":${watcher.seq},"checkedAt":"${toMoment(confirmed.at)}"}`
  }

  #begin (): void {
    const late = !this.#moved
    const { state } = this.replica
    if (!late) this.#walked = { state, seq: state?.seq ?? -1 }
    this.#stage = { stage: 'walking', left: (late ? this.#late : this.#watchers).values() }
    this.#parts.wake(this)
  }

  /** Something has changed since the last full walk began. */
  get #moved (): boolean {
    const { state } = this.replica
    return state !== this.#walked.state || (state?.seq ?? -1) !== this.#walked.seq
  }

  #goOn (): void {
    this.#rested = false
    this.#begin()
  }

  #rest (): void {
    if (this.#rested && this.#moved) return this.#goOn()
    const cancel = this.#parts.clock.after(this.#parts.limits.restMs, () => {
      this.#stage = { stage: 'idle' }
      this.#rested ||= !this.#moved
      if (this.#moved || this.#late.size > 0) this.advanced()
    })
    this.#stage = { stage: 'resting', cancel }
  }

  /** One watcher's turn; the frame that it got, or null. */
  #serve (watcher: Watcher): Frame | null {
    const state = this.#fresh()
    if (state === null || (watcher.epoch === state.epoch && watcher.seq >= state.seq)) return null
    const { socket } = watcher
    const { backlog } = socket
    if (backlog > this.#lowMark) {
      this.#passBy(watcher, backlog)
      return null
    }
    const frame = watcher.epoch === state.epoch ? this.#diff(state, watcher.seq) : this.snapshot()
    if (frame === null) return null
    watcher.epoch = state.epoch
    watcher.seq = state.seq
    if (watcher.behindSince !== null) {
      watcher.behindSince = null
      this.#late.delete(watcher)
    }
    socket.send(frame)
    return frame
  }

  #passBy (watcher: Watcher, backlog: number): void {
    const { clock, limits, metrics } = this.#parts
    const now = clock.monotonic()
    if (watcher.behindSince === null) {
      watcher.behindSince = now
      this.#late.add(watcher)
      metrics.passedBy()
    }
    if (backlog > limits.highMarkBytes || now - watcher.behindSince >= limits.behindMs) {
      metrics.closedSlow()
      watcher.owner.close('TOO_SLOW')
    }
  }

  /** Nearly all watchers are where the one before them was. */
  #diff (state: FloorState, from: number): Frame | null {
    if (from !== this.#lastFrom || this.#lastDiff === null) {
      this.#lastDiff = state.covers(from) ? this.#diffFrom(state, beginningFor(state, from)) : this.snapshot()
      this.#lastFrom = from
    }
    return this.#lastDiff
  }

  #diffFrom (state: FloorState, from: number): Frame | null {
    const known = this.#diffs.get(from)
    if (known !== undefined) return known
    const made = diffFrame(this.replica.floor, state, this.viewer, from)
    if (made !== null && this.#diffs.size < this.#parts.limits.diffsCached) this.#diffs.set(from, made)
    return made
  }

  /** Forgets frames of another position. */
  #fresh (): FloorState | null {
    const { state } = this.replica
    if (state !== this.#made.state || state?.seq !== this.#made.seq) {
      this.#made = { state, seq: state?.seq ?? -1 }
      this.#snapshot = null
      this.#lastDiff = null
      this.#diffs.clear()
    }
    return state
  }
}

/**
 * Where the diff begins for whoever is at `from`: the further behind, the coarser, since one that begins earlier serves as well. So a crowd that comes back from ever so many
 * positions is served by a few dozen diffs.
 */
function beginningFor ({ seq, base }: FloorState, from: number): number {
  if (seq - from <= NEAR) return from
  const step = 2 ** Math.floor(Math.log2((seq - from) / DIFFS_PER_DOUBLING))
  return Math.max(base, from - from % step)
}
