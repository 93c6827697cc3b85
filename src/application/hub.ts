import { VIEWERS, type Viewer } from '../domain/audience.ts'
import type { FloorId, OrgId } from '../domain/ids.ts'
import { Replicas, type Lease } from './replicas.ts'
import type { Replica, ReplicaParts } from './replica.ts'
import { Ring } from './ring.ts'

export interface HubParts extends ReplicaParts {
  /** Runs it once the event loop has had its turn; `setImmediate`, or a simulation's own. */
  soon (run: () => void): void
}

/** All rings of a node. They share one budget of writes per turn of the event loop, in turn. */
export class Hub {
  readonly #parts: HubParts
  readonly #replicas: Replicas
  readonly #rings = new Map<Replica, ReadonlyMap<Viewer, Ring>>()
  readonly #awake = new Set<Ring>()
  #pumping = false

  constructor (parts: HubParts) {
    this.#parts = parts
    this.#replicas = new Replicas(parts, replica => this.#forget(replica))
  }

  /** Floors that this node follows. */
  get floors (): number {
    return this.#replicas.size
  }

  /** @throws FLOOR_UNKNOWN, RECOVERING, RATE_LIMITED */
  async lease (org: OrgId, floor: FloorId): Promise<Lease> {
    return await this.#replicas.lease(org, floor)
  }

  /** The ring of a replica that is leased. */
  ring (replica: Replica, viewer: Viewer): Ring {
    const rings = this.#rings.get(replica) ?? this.#makeRings(replica)
    const ring = rings.get(viewer)
    if (ring === undefined) throw new RangeError(`nobody watches as ${viewer}`)
    return ring
  }

  close (): void {
    this.#replicas.close()
    this.#awake.clear()
  }

  #makeRings (replica: Replica): ReadonlyMap<Viewer, Ring> {
    const parts = { ...this.#parts, wake: (ring: Ring) => this.#wake(ring) }
    const rings = new Map(VIEWERS.map(viewer => [viewer, new Ring(parts, replica, viewer)]))
    this.#rings.set(replica, rings)
    replica.listen(() => { for (const ring of rings.values()) ring.advanced() })
    return rings
  }

  #forget (replica: Replica): void {
    for (const ring of this.#rings.get(replica)?.values() ?? []) {
      ring.stop()
      this.#awake.delete(ring)
    }
    this.#rings.delete(replica)
  }

  #wake (ring: Ring): void {
    this.#awake.add(ring)
    if (this.#pumping) return
    this.#pumping = true
    // Not at once: the messages of one packet from the store belong in one frame.
    this.#parts.soon(() => this.#pump())
  }

  #pump (): void {
    let budget = this.#parts.limits.writesPerTurn
    for (const ring of this.#awake) {
      if (budget <= 0) break
      // Whoever is not done goes to the end.
      this.#awake.delete(ring)
      const { spent, done } = this.#walk(ring, budget)
      if (!done) this.#awake.add(ring)
      budget -= spent
    }
    if (this.#awake.size > 0) this.#parts.soon(() => this.#pump())
    else this.#pumping = false
  }

  #walk (ring: Ring, budget: number): { spent: number, done: boolean } {
    try {
      return ring.walk(budget)
    } catch (error) {
      // One floor that cannot be shown must not take the others with it.
      this.#parts.log.error({ err: error, org: ring.replica.org, floor: ring.replica.floor }, 'stream: a ring failed')
      ring.stop()
      return { spent: 0, done: true }
    }
  }
}
