import { PerchError } from '../domain/errors.ts'
import type { FloorId, OrgId } from '../domain/ids.ts'
import { Lingering } from './lingering.ts'
import { Replica, type ReplicaParts } from './replica.ts'

/** A floor in use; the replica stays until every lease has ended, and for a while longer. */
export interface Lease {
  readonly replica: Replica
  /** Safe to repeat. */
  end (): void
}

interface Followed {
  readonly replica: Replica
  readonly opened: Promise<void>
  leases: number
  /** Away from the node's set already: a later lease of the same floor follows it anew. */
  dropped: boolean
}

/** The floors that this node follows: each from its first watcher on, and for a while after its last. */
export class Replicas {
  readonly #parts: ReplicaParts
  readonly #followed = new Map<string, Followed>()
  readonly #lingering: Lingering<string>
  /** Orgs whose positions are being asked for. */
  readonly #asking = new Set<OrgId>()
  #cancel: (() => void) | null = null
  /** Told of each floor that is not followed any more. */
  readonly #onDrop: (replica: Replica) => void

  constructor (parts: ReplicaParts, onDrop: (replica: Replica) => void = () => {}) {
    this.#parts = parts
    this.#onDrop = onDrop
    this.#lingering = new Lingering(parts.clock, parts.limits.lingerMs, parts.limits.replicas)
  }

  get size (): number {
    return this.#followed.size
  }

  /** Resolves once the floor's replica has a state. @throws FLOOR_UNKNOWN, RECOVERING, and RATE_LIMITED when this node follows as many floors as it may */
  async lease (org: OrgId, floor: FloorId): Promise<Lease> {
    const key = `${org}/${floor}`
    const followed = this.#followed.get(key) ?? this.#follow(key, org, floor)
    this.#lingering.recall(key)
    followed.leases++
    try {
      await followed.opened
    } catch (error) {
      this.#drop(key, followed)
      throw error
    }
    let ended = false
    return {
      replica: followed.replica,
      end: () => {
        if (ended) return
        ended = true
        if (--followed.leases === 0 && !followed.dropped) this.#lingering.keep(key, () => this.#drop(key, followed))
      }
    }
  }

  /** Drops all, whoever watches. */
  close (): void {
    this.#lingering.close()
    for (const [key, followed] of this.#followed) this.#drop(key, followed)
  }

  #follow (key: string, org: OrgId, floor: FloorId): Followed {
    const { limits, metrics } = this.#parts
    if (this.#followed.size >= limits.replicas && !this.#lingering.dropOldest()) throw new PerchError('RATE_LIMITED', { floors: limits.replicas })
    const replica = new Replica(this.#parts, org, floor)
    const followed: Followed = { replica, opened: replica.open(), leases: 0, dropped: false }
    this.#followed.set(key, followed)
    metrics.replicas(1)
    this.#arm()
    return followed
  }

  #drop (key: string, followed: Followed): void {
    if (followed.dropped) return
    followed.dropped = true
    this.#followed.delete(key)
    this.#parts.metrics.replicas(-1)
    followed.replica.close()
    this.#onDrop(followed.replica)
    if (this.#followed.size === 0) {
      this.#cancel?.()
      this.#cancel = null
    }
  }

  #arm (): void {
    this.#cancel ??= this.#parts.clock.after(this.#parts.limits.confirmMs, () => {
      this.#cancel = null
      this.#confirmAll()
      if (this.#followed.size > 0) this.#arm()
    })
  }

  /** Messages may be lost without a trace: one read per org says where all its followed floors are. */
  #confirmAll (): void {
    const byOrg = new Map<OrgId, Replica[]>()
    for (const { replica } of this.#followed.values()) {
      if (replica.state === null) continue
      const others = byOrg.get(replica.org)
      if (others === undefined) byOrg.set(replica.org, [replica])
      else others.push(replica)
    }
    for (const [org, replicas] of byOrg) this.#confirm(org, replicas)
  }

  #confirm (org: OrgId, replicas: readonly Replica[]): void {
    if (this.#asking.has(org)) return
    this.#asking.add(org)
    const { store, clock } = this.#parts
    const at = clock.now()
    store.read(org, [], replicas.map(({ floor }) => floor))
      .then(({ epoch, seqs }) => {
        for (const replica of replicas) replica.checked({ epoch, seq: seqs.get(replica.floor) ?? 0 }, at)
      })
      // Nothing is confirmed, and every pulse says so.
      .catch(() => {})
      .finally(() => this.#asking.delete(org))
  }
}
