import { recounted } from '../../src/domain/counts.ts'
import type { DiffFrame, SnapshotFrame } from '../../src/protocol/frames.ts'
import type { CountsView, View } from '../../src/protocol/view.ts'

/** Where a floor is: `seq` grows by one per commit; a new epoch voids older positions. */
export interface Position {
  epoch: number
  seq: number
}

/** What a frame came to. `gap`: something is missing, so the floor must be watched again, from `position`. */
export type Applied = 'applied' | 'ignored' | 'gap'

/** What a watcher of one floor and audience holds: absolute values, so that frames may come twice, late or conflated. */
export class FloorReplica {
  readonly floor: string
  #position: Position | null = null
  #plan = 0
  #spaces = new Map<string, View>()
  #counts: CountsView | null = null

  constructor (floor: string) {
    this.floor = floor
  }

  /** Null: nothing is known yet. */
  get position (): Position | null {
    return this.#position
  }

  /** Revision of the plan that the spaces stand on. */
  get plan (): number {
    return this.#plan
  }

  /** Empty for the audience `counts`. */
  get spaces (): ReadonlyMap<string, View> {
    return this.#spaces
  }

  /** Null while nothing is known. */
  get counts (): CountsView | null {
    return this.#counts
  }

  apply (frame: SnapshotFrame | DiffFrame): Applied {
    return frame.type === 'snapshot' ? this.#replace(frame) : this.#change(frame)
  }

  /** An older snapshot of the same epoch may overtake on a second path: it would turn time back. */
  #replace ({ epoch, seq, plan, spaces, counts }: SnapshotFrame): Applied {
    if (this.#isBefore({ epoch, seq })) return 'ignored'
    this.#position = { epoch, seq }
    this.#plan = plan
    this.#spaces = new Map(spaces.map(view => [view.id, view]))
    this.#counts = counts
    return 'applied'
  }

  #change ({ epoch, from, to, spaces, gone, counts, recount }: DiffFrame): Applied {
    const mine = this.#position
    if (mine === null || epoch > mine.epoch) return 'gap'
    if (epoch < mine.epoch || to <= mine.seq) return 'ignored'
    if (from > mine.seq) return 'gap'
    this.#position = { epoch, seq: to }
    for (const view of spaces) this.#spaces.set(view.id, view)
    for (const id of gone ?? []) this.#spaces.delete(id)
    if (counts !== undefined) this.#counts = counts
    else if (recount !== undefined && this.#counts !== null) this.#counts = recounted(this.#counts, recount)
    return 'applied'
  }

  #isBefore ({ epoch, seq }: Position): boolean {
    const mine = this.#position
    return mine !== null && (epoch < mine.epoch || (epoch === mine.epoch && seq < mine.seq))
  }
}
