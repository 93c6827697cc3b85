import { recounted } from '../domain/counts.ts'
import type { DiffFrame, SnapshotFrame } from '../protocol/frames.ts'
import type { CountsView, View } from '../protocol/view.ts'

/** Where a floor is: `seq` grows by one per commit; a new epoch voids older positions. */
export interface Position {
  readonly epoch: number
  readonly seq: number
}

/** What a frame came to. `gap`: something is missing, so the floor must be watched again, from `position`. */
export type Applied = 'applied' | 'ignored' | 'gap'

/** What a watcher of one floor and audience holds: absolute values, so that frames may come twice, late or conflated. */
export class FloorReplica {
  readonly floor: string
  #position: Position | null = null
  #audience: SnapshotFrame['audience'] | null = null
  #plan = 0
  #spaces = new Map<string, View>()
  #counts: CountsView | null = null
  #changed: readonly string[] = []

  constructor (floor: string) {
    this.floor = floor
  }

  /** Null: nothing is known yet. */
  get position (): Position | null {
    return this.#position
  }

  /** Whose views these are, by the last snapshot: a position says nothing without it. */
  get audience (): SnapshotFrame['audience'] | null {
    return this.#audience
  }

  /** Revision of the plan that the spaces stand on. */
  get plan (): number {
    return this.#plan
  }

  /** Empty for the audience `counts`. A view that did not change stays the same object. */
  get spaces (): ReadonlyMap<string, View> {
    return this.#spaces
  }

  /** Null while nothing is known. The same object until they change. */
  get counts (): CountsView | null {
    return this.#counts
  }

  /** Spaces that the last frame that was applied brought, changed or took away. */
  get changed (): readonly string[] {
    return this.#changed
  }

  apply (frame: SnapshotFrame | DiffFrame): Applied {
    return frame.type === 'snapshot' ? this.#replace(frame) : this.#change(frame)
  }

  /** An older snapshot of the same epoch may overtake on a second path: it would turn time back. */
  #replace ({ epoch, seq, plan, audience, spaces, counts }: SnapshotFrame): Applied {
    if (this.#isBefore({ epoch, seq })) return 'ignored'
    const before = this.#spaces
    this.#position = { epoch, seq }
    this.#audience = audience
    this.#plan = plan
    this.#spaces = new Map(spaces.map(view => [view.id, sameOrNew(before.get(view.id), view)]))
    this.#counts = counts
    this.#changed = [...new Set([...before.keys(), ...this.#spaces.keys()])].filter(id => before.get(id) !== this.#spaces.get(id))
    return 'applied'
  }

  #change ({ epoch, from, to, spaces, gone = [], counts, recount }: DiffFrame): Applied {
    const mine = this.#position
    if (mine === null || epoch > mine.epoch) return 'gap'
    if (epoch < mine.epoch || to <= mine.seq) return 'ignored'
    if (from > mine.seq) return 'gap'
    this.#position = { epoch, seq: to }
    const changed: string[] = []
    for (const view of spaces) {
      const before = this.#spaces.get(view.id)
      const after = sameOrNew(before, view)
      if (after === before) continue
      this.#spaces.set(view.id, after)
      changed.push(view.id)
    }
    for (const id of gone) if (this.#spaces.delete(id)) changed.push(id)
    this.#changed = changed
    if (counts !== undefined) this.#counts = counts
    else if (recount !== undefined && this.#counts !== null) this.#counts = recounted(this.#counts, recount)
    return 'applied'
  }

  #isBefore ({ epoch, seq }: Position): boolean {
    const mine = this.#position
    return mine !== null && (epoch < mine.epoch || (epoch === mine.epoch && seq < mine.seq))
  }
}

/** A snapshot brings 2,000 spaces of which three have changed: what shows the others need not hear of it. */
export function sameOrNew<Shown extends object> (before: Shown | undefined, after: Shown): Shown {
  return before !== undefined && sameFields(before, after) ? before : after
}

function sameFields (one: object, other: object): boolean {
  const fields = Object.entries(one)
  return fields.length === Object.keys(other).length && fields.every(([name, value]) => {
    const there: unknown = Object.getOwnPropertyDescriptor(other, name)?.value
    return value === there || (typeof value === 'object' && typeof there === 'object' && value !== null && there !== null && sameFields(value, there))
  })
}
