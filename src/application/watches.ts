import { PerchError } from '../domain/errors.ts'
import { audienceOf, type Audience } from '../domain/audience.ts'
import type { FloorId } from '../domain/ids.ts'
import type { ClientFrame } from '../protocol/frames.ts'
import type { FloorPosition } from './floor-state.ts'
import type { Hub } from './hub.ts'
import type { Principal } from './principal.ts'
import type { Lease } from './replicas.ts'
import { viewerFor } from './rights.ts'
import type { Ring } from './ring.ts'
import { NOWHERE, Watcher, type WatcherOwner } from './watcher.ts'

export type WatchFrame = Extract<ClientFrame, { type: 'watch' }>

/** What was granted, and where the node is. */
export interface Granted extends FloorPosition {
  floor: FloorId
  audience: Audience
}

interface Watch {
  watcher: Watcher
  ring: Ring
  lease: Lease
}

/** The floors that one session watches. */
export class Watches {
  readonly #owner: WatcherOwner
  readonly #hub: Hub
  readonly #most: number
  readonly #watches = new Map<FloorId, Watch>()
  #closed = false

  constructor (owner: WatcherOwner, hub: Hub, most: number) {
    this.#owner = owner
    this.#hub = hub
    this.#most = most
  }

  /**
   * Watch, or watch again: then the earlier watch is replaced. `granted` runs before the first frame goes out, and not at all when all was closed meanwhile.
   * @throws FORBIDDEN, FLOOR_UNKNOWN, RECOVERING, RATE_LIMITED
   */
  async watch (principal: Principal, frame: WatchFrame, granted: (granted: Granted) => void): Promise<void> {
    const { floor } = frame
    // Before anything is read for somebody who may not watch at all.
    viewerFor(principal, frame.audience, {})
    if (!this.#watches.has(floor) && this.#watches.size >= this.#most) throw new PerchError('RATE_LIMITED', { watches: this.#most })
    const lease = await this.#hub.lease(principal.org, floor)
    try {
      const viewer = viewerFor(principal, frame.audience, { site: stateOf(lease).site })
      // Whatever audience it is of: a client never gets an older floor than it has seen.
      await lease.replica.readAtLeast(seenBy(frame))
      if (this.#closed) return lease.end()
      this.leave(floor)
      const state = stateOf(lease)
      const audience = audienceOf(viewer, state)
      const watch = { watcher: new Watcher(this.#owner, stateHeld(frame, audience)), ring: this.#hub.ring(lease.replica, viewer), lease }
      this.#watches.set(floor, watch)
      const { epoch, seq } = state
      granted({ floor, audience, epoch, seq })
      watch.ring.join(watch.watcher)
    } catch (error) {
      lease.end()
      throw error
    }
  }

  /** Safe to repeat. */
  leave (floor: FloorId): void {
    const watch = this.#watches.get(floor)
    if (watch === undefined) return
    this.#watches.delete(floor)
    watch.ring.leave(watch.watcher)
    watch.lease.end()
  }

  /** Leaves all; a watch that is on its way comes to nothing. */
  close (): void {
    this.#closed = true
    for (const floor of this.#watches.keys()) this.leave(floor)
  }

  /** The `floors` of a pulse, without braces. */
  pulse (): string {
    const floors: string[] = []
    for (const { ring, watcher } of this.#watches.values()) {
      const text = ring.pulse(watcher)
      if (text !== null) floors.push(text)
    }
    return floors.join(',')
  }
}

function seenBy ({ epoch, seq }: WatchFrame): FloorPosition {
  return epoch === undefined || seq === undefined ? NOWHERE : { epoch, seq }
}

/**
 * From where a diff serves the client. A position says nothing of its views without its audience: a diff upon those of another one would leave names on a screen that may
 * not see them any more (INV-7).
 */
function stateHeld (frame: WatchFrame, granted: Audience): FloorPosition {
  return frame.audience === granted ? seenBy(frame) : NOWHERE
}

function stateOf ({ replica }: Lease) {
  const { state } = replica
  if (state === null) throw new PerchError('RECOVERING')
  return state
}
