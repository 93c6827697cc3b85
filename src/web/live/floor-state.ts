import { signal, type ReadonlySignal } from '@preact/signals'
import type { Counts, Floor, Freshness } from '../../client/index.ts'

/** A floor of the SDK as signals: a component renders anew when what it reads has changed. */
export interface FloorState {
  readonly floor: Floor
  readonly counts: ReadonlySignal<Counts | null>
  readonly freshness: ReadonlySignal<Freshness>
  /** Revision of the plan. Null while nothing is known. */
  readonly plan: ReadonlySignal<number | null>
  /** Grows with every change: for what reads spaces. */
  readonly version: ReadonlySignal<number>
}

/** Its listeners end with the floor's `close`. */
export function floorState (floor: Floor): FloorState {
  const counts = signal(floor.counts)
  const freshness = signal(floor.freshness)
  const plan = signal(floor.plan)
  const version = signal(0)
  floor.on('change', () => {
    counts.value = floor.counts
    plan.value = floor.plan
    version.value++
  })
  floor.on('freshness', told => { freshness.value = told })
  return { floor, counts, freshness, plan, version }
}

/** Whether anything was heard of the floor at all. */
export function isHeardOf (state: FloorState | null): state is FloorState {
  return state !== null && (state.version.value > 0 || state.counts.value !== null)
}
