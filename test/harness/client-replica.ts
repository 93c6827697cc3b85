import assert from 'node:assert/strict'
import type { Audience } from '../../src/domain/audience.ts'
import type { ClientFrame, ServerFrame } from '../../src/protocol/frames.ts'
import type { CountsView, View } from '../../src/protocol/view.ts'
import { countsAfter } from './counts-after.ts'

interface ClientFloor {
  epoch: number
  seq: number
  /** Revision of the plan. */
  plan: number
  views: Map<string, View>
  counts: CountsView
}

/**
 * What a client has to do, and no more: values are absolute; lower epochs and what ends at or before its position are ignored; a diff from at or before it is
 * applied; a gap means watch again with the position; an older snapshot of the same epoch is dropped.
 */
export class ClientReplica {
  readonly floors = new Map<string, ClientFloor>()
  /** Diffs that were applied. */
  diffs = 0
  snapshots = 0
  readonly #audience: Audience | null
  #requests = 0

  /** Null: the most that it may have. */
  constructor (audience: Audience | null = null) {
    this.#audience = audience
  }

  /** The frame that watches a floor from where this client is. */
  watch (floor: string): ClientFrame {
    const known = this.floors.get(floor)
    return { type: 'watch', id: String(++this.#requests), floor, ...(this.#audience !== null && { audience: this.#audience }), ...(known !== undefined && { epoch: known.epoch, seq: known.seq }) }
  }

  /** What to send in answer, if anything. */
  receive (frame: ServerFrame): ClientFrame | null {
    switch (frame.type) {
      case 'snapshot': {
        if (this.#audience !== null) assert.equal(frame.audience, this.#audience)
        const known = this.floors.get(frame.floor)
        if (known !== undefined && (frame.epoch < known.epoch || (frame.epoch === known.epoch && frame.seq < known.seq))) return null
        this.snapshots++
        this.floors.set(frame.floor, { epoch: frame.epoch, seq: frame.seq, plan: frame.plan, views: new Map(frame.spaces.map(view => [view.id, view])), counts: frame.counts })
        return null
      }
      case 'diff': {
        const known = this.floors.get(frame.floor)
        if (known === undefined || frame.epoch > known.epoch) return this.watch(frame.floor)
        if (frame.epoch < known.epoch || frame.to <= known.seq) return null
        if (frame.from > known.seq) return this.watch(frame.floor)
        this.diffs++
        for (const view of frame.spaces) known.views.set(view.id, view)
        for (const id of frame.gone ?? []) known.views.delete(id)
        known.seq = frame.to
        known.counts = countsAfter(known.counts, frame)
        return null
      }
      case 'reply':
        assert.ok(frame.ok || frame.error.retry, JSON.stringify(frame))
        return null
      default:
        return null
    }
  }
}
